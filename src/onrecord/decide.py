"""Read evidence -> the sentences that answer the question, or none.

Which sentence? The one that the reader likes best, and another where the reader says that it is
needed too; or, of a reader that does not say, where it is liked nearly as well. A question that
plainly has two parts makes a second sentence likelier. Is it an answer at all? The odds of all
sentences together against none, less something for the names and numbers of the question that
the corpus does not know, and much where what is chosen leaves open who or which is asked for.
`scripts/calibrate.py` prints the figures behind the constants.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from onrecord.identify import leaves_open
from onrecord.parts import count_parts
from onrecord.settings import Settings
from onrecord.types import Decided, Evidence, place_of, support_of

_STRANGER_PENALTY = 0.5  # nats, for each name or number that the corpus does not know
_OPEN_PENALTY = 10.0  # nats, where it is left open who or which: more than a reader is ever sure
_NEEDED = 0.0  # nats, for a second sentence against none
_NEEDED_IN_TWO_PARTS = -3.0
_NEARLY = 1.0  # nats that a second sentence may lie behind the first
_NEARLY_IN_TWO_PARTS = 3.0


def decide(
    question: str, evidence: Sequence[Evidence], strangers: int, settings: Settings
) -> Decided:
    """Return the sentences that answer the question, or none.

    Args:
        question: As it was asked.
        evidence: Sentences that have been read; where a support is no number, none is an answer.
        strangers: How many names and numbers of the question the corpus does not know.
        settings: `threshold` is the confidence below which there is no answer.
    """
    supports = [support_of(item) for item in evidence]
    if not supports or not all(map(math.isfinite, supports)):
        return Decided(confidence=float("-inf"))
    ranked = sorted(evidence, key=support_of, reverse=True)
    sources = sorted([ranked[0], *_second(question, ranked)], key=place_of)
    confidence = _any_of(supports) - _STRANGER_PENALTY * strangers
    if all(leaves_open(question, source.text) for source in sources):
        confidence -= _OPEN_PENALTY
    is_answer = confidence >= settings.threshold
    return Decided(confidence=confidence, sources=tuple(sources) if is_answer else ())


def _second(question: str, ranked: Sequence[Evidence]) -> Sequence[Evidence]:
    """Return the sentence that is needed beside the best, if one is."""
    parts = count_parts(question)
    told = [item for item in ranked if item.beside is not None]
    if told:
        best = max(told, key=lambda item: item.beside or 0.0)
        needed = _NEEDED if parts == 1 else _NEEDED_IN_TWO_PARTS
        return [best] if (best.beside or 0.0) > needed else []
    gap = _NEARLY if parts == 1 else _NEARLY_IN_TWO_PARTS
    return [item for item in ranked[1:2] if support_of(item) > support_of(ranked[0]) - gap]


def _any_of(supports: Sequence[float]) -> float:
    best = max(supports)
    return best + math.log(sum(math.exp(support - best) for support in supports))
