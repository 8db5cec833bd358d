"""Drafts -> verified claims: grounded or gone.

The model has written words and sentence numbers. Code attaches the quotations, checks the
words against them, and puts the source's own words in the place of a draft that fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from onrecord.check import faults
from onrecord.generate import Draft
from onrecord.types import Citation, Claim, Evidence

_POLARITY = re.compile(r"^\s*(?:yes|no)\b[\s,.:;!–—-]+", re.IGNORECASE)
_MARKER = re.compile(r"\s*\[[\d,\s]*\]")
_TERMINAL = (".", "!", "?", "”", '"', "…")


def ground(drafts: Iterable[Draft], sources: Sequence[Evidence]) -> Iterator[Claim]:
    """Yield the claims that may be published, each as soon as its draft is there.

    A draft that its sentence carries passes. One that another of the sources carries is
    given that citation. One that nothing carries is replaced by the words of the sentence
    that it named. If nothing is left, the best source is quoted.

    Args:
        drafts: What the model wrote; anything may be in it.
        sources: The sentences that it was shown, in their order.
    """
    cited: list[int] = []  # places in `sources`; a citation's number is its place in here
    for draft in drafts:
        text, place = _verified(draft, sources)
        if place is not None and place not in cited:
            cited.append(place)
            yield Claim(text=text, citations=(cite(sources[place], len(cited)),))
    if not cited and sources:
        best = max(sources, key=lambda item: item.support or 0.0)
        yield Claim(text=best.text, citations=(cite(best, 1),))


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
    )


def _verified(draft: Draft, sources: Sequence[Evidence]) -> tuple[str, int | None]:
    """Return the words that may be published, and the place of the source that carries them."""
    text = _tidy(draft.text)
    named = draft.source - 1
    if not text or not 0 <= named < len(sources):
        return "", None
    others = (place for place in range(len(sources)) if place != named)
    for place in (named, *others):
        if not faults(text, sources[place].text):
            return text, place
    return sources[named].text, named


def _tidy(text: str) -> str:
    """Drop what code adds by itself: markers, and the "Yes" or "No" of the answer."""
    bare = _POLARITY.sub("", _MARKER.sub("", text)).strip()
    if not bare:
        return ""
    whole = bare[0].upper() + bare[1:]
    return whole if whole.endswith(_TERMINAL) else f"{whole}."
