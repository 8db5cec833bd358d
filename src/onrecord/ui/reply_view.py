"""What has come of a question so far, as HTML: a stage, sentences, a refusal, a problem."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from onrecord.refusal import is_of_many
from onrecord.types import Answer, Status
from onrecord.ui import words
from onrecord.ui.buttons import considered_html, example_html, nearest_html
from onrecord.ui.claim_view import claim_html, drafted_html, dropped_html
from onrecord.ui.examples import about
from onrecord.ui.foot_view import broken_off_html, foot_html
from onrecord.ui.message import message_html
from onrecord.ui.turns import Turn

_MARKED_WHILE_READING = 5
_SHOWN_WHILE_READING = 3


def reply_html(turn: Turn) -> str:
    """Return what has come of a question so far."""
    if turn.answer is not None and turn.answer.status is Status.NOT_IN_CORPUS:
        return _refusal(turn.answer) + foot_html(turn, turn.answer)
    said = _said(turn)
    if turn.answer is not None:
        return said + foot_html(turn, turn.answer)
    if turn.problem:
        return said + _problem(turn.problem) + broken_off_html(turn)
    if turn.stopped:
        return f'{said}<p class="stopped">{words.STOPPED}</p>{broken_off_html(turn)}'
    return said + _stage(turn) + _reading(turn)


def _said(turn: Turn) -> str:
    """Return the sentences that are there, the one that is being written, and what was dropped."""
    claims = [*map(claim_html, turn.claims)]
    if turn.drafted:
        claims.append(drafted_html(turn.drafted, turn.working))
    said = f'<div class="claims">{" ".join(claims)}</div>' if claims else ""
    return said + "".join(map(dropped_html, turn.dropped))


def _refusal(answer: Answer) -> str:
    because = words.because(answer.unknown, of_many=is_of_many(answer.text))
    nearest = map(nearest_html, answer.nearest)
    instead = map(example_html, about(item.text for item in answer.nearest))
    return (
        f'<div class="refusal"><p class="refused" dir="auto">{escape(answer.text)}</p>'
        f'<p class="because">{message_html(because)}</p>'
        f"{_listed('nearest', words.NEAREST, nearest)}"
        f"{_listed('instead', words.INSTEAD, instead)}</div>"
    )


def _listed(kind: str, lead: str, buttons: Iterable[str]) -> str:
    items = "".join(f"<li>{button}</li>" for button in buttons)
    return f'<p class="nearest-lead">{lead}</p><ul class="{kind}">{items}</ul>' if items else ""


def _problem(message: str) -> str:
    return (
        f'<div class="problem" role="alert"><p class="trouble">{words.TROUBLE}</p>'
        f"<p>{message_html(message)}</p></div>"
    )


def _stage(turn: Turn) -> str:
    match turn.stage:
        case "waiting" | "asked":
            said = words.waiting(turn.before)
        case "read":
            said = words.reading(len(turn.evidence))
        case stage:
            said = words.STAGES.get(stage, words.STAGES["word"])
    return f'<p class="stage"><span class="pulse" aria-hidden="true"></span>{said}</p>'


def _reading(turn: Turn) -> str:
    """Return the sentences that are likely to be read; the article marks some more, and longer."""
    evidence = turn.evidence[:_MARKED_WHILE_READING]
    if not evidence:
        return ""
    shown = 0 if turn.claims or turn.drafted else _SHOWN_WHILE_READING
    of_many = len({item.sentence.document_id for item in evidence}) > 1
    items = (
        f"<li{'' if place < shown else ' hidden'}>{considered_html(item, of_many)}</li>"
        for place, item in enumerate(evidence)
    )
    return f'<ul class="reading" aria-label="{words.EVIDENCE}">{"".join(items)}</ul>'
