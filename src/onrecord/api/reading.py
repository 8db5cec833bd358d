"""Reading over HTTP what can be asked about: a search, the documents, their sentences."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request

from onrecord.api.described import failures
from onrecord.api.lookup import (
    MOST_FOUND,
    DocumentEntry,
    DocumentText,
    SentenceInPlace,
    document_text,
    entries,
    sentence_in_place,
)
from onrecord.assistant import Assistant
from onrecord.desk import Desk
from onrecord.types import Findings

router = APIRouter()

_REFUSED = failures(
    HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.TOO_MANY_REQUESTS
)


async def _assistant(request: Request) -> Assistant:
    desk: Desk = request.app.state.desk
    return desk.assistant


Answering = Annotated[Assistant, Depends(_assistant)]


@router.get(
    "/search",
    summary="Search the sentences",
    responses=failures(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.SERVICE_UNAVAILABLE,
    ),
)
def search(
    assistant: Answering,
    q: Annotated[str, Query(description="What to search for.", examples=["peace talks"])],
    k: Annotated[int, Query(ge=1, le=MOST_FOUND, description="How many, at most.")] = 8,
) -> Findings:
    """Return the sentences that come nearest to some words, best first; no model is asked."""
    return assistant.search(q, k)


@router.get(
    "/documents",
    summary="List the documents",
    responses=failures(HTTPStatus.TOO_MANY_REQUESTS),
)
def documents(assistant: Answering) -> tuple[DocumentEntry, ...]:
    """Return what can be asked about."""
    return entries(assistant)


@router.get(
    "/documents/{id:path}",
    summary="Read a document",
    responses=_REFUSED,
)
def document(
    assistant: Answering,
    document_id: Annotated[
        str, Path(alias="id", description="Its id, slashes included.", examples=["bridge.txt"])
    ],
) -> DocumentText:
    """Return a document's text, and where its sentences stand in it."""
    return document_text(assistant, document_id)


@router.get(
    "/sentences",
    summary="Read a sentence",
    responses=_REFUSED,
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
