"""Takes the questions of many people at once, and has them answered in turn."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncGenerator, AsyncIterator, Hashable, Sequence
from contextlib import aclosing, asynccontextmanager
from functools import partial
from typing import Any, Self

from anyio import CancelScope, CapacityLimiter, move_on_after, to_thread
from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticSerializationError

from onrecord.assistant import Assistant
from onrecord.errors import OnrecordError
from onrecord.kept import KeptAnswers
from onrecord.line import Line, Place
from onrecord.observe.outcome import Outcome
from onrecord.observe.request import carried, current, named
from onrecord.steps import Steps
from onrecord.types import (
    EVERYTHING,
    Answer,
    AnswerReady,
    Event,
    Evidence,
    EvidenceFound,
    Message,
    Scope,
    Value,
)

MOST_OF_ONE = 4
# The local engine answers one question at a time; two at once take longer than in turn.
_AT_ONCE_LOCAL = 1
_AT_ONCE_ELSEWHERE = 4
_MOST_LEFT = 16
"""Threads that may still be at work for those who have left; beyond, whoever leaves has to wait."""
_GLANCE = 1.0  # seconds, for whoever waits
_GLANCES = 2  # at once
_TOLD_EVERY = 2.0  # seconds: that somebody has gone away shows when something is sent


class BusyError(OnrecordError):
    """Too many questions wait already."""

    kind = "busy"


class ImpatientError(BusyError):
    """Too many questions of the same person are here already."""


class EndingError(OnrecordError):
    """The server is being ended."""

    kind = "ending"


class Waiting(Value):
    """A question waits for its turn; said at once and, as long as it does, each two seconds.

    Attributes:
        before: How many questions are answered before it, those that are being answered included.
    """

    before: int


class Ask(Value):
    """A question, and what it is asked of.

    Attributes:
        question: In plain words.
        history: The conversation so far, oldest message first.
        scope: The documents, or the passage of one, that alone may answer.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"question": "Who opened the bridge?"},
                {
                    "question": "What did he say?",
                    "history": [
                        {"role": "user", "content": "Who is the mayor?"},
                        {"role": "assistant", "content": "Anna Berg is [1]."},
                    ],
                    "scope": {"documents": ["bridge.txt"]},
                },
            ]
        }
    )

    question: str = Field(description="In plain words.")
    history: tuple[Message, ...] = Field((), description="The conversation so far, oldest first.")
    scope: Scope = Field(
        EVERYTHING, description="The documents, or the passage of one, that alone may answer."
    )

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The conversation so far, in the shape that an assistant takes."""
        return [message.model_dump() for message in self.history]

    @model_validator(mode="after")
    def _is_text(self) -> Self:
        """Refuse half a character, which JSON can escape and no answer could repeat."""
        try:
            self.model_dump_json()
        except PydanticSerializationError as error:
            raise ValueError("there is a lone surrogate in it; send whole characters") from error
        return self


class Desk:
    """Has questions answered in turn, in worker threads. Belongs to one event loop.

    Page, API and tools share one, so that there is one line. What was answered before is answered
    at once, as long as no document changes; but by a local model alone, from which the same
    question gets the same answer.

    Args:
        assistant: Who answers; its settings say how many may wait, and how many answers are kept.
    """

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant
        settings = assistant.settings
        at_once = _AT_ONCE_LOCAL if assistant.is_local else _AT_ONCE_ELSEWHERE
        self._most_waiting = settings.max_waiting
        self._line = Line(at_once)
        self._threads = CapacityLimiter(at_once)
        self._kept = KeptAnswers(settings.answer_cache if assistant.is_local else 0)
        self._glances = CapacityLimiter(_GLANCES)
        self._has_ended = False
        self._left: list[Steps] = []

    @property
    def answering(self) -> int:
        """How many questions have their turn."""
        return self._line.length - self._line.waiting

    @property
    def waiting(self) -> int:
        """How many questions wait for theirs."""
        return self._line.waiting

    @property
    def most(self) -> int:
        """How many questions can be here at once."""
        return self._line.at_once + self._most_waiting

    def end(self) -> None:
        """Give up the questions that are here, at their next event, and take no more."""
        self._has_ended = True

    @asynccontextmanager
    async def asking(
        self, asked: Ask, person: Hashable | None = None, request: str | None = None
    ) -> AsyncIterator[AsyncIterator[Event | Waiting]]:
        """Yield the events of a question. What is left of its work at the end is stopped.

        Whoever leaves has no place any more: the model may still be busy with what it was asked
        last, but the next question has its turn at once.

        Args:
            asked: The question.
            person: Who asks, if others can: `MOST_OF_ONE` questions of theirs are taken at once,
                so that they leave room for others. None for somebody at this machine.
            request: The id under which it is asked; None takes that of the current request.

        Raises:
            BusyError: Too many questions wait already, or too many of the person's are here.
            EndingError: The server is being ended.
            The errors of `Assistant.stream`, when the iteration reaches them.
        """
        self._check_open()
        request = current() if request is None else request
        if kept := await self._answered_before(asked):
            async with aclosing(self._again(kept, request)) as events:
                yield events
            return
        try:
            self._check_room(person)
        except BusyError as error:
            self._tell(Outcome(status=error.kind, question=asked.question), request)
            raise
        with self._line.place(object() if person is None else person) as place:
            async with aclosing(self._events(asked, place, request)) as events:
                yield events

    async def glance(self, asked: Ask, seconds: float) -> tuple[Evidence, ...]:
        """Return the sentences that are likely to be read for a question; see `Assistant.glance`.

        Args:
            asked: The question.
            seconds: How long they may take; there are none where they take longer.
        """
        glance = partial(self.assistant.glance, asked.question, asked.messages, asked.scope)
        with move_on_after(seconds):
            try:
                return await to_thread.run_sync(
                    glance, abandon_on_cancel=True, limiter=self._glances
                )
            except OnrecordError:
                pass  # the answer says what is wrong
        return ()

    async def _events(
        self, asked: Ask, place: Place, request: str
    ) -> AsyncGenerator[Event | Waiting]:
        if not place.has_turn:
            yield Waiting(before=place.before)
            if evidence := await self.glance(asked, _GLANCE):
                yield EvidenceFound(evidence=evidence)
        while not place.has_turn:
            yield Waiting(before=place.before)
            await place.turn(_TOLD_EVERY)
            self._check_open()
        # Somebody before may have asked the same.
        kept = await self._answered_before(asked)
        happened = []
        async with aclosing(
            self._again(kept, request) if kept else self._answering(asked, request)
        ) as events:
            async for event in events:
                self._check_open()
                happened.append(event)
                yield event
        if not kept and self._kept.most and isinstance(happened[-1], AnswerReady):
            self._kept.keep(_key(asked), happened)

    async def _again(self, kept: Sequence[Event], request: str) -> AsyncGenerator[Event]:
        for event in kept:
            if isinstance(event, AnswerReady):
                self._tell(Outcome.of(event.answer), request)
            yield event

    async def _answering(self, asked: Ask, request: str) -> AsyncGenerator[Event]:
        stream = self.assistant.stream(asked.question, asked.messages, asked.scope)
        steps = Steps(carried(request, stream))
        following = partial(
            to_thread.run_sync, steps.next, abandon_on_cancel=True, limiter=self._threads
        )
        try:
            while (event := await following()) is not None:
                yield event
        finally:
            with CancelScope(shield=True):
                await to_thread.run_sync(steps.leave)
                self._left = [each for each in (*self._left, steps) if each.are_being_taken]
                if len(self._left) > _MOST_LEFT:
                    await to_thread.run_sync(steps.wait)

    def _tell(self, outcome: Outcome, request: str) -> None:
        with named(request):
            self.assistant.watch.tell(outcome)

    async def _answered_before(self, asked: Ask) -> Sequence[Event] | None:
        """Return what a question was answered with, if no document has changed since.

        To know whether one has, each file is looked at: for what nobody has asked, none is.
        """
        if not (self._kept.most and self._kept.has(key := _key(asked))):
            return None
        return self._kept.find(key, await to_thread.run_sync(self.assistant.edition))

    def _check_room(self, person: Hashable | None) -> None:
        if person is not None and self._line.places_of(person) >= MOST_OF_ONE:
            raise ImpatientError(
                f"{MOST_OF_ONE} of your questions are here already; wait for them."
            )
        if self._line.length >= self.most:
            raise BusyError(
                f"Too many questions wait already (at most {self._most_waiting} may). "
                "Ask again in a minute."
            )

    def _check_open(self) -> None:
        if self._has_ended:
            raise EndingError("The server is being ended; ask again when it runs.")


async def answer_of(events: AsyncIterator[Event | Waiting]) -> Answer:
    """Return the answer with which the events of a question end."""
    last: Event | Waiting | None = None
    async for event in events:
        last = event
    if not isinstance(last, AnswerReady):
        raise AssertionError("a stream ends with its answer")
    return last.answer


def _key(asked: Ask) -> str:
    """Return what stands for all that an answer depends on, but the documents.

    Model and settings stay the same. A conversation may be a megabyte long, and is not kept for
    that.
    """
    return hashlib.sha256(asked.model_dump_json().encode()).hexdigest()
