"""Read evidence -> the sentences that answer the question, or none.

Which sentence? The one that the reader likes best, and the next one too where the reader likes
it nearly as well, or the question plainly has two parts. Is it an answer at all? The odds of all
sentences together against none, less something for the names and numbers of the question that
the corpus does not know. `scripts/calibrate.py` prints the figures behind the constants.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from onrecord.parts import count_parts
from onrecord.settings import Settings
from onrecord.types import Decided, Evidence, place_of, support_of

_STRANGER_PENALTY = 0.5  # nats, for each name or number that the corpus does not know
_NEARLY = 1.0  # nats that a second sentence may lie behind the first
_NEARLY_IN_TWO_PARTS = 3.0


def decide(
    question: str, evidence: Sequence[Evidence], strangers: int, settings: Settings
) -> Decided:
    """Return the sentences that answer the question, or none.

    Args:
        question: As it can be understood by itself.
        evidence: Sentences that have been read.
        strangers: How many names and numbers of the question the corpus does not know.
        settings: `threshold` is the confidence below which there is no answer.
    """
    if not evidence:
        return Decided(confidence=float("-inf"))
    confidence = _any_of(evidence) - _STRANGER_PENALTY * strangers
    if confidence < settings.threshold:
        return Decided(confidence=confidence)
    ranked = sorted(evidence, key=support_of, reverse=True)
    gap = _NEARLY if count_parts(question) == 1 else _NEARLY_IN_TWO_PARTS
    second = [item for item in ranked[1:2] if support_of(item) > support_of(ranked[0]) - gap]
    sources = sorted([ranked[0], *second], key=place_of)
    return Decided(confidence=confidence, sources=tuple(sources))


def _any_of(evidence: Sequence[Evidence]) -> float:
    best = max(map(support_of, evidence))
    return best + math.log(sum(math.exp(support_of(item) - best) for item in evidence))
