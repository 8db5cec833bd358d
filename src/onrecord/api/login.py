"""Asks everybody who they are, before anything at the page's address is answered."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Collection, Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from onrecord.api.devices import Devices
from onrecord.api.door import Credentials, Door, GuessingError, LoginError
from onrecord.api.refusals import refusal
from onrecord.errors import OnrecordError
from onrecord.hosts import client_at

_USER = "onrecord.user"
_CHALLENGE = 'Basic realm="onrecord", charset="UTF-8"'


class Login:
    """Lets nothing through without a user's name and password (HTTP Basic authentication).

    Args:
        app: The application that answers.
        door: Who decides.
        anybody: The few paths that are answered to everybody.
    """

    def __init__(self, app: ASGIApp, door: Door, anybody: Collection[str]) -> None:
        self._app, self._door, self._anybody = app, door, anybody
        self._devices = Devices()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] == "lifespan" or scope["path"] in self._anybody:
            await self._app(scope, receive, send)
            return
        request = HTTPConnection(scope)
        given = _given(request.headers)
        device = self._devices.of(request, given.name) if given else None
        try:
            await self._door.check(device or _client_of(scope), given)
        except OnrecordError as error:
            await refusal(scope, error, _headers(error))(scope, receive, send)
            return
        let_in = {**scope, _USER: given and given.name}
        if not _is_for_all(scope):
            cookie = self._devices.cookie(request, given.name) if given and not device else ""
            send = _unstored(send, cookie)
        await self._app(let_in, receive, send)


def name_of(request: Request) -> str | None:
    """Return as whom a request was let in; None where nobody was asked."""
    name: str | None = request.scope.get(_USER)
    return name


def _is_for_all(scope: Scope) -> bool:
    """Tell whether a request is for a file of Gradio's own, which is the same for everybody."""
    path: str = scope["path"]
    return path.startswith(("/assets/", "/static/"))


def _unstored(send: Send, cookie: str) -> Send:
    """Return what sends a response, with a cookie or "", and has no browser or proxy keep it."""

    async def send_unstored(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["Cache-Control"] = "no-store"
            if cookie:
                headers.append("Set-Cookie", cookie)
        await send(message)

    return send_unstored


def _headers(error: OnrecordError) -> Mapping[str, str]:
    if isinstance(error, GuessingError):
        return {"Retry-After": str(error.seconds)}
    return {"WWW-Authenticate": _CHALLENGE} if isinstance(error, LoginError) else {}


def _client_of(scope: Scope) -> str:
    address, _port = scope.get("client") or ("", 0)
    return client_at(address)


def _given(headers: Headers) -> Credentials | None:
    """Return what a request gives to be let in; what cannot be read is nobody's, and a try too."""
    scheme, _, encoded = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        decoded = base64.b64decode(encoded.strip(), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        decoded = ""
    name, _, password = decoded.partition(":")
    return Credentials(name=name, password=password)
