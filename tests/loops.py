"""Event loops in threads of their own: a browser's test leaves one running in its thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P, T = ParamSpec("P"), TypeVar("T")


def run(work: Coroutine[Any, Any, T]) -> T:
    """Return what comes of some work, done elsewhere."""
    with ThreadPoolExecutor(1) as elsewhere:
        return elsewhere.submit(asyncio.run, work).result()


def in_a_loop(test: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Return a test that is run in an event loop."""

    @wraps(test)
    def within(*args: P.args, **named: P.kwargs) -> None:
        run(test(*args, **named))

    return within
