"""An end to waiting: a stream in which nothing comes any more, or that drips, is cut off.

The client's own limit is no help there: a server whose model hangs sends signs of life (comments
between the events of a stream), and one that drips never breaks it.
"""

from __future__ import annotations

import math
import socket
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")

_A_TOKEN = 1.0  # seconds; a slow machine that has other work too writes some in one


class SilenceError(TimeoutError):
    """A model writes nothing any more, or would take for ever."""


class Patience(NamedTuple):
    """How long a stream is waited for, in seconds.

    Attributes:
        first: For its first words, before which a long text may have to be read.
        pause: For each of the pieces that come behind; there is a second for each token besides.
    """

    first: float
    pause: float


def within(pieces: Iterator[T], patience: Patience, tokens: int) -> Generator[T]:
    """Yield the pieces of a stream as they come.

    Only while this waits for a piece, time is counted: whoever takes them may take their time.

    Args:
        pieces: The stream. It is asked for when its first piece is; one without words is false.
        patience: How long it is waited for.
        tokens: How many it has at most.

    Raises:
        SilenceError: It was waited for too long.
    """
    left = patience.first  # until its first words; then, until its end
    wait, has_begun = left, False
    guard = _Guard()
    try:
        while True:
            began = time.monotonic()
            with guard.waiting(wait):
                piece = next(pieces, None)
            left -= time.monotonic() - began
            if piece is None:
                return
            if piece and not has_begun:
                left, has_begun = patience.pause + tokens * _A_TOKEN, True
            wait = min(patience.pause, left) if has_begun else left
            yield piece
    finally:
        guard.leave()


def follow(response: Any) -> None:  # noqa: ANN401 (of whichever HTTP client)
    """Have a response cut off when it is waited for too long: to be called when it begins."""
    if guard := _current.get():
        guard.line = response.extensions.get("network_stream")


class _Guard:
    """Cuts a connection off, from a thread of its own, so that who reads from it is woken."""

    def __init__(self) -> None:
        self.line: Any = None  # httpcore's stream of the connection, once a response has begun
        self._due = math.inf
        self._has_cut = self._has_left = False
        self._changed = threading.Condition()
        threading.Thread(target=self._keep, daemon=True).start()

    @contextmanager
    def waiting(self, seconds: float) -> Iterator[None]:
        """Wait inside for so long at most.

        Raises:
            SilenceError: It was longer.
        """
        before = _current.set(self)
        self._wake(time.monotonic() + seconds)
        try:
            yield
        except Exception as error:
            if self._has_cut:
                raise SilenceError from error
            raise
        finally:
            self._wake(math.inf)
            _current.reset(before)
        if self._has_cut:  # where its length is not known, what is cut off looks like the end
            raise SilenceError

    def leave(self) -> None:
        """Let the thread end."""
        self._has_left = True
        self._wake(math.inf)

    def _wake(self, due: float) -> None:
        with self._changed:
            self._due = due
            self._changed.notify()

    def _keep(self) -> None:
        with self._changed:
            while not (self._has_left or self._has_cut):
                left = self._due - time.monotonic()
                if left <= 0:
                    self._has_cut = True
                    self._cut()
                else:
                    self._changed.wait(None if math.isinf(left) else left)

    def _cut(self) -> None:
        connection = self.line and self.line.get_extra_info("socket")
        if connection is not None:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


_current: ContextVar[_Guard | None] = ContextVar("onrecord_guard", default=None)
