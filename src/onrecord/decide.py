"""Read evidence -> the sentences that answer the question, or none.

Two questions, two scores, each of what told them apart best on tuning questions
(scripts/calibrate.py prints the figures). Which sentence? What the reader makes of it and
how retrieval ranks it. Is it an answer at all? What the reader makes of it, less the names
and numbers of the question that the corpus does not know.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from onrecord.settings import Settings
from onrecord.types import Evidence, Value

_RETRIEVAL_WEIGHT = 0.5  # of retrieval's score, beside 1 for the reader's log-odds
_STRANGER_PENALTY = 1.0  # nats, for each name or number that the corpus does not know

_SECOND_PART = re.compile(
    r"\b(?:and|but)\b[^?]*\b(?:who|whom|whose|what|when|where|why|how|which|did|does|do|was|were)\b"
    r"|\bboth\b",
    re.IGNORECASE,
)


class Decision(Value):
    """What the answer may rest on.

    Attributes:
        confidence: Log-odds (nats) that the best sentence answers the question.
        sources: The sentences to answer from, in document order; empty for a refusal.
    """

    confidence: float
    sources: tuple[Evidence, ...] = ()


def decide(
    question: str, evidence: Sequence[Evidence], strangers: int, settings: Settings
) -> Decision:
    """Choose the sentences that answer the question; none, if the best is not good enough.

    Args:
        question: As it can be understood by itself.
        evidence: Sentences that have been read.
        strangers: How many names and numbers of the question the corpus does not know.
        settings: `threshold` is the confidence below which there is no answer.
    """
    if not evidence:
        return Decision(confidence=float("-inf"))
    ranked = sorted(evidence, key=_preference, reverse=True)
    confidence = _support(ranked[0]) - _STRANGER_PENALTY * strangers
    if confidence < settings.threshold:
        return Decision(confidence=confidence)
    parts = parts_of(question)
    more = [item for item in ranked[1:parts] if _support(item) >= settings.threshold]
    sources = sorted([ranked[0], *more], key=_place)
    return Decision(confidence=confidence, sources=tuple(sources))


def parts_of(question: str) -> int:
    """Return how many sentences a question asks for: 2 for "who …, and when …?", else 1."""
    return 2 if _SECOND_PART.search(question) else 1


def _preference(item: Evidence) -> float:
    return _support(item) + _RETRIEVAL_WEIGHT * item.score


def _support(item: Evidence) -> float:
    return item.support if item.support is not None else float("-inf")


def _place(item: Evidence) -> tuple[str, int]:
    return item.sentence.document_id, item.sentence.index
