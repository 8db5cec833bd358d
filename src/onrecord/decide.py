"""Read evidence -> the sentences that answer the question, or none.

Whether the corpus answers a question is a decision of its own. Three signals are added
up, with weights fitted by logistic regression on tuning questions (scripts/calibrate.py):
how sure the reader is, how near the sentence lies to the question, and how much of what
the question names the sentence and its surroundings do not know at all.
"""

from __future__ import annotations

from collections.abc import Sequence

from onrecord.check import numbers
from onrecord.settings import Settings
from onrecord.types import Evidence, Value
from onrecord.words import FUNCTION_WORDS, fold, stem, tokens

# Log-odds that a sentence answers: bias, and weights of support, similarity, unknown names.
_BIAS, _SUPPORT, _SIMILARITY, _UNKNOWN = -4.0, 0.6, 6.0, -1.5


class Decision(Value):
    """What the answer may rest on.

    Attributes:
        confidence: Log-odds that the best sentence answers the question.
        sources: The sentences to answer from, in document order; empty for a refusal.
    """

    confidence: float
    sources: tuple[Evidence, ...] = ()


def decide(question: str, evidence: Sequence[Evidence], settings: Settings) -> Decision:
    """Choose the sentences that answer the question; none, if the best is not good enough."""
    ranked = sorted(evidence, key=lambda item: -confidence(question, item))
    if not ranked:
        return Decision(confidence=float("-inf"))
    best = confidence(question, ranked[0])
    if best < settings.threshold:
        return Decision(confidence=best)
    more = [
        item
        for item in ranked[1 : settings.max_sources]
        if confidence(question, item) >= max(settings.second_threshold, best - settings.margin)
    ]
    sources = sorted([ranked[0], *more], key=_place)
    return Decision(confidence=best, sources=tuple(sources))


def confidence(question: str, item: Evidence) -> float:
    """Return the log-odds that a sentence, once read, answers the question."""
    return (
        _BIAS
        + _SUPPORT * (item.support or 0.0)
        + _SIMILARITY * item.similarity
        + _UNKNOWN * unknown_names(question, item)
    )


def unknown_names(question: str, item: Evidence) -> int:
    """Count the names and numbers of a question that a sentence's surroundings do not know."""
    around = f"{item.title} {item.context} {item.text}"
    known = {stem(word)[:5] for word in tokens(around)}
    names = {
        word
        for word in tokens(question)[1:]
        if word[:1].isupper() and fold(word) not in FUNCTION_WORDS and stem(word)[:5] not in known
    }
    return len(names) + len(numbers(question) - numbers(around) - {"1"})


def _place(item: Evidence) -> tuple[str, int]:
    return item.sentence.document_id, item.sentence.index
