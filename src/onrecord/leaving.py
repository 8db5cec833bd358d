"""Whoever asked may have gone away: known to what works for them, in whichever thread."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Event

_left: ContextVar[Event | None] = ContextVar("onrecord_left", default=None)


class LeftError(BaseException):
    """Nobody waits for the answer any more: no failure, but an end, as `GeneratorExit` is."""


def is_left() -> bool:
    """Tell whether nobody waits any more for what is being done."""
    left = _left.get()
    return left is not None and left.is_set()


@contextmanager
def until(left: Event) -> Iterator[None]:
    """Let what is done inside know when it is left. Inside, no generator may yield to others."""
    before = _left.set(left)
    try:
        yield
    finally:
        _left.reset(before)
