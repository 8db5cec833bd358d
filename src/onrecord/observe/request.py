"""The id of a request, which leads from whoever asks through the log to the model's server."""

from __future__ import annotations

import re
import secrets
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

HEADER = "X-Request-ID"
_HARMLESS = re.compile(r"[A-Za-z0-9_-]{1,64}")
_UNFORESEEN = "Something unforeseen went wrong; the server's log says more"

_request: ContextVar[str] = ContextVar("onrecord_request", default="")

T = TypeVar("T")


def current() -> str:
    """Return the id of the request that is being answered; "" outside of one."""
    return _request.get()


def accepted(given: str | None) -> str:
    """Return the id that somebody gives to a request, if it is harmless, and else a new one.

    Harmless are 1 to 64 letters, digits, "_" and "-": they go into logs and headers as they are.
    """
    return given if given and _HARMLESS.fullmatch(given) else secrets.token_hex(8)


@contextmanager
def named(request: str) -> Iterator[str]:
    """Let what is done inside know its request. Inside, no generator may yield to others."""
    before = _request.set(request)
    try:
        yield request
    finally:
        _request.reset(before)


def carried(request: str, steps: Generator[T]) -> Generator[T]:
    """Yield what a generator yields, and let each step of it know its request.

    Each may be taken by another thread, to which nothing is handed on by itself.
    """
    end = object()
    try:
        while True:
            with named(request):
                item = next(steps, end)
            if item is end:
                return
            yield item  # type: ignore[misc]
    finally:
        with named(request):
            steps.close()


def unforeseen() -> str:
    """Return what is told of an error that nobody has foreseen, and that is in the log."""
    return f"{_UNFORESEEN} under {current()}." if current() else f"{_UNFORESEEN}."
