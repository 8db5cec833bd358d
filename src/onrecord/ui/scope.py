"""What the next question is asked of; it is said above the question box."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from pydantic import ValidationError

from onrecord.errors import QuestionError
from onrecord.types import EVERYTHING, Document, Scope
from onrecord.ui import words
from onrecord.ui.message import shortened


def wished(said: object, documents: Sequence[Document]) -> Scope | None:
    """Return what the page says that it wants asked, as JSON; None where that is nothing.

    Documents that are not there stay in it: whoever asks of them is told so, and is not answered
    from others.
    """
    try:
        scope = Scope.model_validate_json(str(said))
    except ValidationError:
        return None
    if {document.id for document in documents} <= set(scope.documents):
        return scope.model_copy(update={"documents": ()})  # all of them are no choice
    return scope


def chosen(said: object, documents: Sequence[Document]) -> Scope:
    """Return what a question is asked of, which is what the page shows, as JSON.

    Raises:
        QuestionError: It is nothing that a page shows, or is not there any more.
    """
    scope = wished(said, documents)
    if scope is None:
        raise QuestionError(words.MALFORMED)
    by_id = {document.id: document for document in documents}
    passage = scope.passage
    for name in (*scope.documents, *([passage.document_id] if passage else [])):
        if name not in by_id:
            raise QuestionError(words.UNASKED_DOCUMENT.format(title=name))
    if passage is not None:
        document = by_id[passage.document_id]
        if not 0 <= passage.start < passage.end <= len(document.text):
            raise QuestionError(words.UNASKED_PASSAGE.format(title=document.title))
    return scope


def name_of(scope: Scope, documents: Sequence[Document]) -> str:
    """Return what is asked of, in a few words; "" where that is everything."""
    by_id = {document.id: document for document in documents}
    if scope.passage is not None:
        document = by_id.get(scope.passage.document_id)
        text = document.text[scope.passage.start : scope.passage.end] if document else ""
        return f"“{shortened(text)}”"
    if len(scope.documents) == 1:
        document = by_id.get(scope.documents[0])
        return document.title if document else scope.documents[0]
    return words.counted(len(scope.documents), "document") if scope.documents else ""


def scope_html(scope: Scope, documents: Sequence[Document]) -> str:
    """Return what is asked of, with a button that ends it; nothing where that is everything."""
    known = escape(scope.model_dump_json())
    if scope == EVERYTHING:
        return f'<div class="scope" data-scope="{known}"></div>'
    return (
        f'<div class="scope set" data-scope="{known}">'
        f"<span>{words.ASKING_OF} <bdi>{escape(name_of(scope, documents))}</bdi></span>"
        f'<button type="button" class="unscope" aria-label="{words.ASK_ALL}"'
        f' title="{words.ASK_ALL}">×</button></div>'
    )
