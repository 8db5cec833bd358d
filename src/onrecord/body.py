"""How much a request may send, to any server of ours."""

from __future__ import annotations

from collections.abc import Collection
from http import HTTPStatus

from fastapi import HTTPException
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY = 1_000_000


class LimitedBody:
    """Reads no body to the end that is larger than `LARGEST_BODY`.

    Args:
        app: The application that answers.
        but: Paths that have limits of their own.
    """

    def __init__(self, app: ASGIApp, but: Collection[str] = ()) -> None:
        self._app, self._but = app, but

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or have whatever reads its body refuse it in its own shape."""
        if scope["type"] != "http" or scope["path"] in self._but:
            await self._app(scope, receive, send)
            return
        size = 0

        async def receive_so_much() -> Message:
            nonlocal size
            if told_size(scope) <= LARGEST_BODY:
                message = await receive()
                size += len(message.get("body", b""))
                if size <= LARGEST_BODY:
                    return message
            raise HTTPException(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                f"The body is larger than {LARGEST_BODY:,} bytes; send a shorter one.",
            )

        await self._app(scope, receive_so_much, send)


def told_size(scope: Scope) -> int:
    """Return how large a request says that its body is; 0 where it does not."""
    told = Headers(scope=scope).get("content-length", "")
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 20 else 0
