"""The sentences of an answer as HTML: those that were verified, and those that were not."""

from __future__ import annotations

from html import escape

from onrecord.types import Claim, ClaimDropped
from onrecord.ui import words
from onrecord.ui.buttons import citation_html
from onrecord.ui.message import message_html

_KEPT_TOGETHER = 12


def claim_html(claim: Claim) -> str:
    """Return a claim with a button for each citation before its full stop, and its grounding."""
    attributed = " attributed" if claim.speaker else ""
    body, stop = (claim.text[:-1], ".") if claim.text.endswith(".") else (claim.text, "")
    markers = "".join(citation_html(citation) for citation in claim.citations)
    # A line never begins with a marker: the end of the last word stays with it.
    cut = max(body.rfind(" ") + 1, len(body) - _KEPT_TOGETHER)
    return (
        f'<span class="claim{attributed}" dir="auto"{_aside(claim)}>{_words(body[:cut])}'
        f'<span class="tail">{_words(body[cut:])}{markers}{stop}</span></span>'
        f" {_grounding(claim)}"
    )


def drafted_html(text: str, is_being_written: bool) -> str:
    """Return what is being written, or was when it ended; what may not stay is not read aloud."""
    hidden, said = (
        (' aria-hidden="true"', words.UNVERIFIED) if is_being_written else ("", words.BROKEN_OFF)
    )
    return f'<span class="drafted" dir="auto"{hidden}>{_words(text)} <small>{said}</small></span>'


def dropped_html(dropped: ClaimDropped) -> str:
    """Return what was written and is no part of the answer, and why."""
    return (
        f'<p class="dropped" dir="auto"><s>{_words(dropped.text)}</s>'
        f" <small>{words.dropped(dropped.reason)}</small></p>"
    )


def _aside(claim: Claim) -> str:
    """Return what is read aloud behind a claim, and shown by its look: whose word, how it came."""
    notes = [f"{words.ATTRIBUTED_TO} {claim.speaker}"] if claim.speaker else []
    notes += [words.QUOTED_INSTEAD] if claim.replaced else []
    return f' data-aside="{escape(", ".join(notes))}"' if notes else ""


def _grounding(claim: Claim) -> str:
    """Return how a claim comes from its sentence, and behind it what the check had to say."""
    said = words.QUOTED_INSTEAD if claim.replaced else words.GROUNDING[claim.grounding]
    why = words.DROPPED if claim.replaced else words.GROUNDED[claim.grounding]
    reasons = "".join(f"<li>{message_html(reason)}</li>" for reason in claim.reasons)
    name = f"<bdi>{escape(claim.speaker)}</bdi>"
    speaker = f"<p>{words.ATTRIBUTED} <b>{name}</b></p>" if claim.speaker else ""
    mark = f"{words.ATTRIBUTED_TO} {name} · {said}" if claim.speaker else said
    return (
        f'<details class="how {claim.grounding}"><summary>{mark}</summary>'
        f'<div class="reasons">{speaker}<p>{why}</p><ul>{reasons}</ul></div></details>'
    )


def _words(text: str) -> str:
    """Return words of a model's, apart from the page's beside them: they may turn round."""
    return f'<span class="words">{escape(text)}</span>'
