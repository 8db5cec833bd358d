"""Work for a client that is left off as soon as the client hangs up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from anyio import CancelScope
from starlette.types import Receive

CLIENT_GONE = 499
"""The status, by nginx's custom, of what nobody waits for any more."""


@asynccontextmanager
async def while_connected(receive: Receive) -> AsyncIterator[None]:
    """Leave off what is done inside as soon as the client hangs up.

    Args:
        receive: What the client sends; its request has been read.
    """
    with CancelScope() as work:
        watch = asyncio.create_task(_on_hanging_up(receive, work.cancel))
        try:
            yield
        finally:
            watch.cancel()


async def _on_hanging_up(receive: Receive, leave: Callable[[], None]) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    leave()
