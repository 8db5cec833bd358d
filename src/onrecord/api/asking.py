"""Asking a question over HTTP: the answer as a whole, or as it comes in."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from onrecord.api.described import ANSWERED, STREAMED, Responses, failures
from onrecord.api.people import person_of
from onrecord.api.problems import failure, failure_of
from onrecord.connected import CLIENT_GONE, while_connected
from onrecord.desk import Ask, Desk, Waiting, answer_of
from onrecord.errors import INTERNAL, OnrecordError
from onrecord.observe.request import current, unforeseen
from onrecord.types import (
    Answer,
    AnswerReady,
    ClaimVerified,
    Decided,
    Event,
    EvidenceFound,
    StageStarted,
)

# What a model has written is not for programs before it is verified.
_EVENTS: dict[type[Event | Waiting], str] = {
    Waiting: "waiting",
    StageStarted: "stage",
    EvidenceFound: "evidence",
    Decided: "decided",
    ClaimVerified: "claim",
    AnswerReady: "answer",
}

log = logging.getLogger(__name__)
router = APIRouter()


async def _only_json(request: Request) -> None:
    """Refuse what a form of another site could send without being allowed to."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise HTTPException(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send JSON, with Content-Type: application/json."
        )


async def _asking(request: Request, asked: Ask) -> AsyncIterator[AsyncIterator[Event | Waiting]]:
    desk: Desk = request.app.state.desk
    async with desk.asking(asked, person_of(request)) as events:
        yield events


Asking = Annotated[AsyncIterator[Event | Waiting], Depends(_asking)]

_REFUSED = failures(
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.SERVICE_UNAVAILABLE,
)
# Of a route that streams, FastAPI takes it that refusals are streamed too.
_REFUSED_AS_JSON: Responses = {
    status: {
        "description": said["description"],
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Failure"}}},
    }
    for status, said in _REFUSED.items()
}


@router.post(
    "/ask",
    summary="Ask, and wait for the answer",
    dependencies=[Depends(_only_json)],
    responses={200: {"content": {"application/json": {"example": ANSWERED}}}, **_REFUSED},
)
async def ask(request: Request, events: Asking) -> Answer:
    """Answer a question, or say that the corpus does not.

    Questions are answered in turn; `/ask/stream` says how many come before. Whoever hangs up is
    not answered.
    """
    async with while_connected(request.receive):
        return await answer_of(events)
    raise HTTPException(CLIENT_GONE, "The client has gone away.")


@router.post(
    "/ask/stream",
    summary="Ask, and see the answer come in",
    dependencies=[Depends(_only_json)],
    response_class=EventSourceResponse,
    responses={
        200: {
            "description": "Events; the last is `answer` or `error`.",
            "content": {"text/event-stream": {"example": STREAMED}},
        },
        **_REFUSED_AS_JSON,
    },
)
async def ask_stream(events: Asking) -> AsyncIterator[ServerSentEvent]:
    """Answer a question in server-sent events, each with JSON.

    - `waiting`: so many questions are answered before this one; sent each two seconds.
    - `stage`: a stage has begun: `understand`, `retrieve`, `read` or `word`.
    - `evidence`: the sentences that were found, best first; those that are likely to be found
      come before, where the question has to wait.
    - `decided`: whether the corpus answers the question, and from which sentences.
    - `claim`: a sentence of the answer, verified; it is never taken back.
    - `answer`: the whole answer, as `/ask` returns it. It is the last event.
    - `error`: what went wrong, in the shape of all errors. It is the last event.
    """
    try:
        async for event in events:
            if name := _EVENTS.get(type(event)):
                yield ServerSentEvent(event=name, data=event)
    except OnrecordError as error:
        yield ServerSentEvent(event="error", data=failure_of(error))
    except Exception:
        log.exception("Request %s failed", current())
        yield ServerSentEvent(event="error", data=failure(INTERNAL, unforeseen()))
