"""Adds up, while a question is answered, what there is to say of it at its end."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager

from onrecord.errors import kind_of
from onrecord.observe.outcome import LEFT, Outcome
from onrecord.observe.tokens import Tokens
from onrecord.observe.watcher import Watcher
from onrecord.types import Answer, AnswerReady, Event


class Tally(Watcher):
    """Notes what there is to say of one question.

    Args:
        question: The question.
    """

    def __init__(self, question: str) -> None:
        self._question = question
        self._began = time.perf_counter()
        self._tokens = Tokens()
        self._answer: Answer | None = None
        self._status = LEFT

    def step(self) -> AbstractContextManager[object]:
        """Count the tokens of what is done inside."""
        return self._tokens.counted()

    def saw(self, event: Event) -> None:
        """Note the answer."""
        if isinstance(event, AnswerReady):
            self._answer = event.answer

    def failed(self, error: Exception) -> None:
        """Note that it has come to nothing."""
        self._status = kind_of(error)

    def outcome(self) -> Outcome:
        """Return what came of it so far."""
        read, written = self._tokens.total()
        told = self._unanswered() if self._answer is None else Outcome.of(self._answer)
        return told.model_copy(update={"tokens_in": read, "tokens_out": written})

    def _unanswered(self) -> Outcome:
        spent = round(time.perf_counter() - self._began, 4)
        question = str(self._question)  # it may be refused for being none
        return Outcome(status=self._status, seconds={"total": spent}, question=question)
