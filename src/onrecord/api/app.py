"""The page, the HTTP API and the tools for assistants, as one application at one address."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import gradio as gr
from fastapi import FastAPI
from gradio.routes import App as PageApp
from mcp.server.transport_security import TransportSecuritySettings
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from onrecord.access import ONLY_HERE, Access
from onrecord.api.desk import Desk
from onrecord.api.door import Door
from onrecord.api.http import HEALTH, LARGEST_BODY, http_api
from onrecord.api.login import Login
from onrecord.api.mcp import mcp_server
from onrecord.api.warming import Warming
from onrecord.assistant import Assistant
from onrecord.corpus import MAX_BYTES
from onrecord.ui.theme import look

API_PREFIX = "/api/v1"
MCP_PATH = "/mcp"

# Gradio's front end runs inline scripts and compiles templates; everything that it needs
# comes from the page's own address, and the browser is told to load nothing else. No other site
# may show the page in a frame, where readers could be led to click what they do not see.
_POLICY = (
    "default-src 'self' data: blob:; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; connect-src 'self'; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
}


class OwnAddressOnly:
    """Tells the browser, with every response, to keep to this address.

    Args:
        app: The application that answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, with what the browser is told among the response's headers."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        await self._app(scope, receive, send_with_headers)


def build_app(
    assistant: Assistant | None,
    page: gr.Blocks,
    host: str = "127.0.0.1",
    access: Access = ONLY_HERE,
) -> FastAPI:
    """Return the application: the page at /, the API below /api/v1, the tools at /mcp.

    On loopback it answers to the names of loopback alone, so that no other site can have its own
    name lead here. On any other address it cannot know its names, and answers to all, unless it is
    told them.

    Args:
        assistant: Who answers programs, and is warmed when the application starts; None serves
            the page alone.
        page: The page, which the application is from then on of.
        host: The address that it will be served on.
        access: Who may ask there, and by which names.
    """
    names = access.names(host)
    guards = _guards(names, access)
    if assistant is None:
        app = FastAPI(openapi_url=None, middleware=guards)
    else:
        app = _for_programs(assistant, names, guards)
    _mount(page, app)
    return app


def end_work(app: FastAPI) -> None:
    """Give up what programs have asked; called when the server of an application is ended."""
    desk: Desk | None = getattr(app.state, "desk", None)
    if desk is not None:
        desk.end()


def _guards(names: Sequence[str], access: Access) -> list[Middleware]:
    """Return what every request goes through, the first one first."""
    guards = [Middleware(OwnAddressOnly)]
    if names:
        guards.append(Middleware(TrustedHostMiddleware, allowed_hosts=names, www_redirect=False))
    # It lets no other site read a response. Where it is missing, Gradio adds one of its own, which
    # lets every site read the page's, with the reader's login.
    guards.append(Middleware(CORSMiddleware, allow_origins=()))
    if access.users is not None:
        door = Door(access.users)
        health = f"{API_PREFIX}{HEALTH}"
        guards.append(Middleware(Login, door=door, programs=API_PREFIX, anybody=health))
    return guards


def _for_programs(
    assistant: Assistant, names: Sequence[str], guards: Sequence[Middleware]
) -> FastAPI:
    desk, warming = Desk(assistant), Warming(assistant)
    tools = mcp_server(assistant, desk)
    to_tools = tools.streamable_http_app(
        streamable_http_path=MCP_PATH,
        stateless_http=True,  # so that a question ends with its request
        max_request_body_size=LARGEST_BODY,
        transport_security=_security(names),
    )

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with warming.running(), tools.session_manager.run():
            yield

    app = FastAPI(openapi_url=None, middleware=guards, lifespan=lifespan)
    app.state.desk = desk
    app.mount(API_PREFIX, http_api(assistant, desk, warming))
    app.router.routes.extend(to_tools.routes)
    return app


def _mount(page: gr.Blocks, app: FastAPI) -> None:
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        run_history=False,
        enable_monitoring=False,
        show_error=False,
        max_file_size=MAX_BYTES,
        app_kwargs={"openapi_url": None},
        **look(),
    )
    # Gradio leaves the page with the application that it was built with, and then looks there
    # for what is being done, to cancel it, and to end it.
    page.app = page.server_app = next(
        route.app
        for route in app.routes
        if isinstance(route, Mount) and isinstance(route.app, PageApp)
    )


def _security(names: Sequence[str]) -> TransportSecuritySettings:
    return TransportSecuritySettings(
        enable_dns_rebinding_protection=bool(names),
        allowed_hosts=[form for name in names for form in (name, f"{name}:*")],
        allowed_origins=[
            form
            for name in names
            for scheme in ("http", "https")
            for form in (f"{scheme}://{name}", f"{scheme}://{name}:*")
        ],
    )
