"""The HTTP API: questions, search and documents as JSON, described at /openapi.json."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Mapping
from http import HTTPStatus
from importlib.metadata import version
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Query, Request
from fastapi import Path as InPath
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.exceptions import HTTPException as AnyHTTPException
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from onrecord.api.desk import Ask, Desk, answer_of
from onrecord.api.lookup import (
    DocumentEntry,
    DocumentText,
    SentenceInPlace,
    document_text,
    entries,
    sentence_in_place,
)
from onrecord.api.problems import INTERNAL, Failure, failure, failure_of, status_of
from onrecord.api.warming import Warming
from onrecord.assistant import Assistant
from onrecord.connected import while_connected
from onrecord.errors import OnrecordError
from onrecord.hosts import client_at
from onrecord.types import (
    Answer,
    AnswerReady,
    ClaimVerified,
    Decided,
    Event,
    Evidence,
    EvidenceFound,
    StageStarted,
    Value,
)

HEALTH = "/health"
READY = "/ready"
LARGEST_BODY = 1_000_000
_MOST_FOUND = 50
_RETRY_SECONDS = 10
_CLIENT_GONE = 499
_UNFORESEEN = "Something unforeseen went wrong; the server's log says what."

# What a model has written is not for programs before it is verified.
_EVENTS: dict[type[Event], str] = {
    StageStarted: "stage",
    EvidenceFound: "evidence",
    Decided: "decided",
    ClaimVerified: "claim",
    AnswerReady: "answer",
}
_KINDS: dict[int, str] = {
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.METHOD_NOT_ALLOWED: "method",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too_large",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "media_type",
}

_ABOUT = """Answers questions about a corpus of documents. Every sentence of an answer cites the
exact sentence that it rests on, or the answer is that the corpus does not say
(`"status": "not_in_corpus"`), which is a success too.

Every other response than a success is `{"error": {"kind": …, "message": …}}`.
Offsets count Unicode code points from the first one of the document's text."""

_CITED = {
    "number": 1,
    "document_id": "bridge.txt",
    "title": "The bridge is open",
    "sentence": 1,
    "start": 58,
    "end": 102,
    "text": "Mayor Anna Berg opened the bridge on Friday.",
    "page": None,
}
_ANSWERED = {
    "question": "Who opened the bridge?",
    "text": "Anna Berg opened the bridge [1].",
    "status": "answered",
    "claims": [{"text": "Anna Berg opened the bridge.", "citations": [_CITED]}],
    "citations": [_CITED],
    "nearest": [],
    "model": "local",
    "timings": {"total": 2.8},
}
_STREAMED = (
    'event: stage\ndata: {"stage":"understand"}\n\n'
    'event: claim\ndata: {"claim":{"text":"Anna Berg opened the bridge.",…}}\n\n'
    'event: answer\ndata: {"answer":{"text":"Anna Berg opened the bridge [1].",…}}\n\n'
)

log = logging.getLogger(__name__)
router = APIRouter()


class State(Value):
    """Whether the server lives, or is ready to answer at once."""

    status: Literal["live", "ready"]


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
        description=_ABOUT,
        version=version("onrecord"),
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=_name_of,
        middleware=[Middleware(LimitedBody)],
        exception_handlers={
            OnrecordError: _on_own_error,
            RequestValidationError: _on_malformed,
            AnyHTTPException: _on_http_error,
            Exception: _on_unforeseen,
        },
    )
    api.state.assistant, api.state.desk, api.state.warming = assistant, desk, warming
    api.include_router(router)
    return api


class LimitedBody:
    """Reads no body to the end that is larger than `LARGEST_BODY`.

    Args:
        app: The application that answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it in the shape of all errors."""
        size = 0

        async def receive_so_much() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > LARGEST_BODY:
                raise HTTPException(
                    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                    f"The body is larger than {LARGEST_BODY:,} bytes; send a shorter one.",
                )
            return message

        await self._app(scope, receive_so_much, send)


async def _assistant(request: Request) -> Assistant:
    assistant: Assistant = request.app.state.assistant
    return assistant


async def _only_json(request: Request) -> None:
    """Refuse what a form of another site could send without being allowed to."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise HTTPException(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send JSON, with Content-Type: application/json."
        )


async def _asking(request: Request, asked: Ask) -> AsyncIterator[AsyncIterator[Event]]:
    desk: Desk = request.app.state.desk
    client = client_at(request.client.host) if request.client else None
    async with desk.asking(asked, client) as events:
        yield events


Answering = Annotated[Assistant, Depends(_assistant)]
Asking = Annotated[AsyncIterator[Event], Depends(_asking)]


def _failures(*statuses: HTTPStatus) -> dict[int | str, dict[str, Any]]:
    """Describe the responses that are no success, for those who read the API's description."""
    return {int(status): {"model": Failure, "description": status.phrase} for status in statuses}


