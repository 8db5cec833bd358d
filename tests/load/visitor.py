"""Somebody at the page, without a browser: what its script sends, and what comes back."""

from __future__ import annotations

import json
import secrets
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from typing import Any

import httpx
from gradio_client.utils import apply_diff

# What the page says of itself that shows no choice: all documents are asked.
_SENT = json.dumps({"scope": "{}"})


class Visitor:
    """Opens the page, and asks there.

    Args:
        client: Has the page's address as its base.
    """

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self._session = secrets.token_hex(8)
        self._events: Mapping[str, Mapping[str, Any]] = {}
        self._latest = 0

    async def open(self) -> None:
        """Open the page, and wait until it is ready."""
        (await self._client.get("")).raise_for_status()
        config = (await self._client.get("config")).raise_for_status().json()
        self._events = {event["api_name"]: event for event in config["dependencies"]}
        named = {part["props"].get("elem_id"): part["id"] for part in config["components"]}
        self._latest = named["latest"]
        async with aclosing(self._queued("open_page", [])) as shown:
            async for _ in shown:
                pass

    async def begin_anew(self) -> None:
        """Begin a new conversation."""
        await self._now("begin", [])

    async def ask(self, question: str) -> AsyncGenerator[str]:
        """Ask, and yield what the page shows of the question, as HTML, until all of it is there.

        To close the iterator is to close the page.
        """
        await self._now("ask", [question, None, _SENT])
        place = self._events["answer"]["outputs"].index(self._latest)
        async with aclosing(self._queued("answer", [None])) as shown:
            async for parts in shown:
                if isinstance(parts[place], str):
                    yield parts[place]

    async def _now(self, name: str, data: Sequence[Any]) -> None:
        sent = await self._client.post("gradio_api/run/predict", json=self._body(name, data))
        sent.raise_for_status()

    async def _queued(self, name: str, data: Sequence[Any]) -> AsyncGenerator[Sequence[Any]]:
        """Yield what the parts of the page that an event changes hold, each time it does."""
        joined = await self._client.post("gradio_api/queue/join", json=self._body(name, data))
        event = joined.raise_for_status().json()["event_id"]
        parts: list[Any] = []
        path, params = "gradio_api/queue/data", {"session_hash": self._session}
        async with self._client.stream("GET", path, params=params) as sent:
            async for line in sent.aiter_lines():
                message = json.loads(line.removeprefix("data: ")) if line else {}
                if message.get("event_id") != event or "output" not in message:
                    continue
                if not message["success"]:
                    raise RuntimeError(f"the page: {message['output']}")
                given = message["output"].get("data", [])
                if message["msg"] == "process_completed":
                    yield given
                    return
                changes = zip(parts, given, strict=True) if parts else ()
                parts = [apply_diff(*each) for each in changes] or given
                yield parts
        raise RuntimeError("the page's connection ended before the answer")

    def _body(self, name: str, data: Sequence[Any]) -> dict[str, Any]:
        event = self._events[name]["id"]
        return {"data": data, "fn_index": event, "session_hash": self._session, "event_data": None}
