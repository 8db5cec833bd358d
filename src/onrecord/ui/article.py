"""The article pane: who wrote what, a choice of documents, and the text."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from onrecord.speakers import Statement
from onrecord.types import Document, Sentence
from onrecord.ui import words
from onrecord.ui.message import message_html
from onrecord.ui.speakers_view import speakers_html
from onrecord.ui.typeset import text_html


def pane_html(
    documents: Sequence[Document],
    shown: Document,
    sentences: Sequence[Sentence],
    said: Sequence[Statement] = (),
    notice: str = "",
) -> str:
    """Return the article pane: who wrote what, a choice of documents, and the text.

    Args:
        documents: What can be chosen.
        shown: The one to show.
        sentences: Its sentences, in order.
        said: Who says what in it.
        notice: Something the reader should know, such as a file that could not be read.
    """
    return (
        f'<article class="sheet" data-document="{escape(shown.id)}"'
        f' aria-label="{words.ARTICLE}" data-ask="{words.ASK_PASSAGE}"'
        f' data-use="{words.USE_SENTENCE}"'
        f' data-selected-one="{words.SELECTED_ONE}" data-selected-more="{words.SELECTED_MORE}"'
        f' data-cited-one="{words.CITED_ONE}" data-cited-more="{words.CITED_MORE}">'
        f"{_head(documents, shown, len(sentences), notice)}{speakers_html(shown, said)}"
        f'<div class="text" dir="auto" role="group" aria-label="{words.ARTICLE_TEXT}"'
        f' aria-describedby="keys">{text_html(shown, sentences)}</div>'
        f'<p class="keys" id="keys">{words.KEYS}</p>'
        f'<button type="button" class="back">{words.BACK}</button></article>'
    )


def opening_html() -> str:
    """Return the article pane while the corpus is being read."""
    return f'<article class="sheet"><p class="facts">{words.OPENING}</p></article>'


def problem_html(message: str) -> str:
    """Return the article pane when there is nothing to show in it."""
    said = message_html(message)
    return f'<article class="sheet"><p class="notice" role="alert">{said}</p></article>'


def _head(documents: Sequence[Document], shown: Document, count: int, notice: str) -> str:
    facts = [shown.source, shown.date, words.counted(count, "sentence")]
    line = " · ".join(f"<bdi>{escape(fact)}</bdi>" for fact in facts if fact)
    warning = f'<p class="notice" role="status">{message_html(notice)}</p>' if notice else ""
    # A text that begins with its own title needs no second one.
    repeated = shown.text.lstrip().startswith(f"# {shown.title}\n")
    title = "" if repeated else f'<h2 class="title" dir="auto">{escape(shown.title)}</h2>'
    return (
        f'<header class="sheet-head">{_choice(documents, shown)}{warning}'
        f'{title}<p class="facts">{line}</p>'
        f'<p class="changed" role="status" data-words="{escape(words.CHANGED)}"'
        f' data-gone="{escape(words.GONE)}"></p>'
        "</header>"
    )


def _choice(documents: Sequence[Document], shown: Document) -> str:
    if len(documents) < 2:
        return ""
    titles = [document.title for document in documents]
    options = "".join(
        f'<option value="{escape(document.id)}"{" selected" if document.id == shown.id else ""}>'
        f"{message_html(_told_apart(document, titles))}</option>"
        for document in documents
    )
    return (
        f'<label class="choice"><span>{words.CHOOSE}</span><select id="document">{options}</select>'
        f"<small>{words.counted(len(documents), 'document')}</small></label>"
    )


def _told_apart(document: Document, titles: Sequence[str]) -> str:
    return (
        document.title if titles.count(document.title) == 1 else f"{document.title} ({document.id})"
    )
