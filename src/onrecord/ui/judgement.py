"""Under an answer: right or wrong? What a reader says of it becomes a known fact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Literal

from onrecord.conversations import Feedback
from onrecord.ui import words
from onrecord.ui.message import message_html
from onrecord.ui.turns import Turn

Verdict = Literal["", "right", "wrong"]
"""What was said of an answer, in short; "" where nothing was."""

_WORDS: Mapping[Verdict, str] = {
    "": "",
    "right": words.JUDGED_RIGHT,
    "wrong": words.JUDGED_WRONG,
}


@dataclass(frozen=True)
class Judged:
    """What came of the last thing that was said of an answer.

    Attributes:
        verdict: What stands; None where that is what stood there before this page was opened.
        unkept: Why the last thing could not be kept, if it could not.
    """

    verdict: Verdict | None = None
    unkept: str = ""


Judgements = Mapping[str, Judged]
"""What was said on this page, by the answer's exchange.

It is no part of the conversation: keeping it may take long, and what is asked meanwhile stays.
"""


def verdict(feedback: Feedback | None) -> Verdict:
    """Return in short what was said of an answer."""
    if feedback is None:
        return ""
    return "right" if feedback.liked else "wrong"


def judgements_html(judgements: Judgements) -> str:
    """Return what was said on this page; its script puts it under the answers."""
    return f'<div class="judgements">{"".join(map(_judged, judgements.items()))}</div>'


def judgement_html(turn: Turn) -> str:
    """Return what was said of an answer before, and the two buttons and the form to say it.

    There is nothing to judge before the answer is kept.
    """
    if not turn.exchange:
        return ""
    name, said = escape(turn.exchange), verdict(turn.feedback)
    return (
        f'<div class="judge" data-exchange="{name}" data-verdict="{said}">'
        f'<p class="judged"><span role="status">{_WORDS[said]}</span><button type="button"'
        f' data-do="unjudge">{words.UNDO}</button></p>'
        f'<button type="button" data-do="like">{words.RIGHT}</button>'
        f"<details><summary>{words.WRONG}</summary>"
        '<form data-do="dislike">'
        f'<label>{words.WHY_WRONG}<input name="reason" maxlength="2000"></label>'
        f'<label>{words.RIGHT_ANSWER}<input name="right_answer" maxlength="2000"></label>'
        f'<label class="tick"><input type="checkbox" name="not_in_corpus" value="yes">'
        f" {words.SAYS_NOTHING}</label>"
        f'<p class="chosen-sentence" dir="auto" data-none="{words.NO_SENTENCE}">'
        f"{words.NO_SENTENCE}</p>"
        '<input type="hidden" name="quotations" value="[]">'
        f'<button type="submit">{words.KEEP}</button></form></details></div>'
    )


def _judged(said: tuple[str, Judged]) -> str:
    exchange, judged = said
    stands = "" if judged.verdict is None else f' data-verdict="{judged.verdict}"'
    text = judged.unkept or _WORDS[judged.verdict or ""]
    return f'<p data-exchange="{escape(exchange)}"{stands}>{message_html(text)}</p>'
