"""What stands under an answer, as HTML: what to know of it, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from onrecord.sources import read_as
from onrecord.types import Answer
from onrecord.ui import words
from onrecord.ui.judgement import judgement_html
from onrecord.ui.message import message_html, shortened
from onrecord.ui.receipts import key_of
from onrecord.ui.turns import Turn


def foot_html(turn: Turn, answer: Answer) -> str:
    """Return alarms, facts, the buttons to copy and keep it, and what was said of it."""
    facts = " · ".join(_facts(answer))
    said = f"<span>{facts}</span>" if facts else ""
    foot = f"{said}{_copy()}{_receipt(turn)}"
    return _read_as(answer) + _alarm(turn, answer) + _under(turn, foot, judgement_html(turn))


def broken_off_html(turn: Turn) -> str:
    """Return the button to copy what came of an answer that was stopped, or failed."""
    return _under(turn, _copy(words.INCOMPLETE)) if turn.claims else ""


def _under(turn: Turn, foot: str, judgement: str = "") -> str:
    """Return what is known of an answer, and what can be done with it."""
    label = message_html(words.of(words.ANSWER_TO, shortened(turn.question)))
    return (
        f'<div class="under" role="group" aria-label="{label}">'
        f'<p class="foot">{foot}</p>{judgement}</div>'
    )


def _read_as(answer: Answer) -> str:
    """Return what was answered, where that is not the question to the letter."""
    said = read_as(answer)
    return f'<p class="read-as" dir="auto">{message_html(said)}</p>' if said else ""


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


def _copy(note: str = "") -> str:
    """Return the button to copy an answer, behind which may stand a note."""
    return (
        f'<button type="button" class="copy" data-note="{escape(note)}"'
        f' data-done="{words.COPIED}" data-failed="{words.UNCOPIED}">{words.COPY}</button>'
    )


def _receipt(turn: Turn) -> str:
    if not turn.receipt:
        return ""
    return (
        '<button type="button" class="receipt" data-do="receipt" data-event="submit"'
        f' data-receipt="{key_of(turn.receipt)}" title="{words.RECEIPT_NOTE}">'
        f"{words.RECEIPT}</button>"
    )
