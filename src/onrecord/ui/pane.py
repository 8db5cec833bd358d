"""The article pane, as it is now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onrecord.speakers import statements
from onrecord.ui.article import pane_html, problem_html

if TYPE_CHECKING:
    from onrecord import Assistant


def pane(assistant: Assistant, document_id: str = "", notice: str = "") -> str:
    """Return the pane with a document; the first, where there is none of that id.

    Args:
        assistant: Whose documents are shown.
        document_id: The document to show.
        notice: Something the reader should know.
    """
    corpus = assistant.corpus
    documents = tuple(corpus.documents.values())
    if not documents:
        return problem_html(notice)
    shown = corpus.documents.get(document_id, documents[0])
    sentences = corpus.sentences[shown.id]
    return pane_html(documents, shown, sentences, statements(shown, sentences), notice)
