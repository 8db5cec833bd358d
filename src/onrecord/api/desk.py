"""Takes the questions of many callers at once, and has them answered in turn."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Generator
from contextlib import aclosing, asynccontextmanager
from typing import Self

from anyio import CancelScope, Semaphore, to_thread
from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticSerializationError

from onrecord.assistant import Assistant
from onrecord.errors import OnrecordError
from onrecord.hosts import is_loopback
from onrecord.types import EVERYTHING, Answer, AnswerReady, Event, Message, Scope, Value

MOST_WAITING = 16
MOST_OF_ONE = 4
# The local engine answers one question at a time; two at once take longer than in turn.
_AT_ONCE_LOCAL = 1
_AT_ONCE_ELSEWHERE = 4


class BusyError(OnrecordError):
    """Too many questions wait already."""


class EndingError(OnrecordError):
    """The server is being ended."""


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

    Args:
        assistant: Who answers.
    """

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._at_once = _AT_ONCE_LOCAL if assistant.is_local else _AT_ONCE_ELSEWHERE
        self._turn = Semaphore(self._at_once)
        self._present: Counter[str | None] = Counter()
        self._has_ended = False

    def end(self) -> None:
        """Give up the questions that are here, at their next event, and take no more."""
        self._has_ended = True

    @asynccontextmanager
    async def asking(
        self, asked: Ask, client: str | None = None
    ) -> AsyncIterator[AsyncIterator[Event]]:
        """Yield the events of a question. What is left of its work at the end is stopped.

        Args:
            asked: The question.
            client: Who asks, if it is known: `MOST_OF_ONE` questions of another machine are taken
                at once, so that it leaves room for others.

        Raises:
            BusyError: Too many questions wait already, or too many of the client's.
            EndingError: The server is being ended.
            The errors of `Assistant.stream`, when the iteration reaches them.
        """
        self._check_room(client)
        self._present[client] += 1
        try:
            async with aclosing(self._events(asked)) as events:
                yield events
        finally:
            self._present[client] -= 1
            self._present += Counter()  # which drops those who are gone

    async def _events(self, asked: Ask) -> AsyncGenerator[Event]:
        history = [message.model_dump() for message in asked.history]
        async with self._turn:
            self._check_open()
            steps = _Steps(self._assistant.stream(asked.question, history, asked.scope))
            try:
                while (event := await to_thread.run_sync(steps.next)) is not None:
                    self._check_open()
                    yield event
            finally:
                with CancelScope(shield=True):
                    await to_thread.run_sync(steps.close)

    def _check_room(self, client: str | None) -> None:
        if self._present.total() >= self._at_once + MOST_WAITING:
            raise BusyError(f"{MOST_WAITING} questions are waiting already; ask again in a while.")
        is_elsewhere = client is not None and not is_loopback(client)
        if is_elsewhere and self._present[client] >= MOST_OF_ONE:
            raise BusyError(f"{MOST_OF_ONE} of your questions are here already; wait for them.")

    def _check_open(self) -> None:
        if self._has_ended:
            raise EndingError("The server is being ended; ask again when it runs.")


async def answer_of(events: AsyncIterator[Event]) -> Answer:
    """Return the answer with which the events of a question end."""
    last: Event | None = None
    async for event in events:
        last = event
    if not isinstance(last, AnswerReady):
        raise AssertionError("a stream ends with its answer")
    return last.answer


class _Steps:
    """A stream of events that one thread may close while another waits for the next."""

    def __init__(self, events: Generator[Event]) -> None:
        self._events = events
        self._lock = threading.Lock()

    def next(self) -> Event | None:
        with self._lock:
            return next(self._events, None)

    def close(self) -> None:
        with self._lock:
            self._events.close()
