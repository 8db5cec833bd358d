"""The page, the HTTP API and the tools for assistants, as one application at one address."""

from __future__ import annotations

from collections.abc import AsyncIterator, MutableMapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import gradio as gr
from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from gradio.routes import App as PageApp
from mcp.server.transport_security import TransportSecuritySettings
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import Mount

from onrecord.access import ONLY_HERE, Access
from onrecord.api.browsers import BrowserRules
from onrecord.api.door import Door
from onrecord.api.files import NoFiles
from onrecord.api.http import http_api
from onrecord.api.login import Login, name_of
from onrecord.api.mcp import mcp_server
from onrecord.api.paced import MCP_PATH, Paced
from onrecord.api.presses import LimitedPresses
from onrecord.api.refusals import API_PREFIX
from onrecord.api.requests import RequestIds
from onrecord.api.sessions import KnownSessions
from onrecord.api.sites import OwnAddressOnly
from onrecord.api.standing import HEALTH, READY
from onrecord.api.uploads import UPLOAD, LimitedUploads
from onrecord.api.warming import Warming
from onrecord.body import LARGEST_BODY, LimitedBody
from onrecord.corpus import MAX_BYTES
from onrecord.desk import Desk
from onrecord.observe.watch import Watch
from onrecord.ui.theme import look

_ANYBODY = (f"{API_PREFIX}{HEALTH}", f"{API_PREFIX}{READY}")
"""What tells whoever runs the server, or divides questions among several, how it is."""


def build_app(
    desk: Desk | None,
    page: gr.Blocks,
    host: str = "127.0.0.1",
    access: Access = ONLY_HERE,
) -> FastAPI:
    """Return the application: the page at /, the API below /api/v1, the tools at /mcp.

    Where the assistant counts its questions, metrics are at /metrics.

    On loopback it answers to the names of loopback alone, so that no other site can have its own
    name lead here. On any other address it cannot know its names, and answers to all, unless it is
    told them.

    Args:
        desk: Where programs put their questions, and whose assistant is warmed when the
            application starts; None serves the page alone.
        page: The page, which the application is from then on of.
        host: The address that it will be served on.
        access: Who may ask there, and by which names.
    """
    names = access.names(host)
    of_page = [Middleware(KnownSessions, page=page), Middleware(LimitedPresses, page=page)]
    guards = [*_guards(names, access), *of_page]
    if desk is None:
        app = FastAPI(openapi_url=None, middleware=guards, telemetry=_telemetry(Watch()))
    else:
        app = _for_programs(desk, names, guards, says_why=access.users is None)
    _mount(page, app, access)
    return app


def end_work(app: FastAPI) -> None:
    """Give up the questions that are here; called when the server of an application is ended."""
    desk: Desk | None = getattr(app.state, "desk", None)
    if desk is not None:
        desk.end()


def _guards(names: Sequence[str], access: Access) -> list[Middleware]:
    """Return what every request goes through, the first one first."""
    guards = [Middleware(BrowserRules), Middleware(RequestIds), Middleware(OwnAddressOnly)]
    if names:
        guards.append(Middleware(TrustedHostMiddleware, allowed_hosts=names, www_redirect=False))
    # It lets no other site read a response. Where it is missing, Gradio adds one of its own, which
    # lets every site read the page's, with the reader's login.
    guards.append(Middleware(CORSMiddleware, allow_origins=()))
    if access.users is not None:
        door = Door(access.users)
        guards.append(Middleware(Login, door=door, anybody=_ANYBODY))
    return [
        *guards,
        Middleware(Paced),  # it knows people by what the login says
        Middleware(LimitedBody, but=(UPLOAD,)),
        Middleware(LimitedUploads),
        Middleware(NoFiles),
    ]


def _for_programs(
    desk: Desk, names: Sequence[str], guards: Sequence[Middleware], says_why: bool
) -> FastAPI:
    warming = Warming(desk.assistant, says_why)
    tools = mcp_server(desk)
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

    app = FastAPI(
        openapi_url=None,
        middleware=guards,
        lifespan=lifespan,
        telemetry=_telemetry(desk.assistant.watch),
    )
    app.state.desk = desk
    app.mount(API_PREFIX, http_api(desk, warming))
    app.router.routes.extend(to_tools.routes)
    if desk.assistant.watch.metrics is not None:
        from onrecord.api.measures import metrics_route

        app.router.routes.append(metrics_route(desk.assistant.watch.metrics, desk))
    return app


def _telemetry(watch: Watch) -> TelemetryConfig:
    """Return what FastAPI traces, here and in what is mounted: questions, if anything is traced.

    The addresses of other requests have words in them, such as those of a search.
    """

    def is_left_out(scope: MutableMapping[str, Any]) -> bool:
        return not (watch.is_traced and scope["path"].startswith(f"{API_PREFIX}/ask"))

    return {
        "exclude": is_left_out,
        "metrics": False,
        "logs": False,
        "operation_spans": False,
        "auto_configure": False,
    }


def _mount(page: gr.Blocks, app: FastAPI, access: Access) -> None:
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
        auth_dependency=None if access.users is None else name_of,
        **look(),
    )
    page.has_launched = True  # or else Gradio looks at no path that a request names
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
