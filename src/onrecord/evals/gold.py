"""Where a fact's gold stands in the document."""

from __future__ import annotations

import re
from collections.abc import Mapping

from onrecord import Document
from onrecord.evals.facts import EvalError, Fact, Span


def occurrences(text: str, quotation: str) -> list[Span]:
    """Return every place where a quotation stands in a text, verbatim."""
    return [
        Span(start=found.start(), end=found.end())
        for found in re.finditer(re.escape(quotation), text)
    ]


def locate(fact: Fact, documents: Mapping[str, Document]) -> tuple[tuple[Span, ...], ...]:
    """Return a fact's gold groups as stretches of its document.

    Raises:
        EvalError: The corpus lacks the fact's document, or a quotation does not stand in it
            exactly once.
    """
    if not fact.document:
        return ()
    if fact.document not in documents:
        raise EvalError(
            f"Fact {fact.id} is about {fact.document!r}, which the corpus does not have. "
            "Point the corpus at the folder that these facts were written for."
        )
    text = documents[fact.document].text
    return tuple(tuple(_place(fact, text, passage) for passage in group) for group in fact.gold)


def _place(fact: Fact, text: str, passage: str | Span) -> Span:
    if isinstance(passage, Span):
        return passage
    places = occurrences(text, passage)
    if len(places) != 1:
        raise EvalError(
            f"Fact {fact.id} quotes {passage!r}, which stands {len(places)} times in "
            f"{fact.document!r}, not once. Bring the quotation up to date with the document."
        )
    return places[0]
