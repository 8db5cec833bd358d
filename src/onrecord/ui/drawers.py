"""The two drawers: the documents, and the kept conversations."""

from __future__ import annotations

from typing import Any

import gradio as gr

from onrecord.ui import words
from onrecord.ui.archive import Archive
from onrecord.ui.archive_view import archive_html
from onrecord.ui.parts import EVERY, OPENED, QUIET, WHEN_ANSWERED, Answering, Parts, html_part, told
from onrecord.ui.shelf import Shelf
from onrecord.ui.shelf_view import adding_html, shelf_html

# Documents are changed in turn, whoever is at it: the page says of what it has sent that it waits.
_SENT = """(...sent) => {
    document.dispatchEvent(new Event("onrecord:sent"));
    return sent;
}"""
_FOLLOWING = f"(scope, moved) => [scope, moved, {OPENED}]"  # when all is done
_IN_TURN: dict[str, Any] = {"js": _SENT, "concurrency_id": "add", **EVERY}


def shelf_drawer(shelf: Shelf, parts: Parts) -> None:
    """Lay out the list of documents, and wire what changes it."""
    moved, removed = gr.State(None), gr.State(None)
    with gr.Column(elem_id="documents", elem_classes="drawer", min_width=0):
        _head("documents", words.DOCUMENTS)
        gr.HTML(adding_html(), apply_default_css=False)
        with gr.Column(elem_id="paste", elem_classes="revealed", min_width=0):
            title = gr.Textbox(label=words.PASTE_TITLE, max_lines=1, max_length=200)
            text = gr.Textbox(label=words.PASTE_TEXT, lines=6, max_lines=12)
            write = gr.Button(words.PASTE_ADD, min_width=0)
        written = html_part("", "written")
        underway = html_part("", "underway")
        listed = html_part(shelf_html(()), "shelf")
    shelved = [listed, parts.article, underway, parts.adding]
    adds = parts.add.upload(shelf.add, inputs=[parts.add, removed], outputs=shelved, **_IN_TURN)
    writes = write.click(
        shelf.write, inputs=[title, text, removed], outputs=[written, *shelved], **_IN_TURN
    )
    writes.failure(None, js=told("unwritten"), **QUIET)
    listed.select(
        shelf.look,
        inputs=[removed],
        outputs=[listed, parts.article],
        concurrency_id="open",  # as what is chosen above the article: the last press counts
        **EVERY,
    )
    changes = listed.submit(
        shelf.press,
        inputs=[removed],
        outputs=[moved, removed, *shelved],
        **_IN_TURN,
    )
    changes.then(
        shelf.follow,
        inputs=[parts.scope, moved, gr.Textbox(visible=False)],
        outputs=[parts.scope, parts.asked_of, parts.article],
        js=_FOLLOWING,
        concurrency_id="scope",  # as what is chosen: the last choice is the one that counts
        **EVERY,
    )
    for change in (adds, writes, changes):
        for then in (change.then, change.failure):  # Gradio goes on with one of them
            then(None, js=told("ended"), **QUIET)


def archive_drawer(archive: Archive, answering: Answering, outbox: gr.HTML) -> None:
    """Lay out the list of conversations, and wire what changes it."""
    session = answering.session
    with gr.Column(elem_id="conversations", elem_classes="drawer", min_width=0):
        _head("conversations", words.CONVERSATIONS)
        wanted = gr.Textbox(
            label=words.FIND_CONVERSATION,
            placeholder=words.FIND_CONVERSATION,
            show_label=False,
            container=False,
            max_lines=1,
            elem_id="find-conversation",
        )
        listed = html_part(archive_html((), ""), "archive")
    wanted.input(
        archive.search,
        inputs=[session, wanted],
        outputs=[listed],
        trigger_mode="always_last",
        concurrency_id="archive",  # so that the list is that of the last words
        **QUIET,
    )
    opened = gr.State(None)
    pressed = listed.select(
        archive.press,
        inputs=[session, wanted],
        outputs=[opened, listed, outbox],
        concurrency_id="archive",
        **EVERY,
    )
    pressed.then(
        archive.show,
        inputs=[session, opened],
        outputs=answering.view,
        js=WHEN_ANSWERED,
        queue=False,
        **EVERY,
    )


def _head(name: str, title: str) -> None:
    gr.HTML(
        f'<div class="drawer-head"><h2>{title}</h2><button type="button" popovertarget="{name}"'
        f' popovertargetaction="hide" aria-label="{words.CLOSE}">×</button></div>',
        apply_default_css=False,
    )
