"""How the server stands: does it live, and would it answer at once?"""

from __future__ import annotations

from http import HTTPStatus
from typing import Literal

from fastapi import APIRouter, Request

from onrecord.api.described import failures
from onrecord.api.warming import Warming
from onrecord.types import Value

HEALTH = "/health"
READY = "/ready"

router = APIRouter()


class State(Value):
    """Whether the server lives, or is ready to answer at once."""

    status: Literal["live", "ready"]


@router.get(HEALTH, summary="Does the server live?")
async def health() -> State:
    """Return at once, whatever else is being done."""
    return State(status="live")


@router.get(
    READY,
    summary="Would a question be answered at once?",
    responses=failures(HTTPStatus.SERVICE_UNAVAILABLE),
)
async def ready(request: Request) -> State:
    """Return once weights, engine, index and text are ready; until then it is an error."""
    warming: Warming = request.app.state.warming
    warming.check()
    return State(status="ready")