_REFUSED = _failures(
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.SERVICE_UNAVAILABLE,
)
# Of a route that streams, FastAPI takes it that refusals are streamed too.
_REFUSED_AS_JSON: dict[int | str, dict[str, Any]] = {
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
    responses={200: {"content": {"application/json": {"example": _ANSWERED}}}, **_REFUSED},
)
async def ask(request: Request, events: Asking) -> Answer:
    """Answer a question, or say that the corpus does not.

    Questions are answered in turn. Whoever hangs up is not answered.
    """
    async with while_connected(request.receive):
        return await answer_of(events)
    raise HTTPException(_CLIENT_GONE, "The client has gone away.")


@router.post(
    "/ask/stream",
    summary="Ask, and see the answer come in",
    dependencies=[Depends(_only_json)],
    response_class=EventSourceResponse,
    responses={
        200: {
            "description": "Events; the last is `answer` or `error`.",
            "content": {"text/event-stream": {"example": _STREAMED}},
        },
        **_REFUSED_AS_JSON,
    },
)
async def ask_stream(events: Asking) -> AsyncIterator[ServerSentEvent]:
    """Answer a question in server-sent events, each with JSON.

    - `stage`: a stage has begun: `understand`, `retrieve`, `read` or `word`.
    - `evidence`: the sentences that were found, best first.
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
        log.exception("A question failed")
        yield ServerSentEvent(event="error", data=failure(INTERNAL, _UNFORESEEN))


@router.get(
    "/search",
    summary="Search the sentences",
    responses=_failures(HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.SERVICE_UNAVAILABLE),
)
def search(
    assistant: Answering,
    q: Annotated[str, Query(description="What to search for.", examples=["peace talks"])],
    k: Annotated[int, Query(ge=1, le=_MOST_FOUND, description="How many, at most.")] = 8,
) -> tuple[Evidence, ...]:
    """Return the sentences that come nearest to some words, best first; no model is asked."""
    return assistant.search(q, k)


@router.get("/documents", summary="List the documents")
def documents(assistant: Answering) -> tuple[DocumentEntry, ...]:
    """Return what can be asked about."""
    return entries(assistant)


@router.get(
    "/documents/{id:path}",
    summary="Read a document",
    responses=_failures(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
)
def document(
    assistant: Answering,
    document_id: Annotated[
        str, InPath(alias="id", description="Its id, slashes included.", examples=["bridge.txt"])
    ],
) -> DocumentText:
    """Return a document's text, and where its sentences stand in it."""
    return document_text(assistant, document_id)


@router.get(
    "/sentences",
    summary="Read a sentence",
    responses=_failures(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
)
def sentence(
    assistant: Answering,
    document: Annotated[str, Query(description="The document's id.", examples=["bridge.txt"])],
    number: Annotated[
        int, Query(description="Its place in the document, counted from 0, as in citations.")
    ],
) -> SentenceInPlace:
    """Return a sentence, and the ones that stand before and after it."""
    return sentence_in_place(assistant, document, number)


@router.get(HEALTH, summary="Does the server live?")
async def health() -> State:
    """Return at once, whatever else is being done."""
    return State(status="live")


@router.get(
    READY,
    summary="Would a question be answered at once?",
    responses=_failures(HTTPStatus.SERVICE_UNAVAILABLE),
)
async def ready(request: Request) -> State:
    """Return once weights, engine, index and text are ready; until then it is an error."""
    warming: Warming = request.app.state.warming
    warming.check()
    return State(status="ready")


async def _on_own_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, OnrecordError)
    status = status_of(error)
    busy = status == HTTPStatus.TOO_MANY_REQUESTS
    return _response(
        status, failure_of(error), {"Retry-After": str(_RETRY_SECONDS)} if busy else None
    )


async def _on_malformed(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    faults = [
        f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}"
        for fault in error.errors()
    ]
    return _response(HTTPStatus.UNPROCESSABLE_ENTITY, failure("request", f"{'; '.join(faults)}."))


async def _on_http_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, AnyHTTPException)
    kind = _KINDS.get(error.status_code, "request")
    return _response(error.status_code, failure(kind, error.detail), error.headers)


async def _on_unforeseen(_request: Request, _error: Exception) -> JSONResponse:
    return _response(HTTPStatus.INTERNAL_SERVER_ERROR, failure(INTERNAL, _UNFORESEEN))


def _response(status: int, said: Failure, headers: Mapping[str, str] | None = None) -> JSONResponse:
    return JSONResponse(said.model_dump(), status, headers=headers)


def _name_of(route: APIRoute) -> str:
    return route.name
