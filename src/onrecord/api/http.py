"""The HTTP API: questions, search and documents as JSON, described at /openapi.json."""

from __future__ import annotations

from importlib.metadata import version

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.middleware import Middleware

from onrecord.api import asking, reading, standing
from onrecord.api.described import ABOUT
from onrecord.api.desk import Desk
from onrecord.api.responses import HANDLERS
from onrecord.api.warming import Warming
from onrecord.assistant import Assistant
from onrecord.body import LimitedBody


def http_api(assistant: Assistant, desk: Desk, warming: Warming) -> FastAPI:
    """Return the API, to be mounted at its prefix.

    Args:
        assistant: Who answers, and whose documents are shown.
        desk: Where its questions are put.
        warming: What knows whether it is ready.
    """
    api = FastAPI(
        title="onrecord",
        summary="Ask documents anything; every sentence of the answer is cited.",
        description=ABOUT,
        version=version("onrecord"),
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=_name_of,
        middleware=[Middleware(LimitedBody)],
        exception_handlers=HANDLERS,
    )
    api.state.assistant, api.state.desk, api.state.warming = assistant, desk, warming
    for routes in (asking, reading, standing):
        api.include_router(routes.router)
    return api


def _name_of(route: APIRoute) -> str:
    return route.name
