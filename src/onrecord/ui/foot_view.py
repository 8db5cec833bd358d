"""What stands under an answer, as HTML: what to know of it, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from onrecord.sources import sources_of, whereabouts
from onrecord.types import Answer
from onrecord.ui import words
from onrecord.ui.judgement import judgement_html
from onrecord.ui.message import message_html, shortened
from onrecord.ui.turns import Turn


def foot_html(turn: Turn, answer: Answer) -> str:
    """Return alarms, facts, the buttons to copy and keep it, and what was said of it."""
    facts = " · ".join(_facts(answer))
    label = message_html(words.of(words.ANSWER_TO, shortened(turn.question)))
    return (
        f'{_alarm(turn, answer)}<div class="under" role="group" aria-label="{label}">'
        f'<p class="foot">{f"<span>{facts}</span>" if facts else ""}'
        f"{_copy(answer)}{_receipt(turn)}</p>{judgement_html(turn)}</div>"
    )


def answer_as_text(answer: Answer) -> str:
    """Return an answer with its sources listed, to be pasted elsewhere."""
    sources = [f"[{it.number}] “{it.text}” ({whereabouts(it)})" for it in sources_of(answer)]
    return "\n".join([answer.text, "", *sources]) if sources else answer.text


def _alarm(turn: Turn, answer: Answer) -> str:
    """Return what is no longer true of a kept answer, or what to know of this one."""
    lists = _listed(words.FALLEN, turn.fallen) + _listed(words.ALTERED, turn.altered)
    said = "".join(
        f'<p class="alarm" role="status">{message_html(each)}</p>'
        for each in (words.BEHIND if answer.is_behind else "", turn.unkept)
        if each
    )
    return lists + said


def _listed(alarm: str, faults: Sequence[str]) -> str:
    if not faults:
        return ""
    items = "".join(f"<li>{message_html(each)}</li>" for each in faults)
    return f'<div class="alarm" role="alert"><p>{alarm}</p><ul>{items}</ul></div>'


def _facts(answer: Answer) -> list[str]:
    """Return how sure it is, on how much it rests, and how long it took."""
    sure = words.sureness(answer.probability, answered=bool(answer.claims))
    cited = words.counted(len(answer.citations), "source") if answer.citations else ""
    took = ""
    if "kept" in answer.timings:
        took = words.ANSWERED_BEFORE
    elif "total" in answer.timings:
        took = words.seconds(answer.timings["total"])
    return [fact for fact in (sure, cited, took) if fact]


def _copy(answer: Answer) -> str:
    return (
        f'<button type="button" class="copy" data-copy="{escape(answer_as_text(answer))}"'
        f' data-done="{words.COPIED}" data-failed="{words.UNCOPIED}">{words.COPY}</button>'
    )


def _receipt(turn: Turn) -> str:
    if not turn.receipt:
        return ""
    return (
        f'<button type="button" class="receipt" data-receipt="{escape(turn.receipt)}"'
        f' data-name="{words.RECEIPT_FILE}" title="{words.RECEIPT_NOTE}">{words.RECEIPT}</button>'
    )
