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
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from onrecord.api.desk import Desk
from onrecord.api.http import LARGEST_BODY, http_api
from onrecord.api.mcp import mcp_server
from onrecord.api.warming import Warming
from onrecord.assistant import Assistant
from onrecord.corpus import MAX_BYTES
from onrecord.hosts import is_loopback
from onrecord.ui.theme import look

API_PREFIX = "/api/v1"
MCP_PATH = "/mcp"

_LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")

# Gradio's front end runs inline scripts and compiles templates; everything that it needs
# comes from the page's own address, and the browser is told to load nothing else.
_POLICY = (
    "default-src 'self' data: blob:; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; connect-src 'self'; object-src 'none'; "
    "base-uri 'self'; form-action 'self'"
)


class OwnAddressOnly:
    """Tells the browser, with every response, to load nothing from elsewhere.

    Args:
        app: The application that answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, with the policy among the response's headers."""

        async def send_with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = _POLICY
                headers["Referrer-Policy"] = "no-referrer"
            await send(message)

        await self._app(scope, receive, send_with_policy)


def build_app(assistant: Assistant | None, page: gr.Blocks, host: str = "127.0.0.1") -> FastAPI:
    """Return the application: the page at /, the API below /api/v1, the tools at /mcp.

    On loopback it answers to the names of loopback alone, so that no other site can have its own
    name lead here. On any other address it cannot know its names, and answers to all.

    Args:
        assistant: Who answers programs, and is warmed when the application starts; None serves
            the page alone.
        page: The page, which the application is from then on of.
        host: The address that it will be served on.
    """
    guards = [Middleware(OwnAddressOnly)]
    if names := _names(host):
        guards.append(Middleware(TrustedHostMiddleware, allowed_hosts=names, www_redirect=False))
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


def _names(host: str) -> list[str]:
    """Return the names by which an address of loopback is called; none for any other address."""
    bare = host.strip("[]")
    own = f"[{bare}]" if ":" in bare else bare
    return sorted({*_LOOPBACK_NAMES, own}) if is_loopback(bare) else []


def _security(names: Sequence[str]) -> TransportSecuritySettings:
    return TransportSecuritySettings(
        enable_dns_rebinding_protection=bool(names),
        allowed_hosts=[form for name in names for form in (name, f"{name}:*")],
        allowed_origins=[form for name in names for form in (f"http://{name}", f"http://{name}:*")],
    )
