"""Under an answer: right or wrong? What a reader says of it becomes a known fact."""

from __future__ import annotations

from html import escape

from onrecord.ui import words
from onrecord.ui.turns import Turn


def judgement_html(turn: Turn) -> str:
    """Return the two buttons, and the form behind the second; or what was said before.

    There is nothing to judge before the answer is kept.
    """
    if not turn.exchange:
        return ""
    name = escape(turn.exchange)
    if turn.feedback is not None:
        said = words.JUDGED_RIGHT if turn.feedback.liked else words.JUDGED_WRONG
        return (
            f'<p class="judged" role="status"><span>{said}</span><button type="button"'
            f' data-do="unjudge" data-exchange="{name}">{words.UNDO}</button></p>'
        )
    return (
        f'<div class="judge"><button type="button" data-do="like" data-exchange="{name}">'
        f"{words.RIGHT}</button>"
        f"<details><summary>{words.WRONG}</summary>"
        f'<form data-do="dislike" data-exchange="{name}">'
        f'<label>{words.WHY_WRONG}<input name="reason" maxlength="2000"></label>'
        f'<label>{words.RIGHT_ANSWER}<input name="right_answer" maxlength="2000"></label>'
        f'<label class="tick"><input type="checkbox" name="not_in_corpus" value="yes">'
        f" {words.SAYS_NOTHING}</label>"
        f'<p class="chosen-sentence" data-none="{words.NO_SENTENCE}">{words.NO_SENTENCE}</p>'
        '<input type="hidden" name="quotations" value="[]">'
        f'<button type="submit">{words.KEEP}</button></form></details></div>'
    )
