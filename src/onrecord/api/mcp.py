"""The tools by which another assistant asks onrecord (Model Context Protocol)."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from typing import Annotated, Any

from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import Field
from starlette.requests import Request

from onrecord.api.lookup import (
    MOST_FOUND,
    DocumentEntry,
    SentenceInPlace,
    entries,
    sentence_in_place,
)
from onrecord.api.people import person_of
from onrecord.api.warming import Warming
from onrecord.assistant import Assistant
from onrecord.desk import Ask, Desk, answer_of
from onrecord.errors import OnrecordError
from onrecord.observe.request import accepted, current, named, unforeseen
from onrecord.types import Citation, Evidence, Message, Scope, Status, Value

_READS_ONLY = ToolAnnotations(read_only_hint=True, open_world_hint=False)

_MOST_LISTED = 100

_ABOUT = (
    "onrecord answers questions about the user's own documents (news articles and others). Every "
    "sentence of an answer cites the exact sentence of a document that it rests on; where the "
    "documents do not say, neither does it. Use `ask` for a question, `search` to see which "
    "sentences are about something, `get_sentence` to read a cited sentence in its place, "
    "`list_documents` to see what there is. Quote a citation's text as it is."
)
_ASK = (
    "Ask the documents a question. status is 'answered', and then every sentence of text has "
    "[1]-style markers for its citations; or 'not_in_corpus': the documents do not say, and "
    "nothing else should be presented as their answer, not the nearest sentences either. Where "
    "is_behind is true, documents have changed that it was not answered from yet: say so, and ask "
    "again later."
)
_SEARCH = (
    "Find the sentences of the documents that come nearest to some words, best first. They are "
    "about it at best; whether they answer a question, `ask` decides. Where is_behind is true, "
    "documents have changed that were not searched yet: say so, and search again later."
)
_GET_SENTENCE = (
    "Read one sentence of a document with the sentences before and after it, by the document_id "
    "and sentence number of a citation or of a search result."
)
_LIST_DOCUMENTS = (
    "List the documents that can be asked about: id, title, source, date and number of sentences. "
    f"At most {_MOST_LISTED} are listed; count says how many there are, and find narrows them down."
)

log = logging.getLogger(__name__)


class ToolAnswer(Value):
    """What came of a question.

    Attributes:
        status: "answered" or "not_in_corpus".
        text: The answer in words, with [1]-style markers.
        citations: The sentences that it rests on, by number.
        nearest: Where the documents do not say, the sentences that come nearest, best first.
        is_behind: Whether documents had changed that it was not answered from.
    """

    status: Status
    text: str
    citations: tuple[Citation, ...]
    nearest: tuple[Citation, ...]
    is_behind: bool


class FoundSentence(Value):
    """A sentence that a search has found."""

    document_id: str
    title: str
    sentence: int = Field(description="Its place in the document, counted from 0.")
    page: int | None
    text: str


class FoundSentences(Value):
    """What a search has found.

    Attributes:
        sentences: Those that come nearest, best first.
        is_behind: Whether documents had changed that were not searched.
    """

    sentences: tuple[FoundSentence, ...]
    is_behind: bool


class Listed(Value):
    """Documents that can be asked about.

    Attributes:
        documents: The first of them, in the order of their ids.
        count: How many there are.
    """

    documents: tuple[DocumentEntry, ...]
    count: int


class Tools:
    """What another assistant can do here.

    Args:
        desk: Where its questions are put, and whose assistant's documents are shown.
    """

    def __init__(self, desk: Desk) -> None:
        self._assistant = desk.assistant
        self._desk = desk

    async def ask(
        self,
        context: Context[Any, Any],
        question: Annotated[str, Field(description="The question, in plain words.")],
        history: Annotated[
            list[Message] | None,
            Field(description="The conversation that the question goes on with, oldest first."),
        ] = None,
        documents: Annotated[
            list[str] | None,
            Field(description="The ids of the documents that alone may answer; else all may."),
        ] = None,
    ) -> ToolAnswer:
        """Answer a question, or say that the corpus does not."""
        with _told():
            asked = Ask(
                question=question,
                history=tuple(history or ()),
                scope=Scope(documents=tuple(documents or ())),
            )
            async with self._desk.asking(asked, _person_of(context)) as events:
                answer = await answer_of(events)
        return ToolAnswer(
            status=answer.status,
            text=answer.text,
            citations=answer.citations,
            nearest=answer.nearest,
            is_behind=answer.is_behind,
        )

    def search(
        self,
        query: Annotated[str, Field(description="What the sentences are to be about.")],
        k: Annotated[int, Field(ge=1, le=MOST_FOUND, description="How many, at most.")] = 5,
    ) -> FoundSentences:
        """Return the sentences that come nearest to some words."""
        with _told():
            found = self._assistant.search(query, k)
        return FoundSentences(
            sentences=tuple(_found(item) for item in found.evidence), is_behind=found.is_behind
        )

    def get_sentence(
        self,
        document: Annotated[str, Field(description="The document's id.")],
        number: Annotated[int, Field(description="The sentence's place in it, counted from 0.")],
    ) -> SentenceInPlace:
        """Return a sentence with its neighbours."""
        with _told():
            return sentence_in_place(self._assistant, document, number)

    def list_documents(
        self,
        find: Annotated[
            str, Field(description="What the title or id is to have in it; else all are listed.")
        ] = "",
    ) -> Listed:
        """Return the documents that can be asked about."""
        with _told():
            wanted = find.casefold()
            found = [
                entry
                for entry in entries(self._assistant)
                if wanted in f"{entry.title}\n{entry.id}".casefold()
            ]
        return Listed(documents=tuple(found[:_MOST_LISTED]), count=len(found))


def mcp_server(desk: Desk) -> MCPServer[Any]:
    """Return a server of the tools, to be run over stdio or HTTP.

    Args:
        desk: Where questions are put, and whose assistant's documents are shown.
    """
    tools = Tools(desk)
    server = MCPServer[Any](
        "onrecord",
        title="onrecord",
        instructions=_ABOUT,
        version=version("onrecord"),
        log_level="WARNING",
    )
    server.add_tool(tools.ask, title="Ask the documents", description=_ASK, annotations=_READS_ONLY)
    server.add_tool(
        tools.search, title="Search the sentences", description=_SEARCH, annotations=_READS_ONLY
    )
    server.add_tool(
        tools.get_sentence,
        title="Read a sentence",
        description=_GET_SENTENCE,
        annotations=_READS_ONLY,
    )
    server.add_tool(
        tools.list_documents,
        title="List the documents",
        description=_LIST_DOCUMENTS,
        annotations=_READS_ONLY,
    )
    return server


async def serve_stdio(assistant: Assistant) -> None:
    """Serve the tools over standard input and output, until the input ends."""
    async with Warming(assistant).running():
        try:
            await mcp_server(Desk(assistant)).run_stdio_async()
        finally:
            # What is still at work, such as the loading of the model, may have more to say.
            os.dup2(sys.stderr.fileno(), sys.stdout.fileno())


def _person_of(context: Context[Any, Any]) -> str | None:
    """Return who asks over HTTP; over stdio it is always the one that has started the server."""
    request = context.request_context.request
    return person_of(request) if isinstance(request, Request) else None


@contextmanager
def _told() -> Iterator[None]:
    """Tell the one who asks of our own errors, and of all others under which id they are logged."""
    with named(current() or accepted(None)):  # over stdio, a request has none
        try:
            yield
        except OnrecordError as error:
            raise ToolError(str(error)) from error
        except Exception as error:
            log.exception("Request %s failed", current())
            raise ToolError(unforeseen()) from error


def _found(item: Evidence) -> FoundSentence:
    return FoundSentence(
        document_id=item.sentence.document_id,
        title=item.title,
        sentence=item.sentence.index,
        page=item.sentence.page,
        text=item.text,
    )
