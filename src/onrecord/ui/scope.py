"""What the next question is asked of; it is said above the question box."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape

from onrecord.types import EVERYTHING, Document, Scope
from onrecord.ui import words

_SHOWN = 90  # characters of a passage


def scope_html(scope: Scope, documents: Sequence[Document]) -> str:
    """Return what is asked of, with a button that ends it; nothing where that is everything."""
    if scope == EVERYTHING:
        return '<div class="scope" data-documents="[]"></div>'
    chosen = escape(json.dumps(scope.documents))
    return (
        f'<div class="scope set" data-documents="{chosen}">'
        f"<span>{words.ASKING_OF} {_named(scope, documents)}</span>"
        f'<button type="button" data-do="unscope" aria-label="{words.ASK_ALL}"'
        f' title="{words.ASK_ALL}">×</button></div>'
    )


def _named(scope: Scope, documents: Sequence[Document]) -> str:
    by_id = {document.id: document for document in documents}
    if scope.passage is not None:
        document = by_id.get(scope.passage.document_id)
        text = document.text[scope.passage.start : scope.passage.end] if document else ""
        words_of = " ".join(text.split())
        cut = f"{words_of[:_SHOWN]}…" if len(words_of) > _SHOWN else words_of
        return f'<q dir="auto">{escape(cut)}</q>'
    if len(scope.documents) == 1:
        document = by_id.get(scope.documents[0])
        return f'<b dir="auto">{escape(document.title if document else scope.documents[0])}</b>'
    return f"<b>{words.counted(len(scope.documents), 'document')}</b>"
