"""Gives each request an id, and answers where nobody has foreseen what went wrong."""

from __future__ import annotations

import logging
from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from onrecord.observe import request

log = logging.getLogger(__name__)


class RequestIds:
    """Takes the id that a request brings, if it is harmless, or makes one; and answers with it.

    What the application reads among the request's headers is that id too.

    Args:
        app: The application that answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; an error that reaches this is logged, once, and goes no further."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        has_begun = False

        async def send_with_id(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[request.HEADER] = request.current()
            await send(message)

        given = Headers(scope=scope).get(request.HEADER)
        with request.named(request.accepted(given)):
            try:
                await self._app(_named(scope), receive, send_with_id)
            except Exception:
                log.exception("Request %s failed", request.current())
                if has_begun or scope["type"] != "http":
                    return
                said = PlainTextResponse(request.unforeseen(), HTTPStatus.INTERNAL_SERVER_ERROR)
                await said(scope, receive, send_with_id)


def _named(scope: Scope) -> Scope:
    name = request.HEADER.lower().encode()
    others = [header for header in scope["headers"] if header[0] != name]
    return {**scope, "headers": [*others, (name, request.current().encode())]}
