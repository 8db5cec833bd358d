"""Does what the first question would wait for, and knows whether it is done, and still so."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import anyio
from anyio.abc import TaskGroup

from onrecord.assistant import Assistant
from onrecord.errors import OnrecordError
from onrecord.heap import give_back

_AGAIN_SECONDS = 10.0
_NOT_YET = "Not ready yet; the server's log says why."

log = logging.getLogger(__name__)

_T = TypeVar("_T")


class NotReadyError(OnrecordError):
    """Weights, engine, index or text are not ready yet, or engine or index not there any more."""

    kind = "not_ready"


class Warming:
    """Warms an assistant once, and again after a while where that has failed.

    After that it has each short text evaluated, so that the first question about it waits no
    longer than the others. All the while it knocks at engine and index, and warms again where one
    of them is gone: a server that is sent no questions until it is ready must not wait for one.
    Where files have changed it warms again too, so that they are seldom indexed within a question,
    behind which others wait.

    Args:
        assistant: Who is warmed.
        says_why: Whether whoever asks is told why it is not warm; else the log alone says so.
    """

    def __init__(self, assistant: Assistant, says_why: bool = True) -> None:
        self._assistant = assistant
        self._says_why = says_why
        self._has_ended = False
        self._waits_for: str | None = "The model and the index are being made ready; ask later."

    def check(self) -> None:
        """Return if the assistant is warm, and what it needs was there when it was last looked for.

        Raises:
            NotReadyError: It is not yet, warming it has failed, or engine or index are gone.
        """
        if self._waits_for is not None:
            raise NotReadyError(self._waits_for if self._says_why else _NOT_YET)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Warm the assistant in the background, until the end at most."""
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._run, tasks)
            try:
                yield
            finally:
                self._has_ended = True
                tasks.cancel_scope.cancel()

    async def _run(self, tasks: TaskGroup) -> None:
        while not await _in_a_thread(lambda: self._try(self._assistant.warm)):
            await anyio.sleep(_AGAIN_SECONDS)
        await _in_a_thread(give_back)  # loading takes more for a moment than answering ever does
        tasks.start_soon(_in_a_thread, self._read_ahead)
        while True:
            await anyio.sleep(_AGAIN_SECONDS)
            if not await _in_a_thread(lambda: self._try(self._stay_warm)):
                await _in_a_thread(lambda: self._try(self._stay_warm))

    def _stay_warm(self) -> None:
        self._assistant.warm()
        self._assistant.knock()

    def _try(self, step: Callable[[], None]) -> bool:
        try:
            step()
        except OnrecordError as error:
            if str(error) != self._waits_for and not self._says_why:
                log.error("Not ready: %s", error)
            self._waits_for = str(error)
        except Exception:
            log.exception("Warming failed")
            self._waits_for = "The model cannot be made ready; the server's log says why."
        else:
            self._waits_for = None
        return self._waits_for is None

    def _read_ahead(self) -> None:
        try:
            for scope in self._assistant.whole_texts():
                if self._has_ended:
                    return
                self._assistant.warm_text(scope)
        except OnrecordError as error:  # a question that meets it says so
            log.info("Texts are not read ahead: %s", error)
        except Exception:
            log.exception("Reading ahead failed")


async def _in_a_thread(step: Callable[[], _T]) -> _T:
    """Do something in a thread, which nobody waits for where the server is ended."""
    return await anyio.to_thread.run_sync(step, abandon_on_cancel=True)
