"""Lending the engine to other machines, as an OpenAI-compatible server of two models.

llama.cpp's own server mixes up what it is asked at once with and without the reader, and lets
whoever may ask it do more than ask. So it stays on loopback, and this stands before it: it wants a
key, takes the one kind of request that onrecord makes, and has each answered in its turn, for
which this machine's own processes wait too.
"""

from __future__ import annotations

import hmac
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack, asynccontextmanager, suppress
from http import HTTPStatus
from typing import Any

import anyio
import httpx
from anyio import CancelScope, move_on_after, to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from onrecord.body import LimitedBody
from onrecord.connected import while_connected
from onrecord.errors import OnrecordError
from onrecord.models.address import EngineAddress
from onrecord.models.engine import Engine
from onrecord.models.starting import READER_NAME, READING, WRITER_NAME, WRITING
from onrecord.models.wanted import wanted_by

MOST_WAITING = 64
_LOOK_SECONDS = 0.02
_WAYS: Mapping[str, Mapping[str, Any]] = {WRITER_NAME: WRITING, READER_NAME: READING}


class Lender:
    """Has an engine answer one request at a time, first come first served.

    Args:
        engine: What answers; it is started where it does not run.
        key: What clients have to show.
        wait: Seconds for the engine to answer, and for a client to take an answer.
    """

    def __init__(self, engine: Engine, key: str, wait: float) -> None:
        self._engine = engine
        self._key = key.encode()
        self._wait = wait
        self._client = httpx.AsyncClient(trust_env=False, timeout=wait)
        self._address: EngineAddress | None = None
        self._in_turn = anyio.Lock()
        self._present = 0

    def app(self) -> Starlette:
        """Return the application that is to be served."""
        return Starlette(
            routes=[
                Route("/health", self._health),
                Route("/v1/models", self._models),
                Route("/v1/chat/completions", self._complete, methods=["POST"]),
            ],
            middleware=[Middleware(LimitedBody)],
            exception_handlers={
                HTTPException: _on_refusal,
                OnrecordError: _on_trouble,
                httpx.HTTPError: _on_trouble,
            },
        )

    async def relay(self, body: Mapping[str, Any], send: Send) -> None:
        """Send on what the engine answers to a request, in its turn; cancelling this ends it.

        Raises:
            OnrecordError: The engine is busy, or does not start.
            httpx.HTTPError: It does not answer.
        """
        self._present += 1
        try:
            async with self._turn(), self._answering(body) as answer:
                kind = answer.headers.get("content-type", "application/json").encode()
                start = {"type": "http.response.start", "status": answer.status_code}
                await send({**start, "headers": [(b"content-type", kind)]})
                # Where the engine breaks off, or the client does not read, the answer breaks off
                # for the client too, which is how it knows.
                with suppress(httpx.HTTPError), move_on_after(self._wait):
                    async for piece in answer.aiter_raw():
                        await send({"type": "http.response.body", "body": piece, "more_body": True})
                    await send({"type": "http.response.body", "body": b""})
        finally:
            self._present -= 1

    async def _health(self, _request: Request) -> Response:
        return JSONResponse({"status": "live"})

    async def _models(self, request: Request) -> Response:
        self._check_key(request)
        listed = [{"id": name, "object": "model", "owned_by": "onrecord"} for name in _WAYS]
        return JSONResponse({"object": "list", "data": listed})

    async def _complete(self, request: Request) -> Response:
        self._check_key(request)
        wanted = await wanted_by(request)
        if self._present >= MOST_WAITING:
            said = f"{MOST_WAITING} requests wait for the engine already; ask again in a while."
            raise HTTPException(HTTPStatus.TOO_MANY_REQUESTS, said)
        way = _WAYS.get(wanted.model)
        if way is None:
            said = f"There is no model {wanted.model!r} here; there are {', '.join(_WAYS)}."
            raise HTTPException(HTTPStatus.NOT_FOUND, said)
        return _Relayed(self, wanted.for_engine(way))

    def _check_key(self, request: Request) -> None:
        scheme, _, shown = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not hmac.compare_digest(shown.encode(), self._key):
            raise HTTPException(
                HTTPStatus.UNAUTHORIZED,
                "The engine wants its key; set ONRECORD_API_KEY to its ONRECORD_ENGINE_KEY.",
                {"WWW-Authenticate": "Bearer"},
            )

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """Wait for those who came before, and then for this machine's other processes."""
        async with self._in_turn:
            with ExitStack() as held:
                await to_thread.run_sync(held.enter_context, self._engine.turn())
                yield

    @asynccontextmanager
    async def _answering(self, body: Mapping[str, Any]) -> AsyncIterator[httpx.Response]:
        """Ask the engine; in the end it is at rest, even if it was left in the middle."""
        try:
            answer = await self._asked(body)
            try:
                yield answer
            finally:
                with CancelScope(shield=True):
                    await answer.aclose()
        finally:
            with CancelScope(shield=True):
                with move_on_after(self._wait) as waiting:
                    while await self._is_busy():
                        await anyio.sleep(_LOOK_SECONDS)
                if waiting.cancelled_caught:
                    await self._give_up()

    async def _give_up(self) -> None:
        """Let go of an engine that hangs; the next request is its successor's."""
        self._address = None
        await to_thread.run_sync(self._engine.give_up)

    async def _asked(self, body: Mapping[str, Any]) -> httpx.Response:
        """Ask the engine, or, where it has died, its successor."""
        if self._address is not None:
            try:
                return await self._sent(self._address, body)
            except (httpx.NetworkError, httpx.RemoteProtocolError):
                self._address = None
        self._address = await to_thread.run_sync(self._engine.connect)
        return await self._sent(self._address, body)

    async def _sent(self, address: EngineAddress, body: Mapping[str, Any]) -> httpx.Response:
        url, headers = f"{address.url}/v1/chat/completions", address.headers
        request = self._client.build_request("POST", url, json=dict(body), headers=headers)
        try:
            return await self._client.send(request, stream=True)
        except httpx.ReadTimeout:
            await self._give_up()
            raise

    async def _is_busy(self) -> bool:
        address = self._address
        if address is None:
            return False
        try:
            shown = await self._client.get(f"{address.url}/slots", headers=address.headers)
            return any(slot["is_processing"] for slot in shown.json())
        except httpx.TimeoutException:
            return True
        except (httpx.HTTPError, ValueError, LookupError, TypeError):
            return False  # it is gone, and so is what it was answering


class _Relayed(Response):
    """What the engine answers, until the client hangs up."""

    background = None

    def __init__(self, lender: Lender, body: Mapping[str, Any]) -> None:
        self._lender, self._asked_for = lender, body

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        async with while_connected(receive):
            await self._lender.relay(self._asked_for, send)


async def _on_refusal(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return _failure(error.status_code, error.detail, error.headers)


async def _on_trouble(_request: Request, error: Exception) -> Response:
    said = str(error) if isinstance(error, OnrecordError) else "The engine does not answer."
    return _failure(HTTPStatus.SERVICE_UNAVAILABLE, said)


def _failure(status: int, said: str, headers: Mapping[str, str] | None = None) -> Response:
    return JSONResponse({"error": {"message": said, "code": status}}, status, headers)
