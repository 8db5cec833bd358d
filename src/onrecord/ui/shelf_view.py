"""The list of documents as HTML: to be searched, chosen from, renamed and removed."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import PurePosixPath
from uuid import uuid4

from onrecord.api.uploads import LARGEST_UPLOAD
from onrecord.corpus import MAX_BYTES, SUFFIXES
from onrecord.types import Document
from onrecord.ui import words
from onrecord.ui.message import message_html

MOST_FILES = 20  # that are added at once
_CHANGES = 'data-event="submit"'
"""Of a press that changes the documents, and waits for others that do."""


def shelf_html(documents: Sequence[Document], said: str = "", removed: str = "") -> str:
    """Return the list; the page's script ticks what the next question is asked of.

    Args:
        documents: What there is to ask about.
        said: What came of the last change.
        removed: The id of the document that was removed last, which can be undone.
    """
    status = f'<p class="said">{message_html(said)}</p>' if said else ""
    if removed:
        status += (
            f'<p class="said">{message_html(words.REMOVED.format(name=removed))}'
            f'<button type="button" {_CHANGES} data-do="restore">{words.UNDO}</button></p>'
        )
    items = "".join(map(_item, documents))
    none = f'<p class="hint none">{words.NO_SUCH_DOCUMENT}</p>' if documents else ""
    return (
        f'<div class="shelf"><div role="status">{waits_html()}{status}</div>'
        f'<input id="find-document" type="search" aria-label="{words.FIND_DOCUMENT}"'
        f' placeholder="{words.FIND_DOCUMENT}"><p class="hint">{words.CHOOSE_HINT}</p>'
        f"{none}<ul>{items}</ul></div>"
    )


def adding_html() -> str:
    """Return the two ways to add a document."""
    return (
        f'<div class="adding"><button type="button" class="pick">{words.ADD_FILES}</button>'
        '<button type="button" class="reveal" aria-expanded="false" aria-controls="paste">'
        f"{words.PASTE}</button></div>{unsent_html()}"
    )


def unsent_html() -> str:
    """Return where the page's script says what was not sent, and which files it does send."""
    limits = {
        "kinds": ", ".join(SUFFIXES),
        "most": MOST_FILES,
        "largest": MAX_BYTES,
        "together": LARGEST_UPLOAD,
        "too-many": words.TOO_MANY_FILES,
        "too-large": words.TOO_LARGE_FILE,
        "too-large-together": words.TOO_LARGE_TOGETHER,
        "unknown": words.UNKNOWN_KIND,
        "untaken": words.UNTAKEN,
        "again": words.ASK_ONCE_MORE,
    }
    known = "".join(f' data-{name}="{escape(str(limit))}"' for name, limit in limits.items())
    return f'<p class="unsent"{known}></p>'


def waits_html() -> str:
    """Return where the page's script says that a change of the documents waits for others."""
    return f'<p class="waits" data-words="{words.WAITING_TO_CHANGE}"></p>'


def written_html(title: str, text: str, is_kept: bool) -> str:
    """Return what the page's script is told of a text that was pasted, as it was in its boxes."""
    known = f'data-title="{escape(title)}" data-text="{escape(text)}"'
    return f'<p data-nonce="{uuid4().hex}" data-kept="{"yes" * is_kept}" {known}></p>'


def _item(document: Document) -> str:
    name = escape(document.id)
    stem = escape(PurePosixPath(document.id).stem)
    opens, renames, removes, new_name = (
        f'aria-label="{message_html(words.of(tool, document.title))}"'
        for tool in (words.OPEN, words.RENAME, words.REMOVE, words.NEW_NAME)
    )
    known = (document.source, document.date, document.id)
    facts = " · ".join(f"<bdi>{escape(fact)}</bdi>" for fact in known if fact)
    return (
        f'<li data-find="{escape(f"{document.title} {document.id}".lower())}">'
        f'<label><input type="checkbox" class="choose" value="{name}">'
        f'<span><b dir="auto">{escape(document.title)}</b><small>{facts}</small></span></label>'
        f'<div class="tools"><button type="button" data-do="open" data-document="{name}" {opens}>'
        f"{words.OPEN}</button>"
        f'<button type="button" class="reveal" aria-expanded="false" {renames}>{words.RENAME}'
        f'</button><button type="button" {_CHANGES} data-do="remove" data-document="{name}"'
        f" {removes}>{words.REMOVE}</button></div>"
        f'<form class="revealed" {_CHANGES} data-do="rename" data-document="{name}" hidden>'
        f'<input name="name" dir="auto" {new_name} value="{stem}"'
        f' maxlength="100" required><button type="submit">{words.KEEP}</button></form></li>'
    )
