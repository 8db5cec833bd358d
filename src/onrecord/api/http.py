"""The HTTP API: questions, search and documents as JSON, described at /openapi.json."""

from __future__ import annotations

from importlib.metadata import version

from fastapi import FastAPI
from fastapi.routing import APIRoute

from onrecord.api import asking, reading, standing
from onrecord.api.described import ABOUT
from onrecord.api.responses import HANDLERS
from onrecord.api.warming import Warming
from onrecord.desk import Desk


def http_api(desk: Desk, warming: Warming) -> FastAPI:
    """Return the API, to be mounted at its prefix.

    Args:
        desk: Where questions are put, and whose assistant's documents are shown.
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
        exception_handlers=HANDLERS,
    )
    api.state.desk, api.state.warming = desk, warming
    for routes in (asking, reading, standing):
        api.include_router(routes.router)
    return api


def _name_of(route: APIRoute) -> str:
    return route.name
