"""What an answer shows beside its text, in words: its sentences, and what they were read from."""

from __future__ import annotations

from onrecord.types import Answer, Citation

BEHIND = "Documents changed before this was complete: it comes from what was there before."
"""What is said of an answer that `is_behind`."""


def read_as(answer: Answer) -> str:
    """Return what was answered instead of the question to the letter, in words; "" for nothing."""
    return f"Read as: “{answer.read_as}”" if answer.read_as else ""


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
