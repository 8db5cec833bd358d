"""Asks an assistant one question, and notes what it does on the way to the answer."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from time import perf_counter
from typing import Protocol

from onrecord import Answer, Document
from onrecord.evals.facts import EvalError, Fact, Place
from onrecord.types import AnswerReady, Decided, Event, EvidenceFound, Value

_SUREST = 100.0  # nats; beyond it a probability is 0 or 1, and JSON has no infinity


class Answering(Protocol):
    """What an evaluation needs of an assistant."""

    @property
    def model_name(self) -> str:
        """What answers."""

    @property
    def documents(self) -> tuple[Document, ...]:
        """What is asked about."""

    def stream(
        self, question: str, history: Sequence[Mapping[str, str]] | None = None
    ) -> Iterator[Event]:
        """Answer one question; `EvidenceFound`, `Decided` and `AnswerReady` are looked at."""


class Observation(Value):
    """What was seen of one answer.

    Attributes:
        answer: The answer.
        retrieved: Where the candidates of retrieval stand, best first.
        confidence: Log-odds (nats) that the corpus answers, bounded to 100 either way; None
            where the assistant does not say.
        seconds: Wall-clock time from asking to the whole answer.
    """

    answer: Answer
    retrieved: tuple[Place, ...]
    confidence: float | None
    seconds: float


def observe(assistant: Answering, fact: Fact) -> Observation:
    """Ask a fact's question, and return what was seen.

    Raises:
        EvalError: The stream ends without an answer.
        Exception: Whatever the assistant raises.
    """
    retrieved: tuple[Place, ...] = ()
    confidence: float | None = None
    began = perf_counter()
    for event in assistant.stream(fact.question, [turn.model_dump() for turn in fact.history]):
        if isinstance(event, EvidenceFound):
            retrieved = tuple(
                Place(**item.sentence.model_dump(include={"document_id", "start", "end"}))
                for item in event.evidence
            )
        elif isinstance(event, Decided):
            confidence = _bounded(event.confidence)
        elif isinstance(event, AnswerReady):
            return Observation(
                answer=event.answer,
                retrieved=retrieved,
                confidence=confidence,
                seconds=round(perf_counter() - began, 3),
            )
    raise EvalError(
        f"{assistant.model_name} ended its answer to fact {fact.id} without an AnswerReady event. "
        "Let its stream() end with one."
    )


def _bounded(confidence: float) -> float | None:
    return None if math.isnan(confidence) else min(max(confidence, -_SUREST), _SUREST)
