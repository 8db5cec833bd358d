"""The sentences that an answer shows, in words: under which heading, and where each stands."""

from __future__ import annotations

from onrecord.types import Answer, Citation


def sources_of(answer: Answer) -> tuple[Citation, ...]:
    """Return the sentences that it cites or, refusing, those that come nearest."""
    return answer.citations or answer.nearest


def heading(answer: Answer) -> str:
    """Return what its sentences are called."""
    return "Sources" if answer.citations else "What comes nearest"


def whereabouts(citation: Citation) -> str:
    """Return "A bridge opens, page 1, sentence 2"."""
    page = f", page {citation.page}" if citation.page else ""
    return f"{citation.title}{page}, sentence {citation.sentence + 1}"
