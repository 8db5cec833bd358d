"""Drafts -> verified claims: grounded or gone.

The model has written words and sentence numbers. Code attaches the quotations, checks the
words against them, and puts the source's own words in the place of a draft that fails.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from onrecord.check import UNSAID, doubts, foreign
from onrecord.speakers import speaker_of
from onrecord.types import (
    Citation,
    Claim,
    ClaimDrafted,
    ClaimDropped,
    Draft,
    Evidence,
    Grounding,
    Wording,
    Writing,
)
from onrecord.voice import Voice, attributed, voice_of
from onrecord.words import readable

# "No. 10", "No. V" and "No-fly zones" begin otherwise.
_POLARITY = re.compile(
    r"^\s*(?:yes|no)(?:\s*[,:;!–—]+|\s+-+(?=\s)|(?<=yes)\.|\.(?!\s*\d)"
    r"(?!\s*(?-i:[VX]|[IVX]{2,})\b))\s*",
    re.IGNORECASE,
)
_MARKER = re.compile(r"\s*\[[\d,\s]*\]")
_AGAIN = "its sentence is cited already, as [{}]"
_SOURCELESS = "it names no sentence that was read"
_NOTHING_LEFT = "nothing that was worded could be kept"
_ONLY_SAID = "the source only says that somebody says so"
_GIVEN_UP = {
    Wording.UNFINISHED: "the model did not finish it",
    Wording.UNSURE: "the model was not sure of its words",
}
TERMINAL = (".", "!", "?", "”", '"', "…")


class _Verified(NamedTuple):
    """Words that may be published, their source's place (None: they are none), what was found."""

    text: str
    place: int | None
    reasons: tuple[str, ...] = ()
    replaced: bool = False


def ground(
    drafts: Iterable[Draft | ClaimDrafted],
    sources: Sequence[Evidence],
    carries: Callable[[str, Evidence], bool],
) -> Iterator[Claim | Writing]:
    """Yield the claims that may be published, each as soon as its draft is there.

    What is still being written is handed on as it is, for whoever shows it as such; and of what
    becomes no claim it is said that it is dropped.

    A draft that its sentence carries passes. One that another of the sources carries is
    given that citation. One that nothing carries, that the model did not finish, or that it was
    not sure of, is replaced by the words of the sentence. If nothing is left, the best source is
    quoted.

    Args:
        drafts: What the model wrote; anything may be in it.
        sources: The sentences that it was shown, in their order.
        carries: Asked where the rules are in doubt (check.py): does the source carry the claim,
            all in all?
    """
    cited: list[int] = []  # places in `sources`; a citation's number is its place in here
    lead = ""
    for draft in drafts:
        if isinstance(draft, ClaimDrafted):
            yield draft
            continue
        lead = lead or draft.lead
        text, place, reasons, replaced = _verified(draft, sources, carries)
        if place is None or place in cited:
            if words := bare(draft.text):
                reason = _SOURCELESS if place is None else _AGAIN.format(cited.index(place) + 1)
                yield ClaimDropped(text=words, reason=reason)
            continue
        cited.append(place)
        yield Claim(
            text=_led(lead, text, draft),
            citations=(cite(sources[place], len(cited)),),
            grounding=_grounding(text, sources[place].text),
            reasons=reasons,
            speaker=speaker_of(sources[place].text),
            replaced=replaced,
        )
        lead = ""
    if not cited and sources:
        best = max(sources, key=lambda item: item.support or 0.0)
        said = _led(lead, readable(best.text))
        yield Claim(
            text=said,
            citations=(cite(best, 1),),
            reasons=(_NOTHING_LEFT,),
            speaker=speaker_of(best.text),
            replaced=True,
        )


def _grounding(text: str, source: str) -> Grounding:
    """A quotation may begin with a capital and end with a full stop that the source has not."""
    within = text.rstrip(".").casefold() in readable(source).casefold()
    return Grounding.QUOTED if within else Grounding.REWORDED


def _led(lead: str, text: str, draft: Draft | None = None) -> str:
    """Return a claim behind its "Yes" or "No": in one sentence with it, if it was written so."""
    if not lead:
        return text
    if lead.endswith(",") and draft and bare(draft.text) == text and draft.lead:
        return f"{lead} {without_lead(_MARKER.sub('', draft.text))[0]}{text[1:]}"
    return f"{lead[:-1]}: {text}"


def cite(item: Evidence, number: int) -> Citation:
    """Return the citation of a sentence: code writes it, from the document."""
    return Citation(
        number=number,
        document_id=item.sentence.document_id,
        title=item.title,
        sentence=item.sentence.index,
        start=item.sentence.start,
        end=item.sentence.end,
        text=item.text,
        page=item.sentence.page,
    )


def _verified(
    draft: Draft, sources: Sequence[Evidence], carries: Callable[[str, Evidence], bool]
) -> _Verified:
    text = bare(draft.text)
    named = draft.source - 1
    is_given_up = draft.wording in _GIVEN_UP
    if not (text or is_given_up) or not 0 <= named < len(sources):
        return _Verified("", None)
    if is_given_up:
        why = (_GIVEN_UP[draft.wording],)
        return _Verified(readable(sources[named].text), named, why, replaced=True)
    others = (place for place in range(len(sources)) if place != named)
    against: tuple[str, ...] = ()  # what the named source has against the draft
    for place in (named, *others):
        source = sources[place]
        given = readable(source.text)
        found = tuple(foreign(text, given))
        if not found:
            found = tuple(doubts(text, given))
            voice = voice_of(text, given)
            # Who says so is not to be asked of the reader where the claim will be given to them.
            is_settled = not found or (found == (UNSAID,) and voice is not Voice.OWN)
            if is_settled or carries(text, source):
                return _voiced(text, place, found, voice, source)
        against = against or found
    return _Verified(readable(sources[named].text), named, against, replaced=True)


def _voiced(
    text: str, place: int, reasons: tuple[str, ...], voice: str | Voice, source: Evidence
) -> _Verified:
    """Say whose word a claim is, where it is somebody's and it does not say so itself."""
    if voice is Voice.OWN:
        return _Verified(text, place, reasons)
    reasons = (*reasons, _ONLY_SAID)
    if isinstance(voice, Voice):
        return _Verified(readable(source.text), place, reasons, replaced=True)
    return _Verified(attributed(text, voice), place, reasons)


def bare(text: str) -> str:
    """Drop what code adds by itself: markers, and the "Yes" or "No" of the answer."""
    return unled(_MARKER.sub("", text))


def unled(text: str) -> str:
    """Drop the "Yes" or "No" before a claim, and write what is left as a sentence."""
    words = without_lead(text)
    if not words:
        return ""
    whole = words[0].upper() + words[1:]
    return whole if whole.endswith(TERMINAL) else f"{whole}."


def without_lead(text: str) -> str:
    """Return a text without the "Yes" or "No" before it."""
    return _POLARITY.sub("", text).strip()
