"""Many people at one server for some time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack

import httpx

from tests.load.people import Person, Program, Reader, StreamingProgram
from tests.load.towns import Fact

PASSWORD = "many people ask"
_WAYS: Sequence[type[Person]] = (Reader, StreamingProgram, Reader, Program)


def names(count: int) -> list[str]:
    """Return the names of so many people."""
    return [f"person{number:02}" for number in range(1, count + 1)]


async def crowd(
    address: str, count: int, seconds: float, facts: Sequence[Fact]
) -> Sequence[Person]:
    """Let so many people ask for so long, half of them at the page; return them afterwards.

    Args:
        address: The server's, where they can all log in with `PASSWORD`.
        count: How many people.
        seconds: How long.
        facts: What they may ask.
    """
    end = time.monotonic() + seconds
    async with AsyncExitStack() as stack:
        people = []
        for number, name in enumerate(names(count)):
            client = httpx.AsyncClient(base_url=address, auth=(name, PASSWORD), timeout=None)
            await stack.enter_async_context(client)
            people.append(_WAYS[number % len(_WAYS)](name, client, facts))
        await asyncio.gather(*(person.live(end) for person in people))
    return people
