"""The page's layout, and which handler answers to which press."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

import gradio as gr
from gradio.components import Component

from onrecord.conversations import Conversations
from onrecord.corpus import SUFFIXES
from onrecord.desk import Desk
from onrecord.types import EVERYTHING
from onrecord.ui import words
from onrecord.ui.application import Page
from onrecord.ui.archive import Archive
from onrecord.ui.archive_view import archive_html
from onrecord.ui.article import opening_html
from onrecord.ui.handlers import Handlers
from onrecord.ui.judgement import judgements_html
from onrecord.ui.judging import Judging
from onrecord.ui.masthead import masthead_html
from onrecord.ui.scope import scope_html
from onrecord.ui.session import Session
from onrecord.ui.shelf import Shelf
from onrecord.ui.shelf_view import adding_html, shelf_html, unsent_html
from onrecord.ui.turn_view import earlier_html, latest_html

# The page's script says what was pressed by an event on the element; this hands it on to Gradio.
_PRESSED = "element.addEventListener('onrecord:do', (said) => trigger('select', said.detail));"

_MOST_PAGES = 1000  # that are remembered; each takes 0.1 MB, and more with its conversation
_MOST_PRESSES = 100  # that wait for what is being done, each with up to a megabyte
# After each event Gradio makes a table of the last 10,000, which nobody sees.
_NO_STATISTICS = {
    "GRADIO_ANALYTICS_MAX_EVENTS": "1",
    "GRADIO_ANALYTICS_CACHE_FREQUENCY": "1000000000",
}

# What the page says of itself goes along with a question, as the last of what is sent (see `Sent`).
# A question is taken out of its box at once: what is typed from then on is the next.
_SENT = """(...sent) => {
    const { wish = "" } = document.querySelector("#scope").dataset;
    const { conversation } = document.querySelector("#latest .turns").dataset;
    const shown = document.querySelectorAll("#conversation .turn").length;
    return [...sent.slice(0, -1), JSON.stringify({ wish, conversation, shown })];
}"""
_TAKEN = _SENT.replace("{", '{ document.dispatchEvent(new Event("onrecord:taken"));', 1)
# What the reader has chosen may still be on its way.
_SHOWN = """() => {
    const chosen = document.querySelector("#document")?.value;
    return [null, chosen ?? document.querySelector("#article .sheet").dataset.document ?? ""];
}"""
# Its script is told where nothing has come of a press.
_UNTAKEN, _UNWRITTEN = (
    f'() => {{ document.dispatchEvent(new Event("onrecord:{name}")); }}'
    for name in ("untaken", "unwritten")
)

_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
_AT_ONCE: dict[str, Any] = {"queue": False, **_QUIET}
# Gradio drops a press that comes before the last one is answered, unless told otherwise; with
# "always_last" it would say again what was pressed first.
_EVERY: dict[str, Any] = {"trigger_mode": "multiple"}


@dataclass(frozen=True)
class Parts:
    """The components that answers change, in the order of `view.View`."""

    session: gr.State
    earlier: gr.HTML
    latest: gr.HTML
    ask: gr.Button
    stop: gr.Button
    retry: gr.Button
    edit: gr.Button
    new: gr.Button

    @property
    def view(self) -> list[Component]:
        """All of them."""
        return [getattr(self, name) for name in self.__dataclass_fields__]

    @property
    def coming(self) -> list[Component]:
        """Those of `view.changed`."""
        return [part for part in self.view if part is not self.earlier]


def build_page(desk: Desk, conversations: Conversations | None) -> gr.Blocks:
    """Return the page, wired and not yet launched.

    Args:
        desk: Where questions are put, and whose assistant's documents are shown.
        conversations: Where answers are kept; None keeps none.
    """
    assistant = desk.assistant
    handlers, shelf = Handlers(desk, conversations), Shelf(assistant)
    page = Page(
        title=words.NAME, analytics_enabled=False, fill_width=True, delete_cache=(3600, 3600)
    )
    _make_room(page, desk.most)
    with page:
        session, scope, removed = gr.State(Session()), gr.State(EVERYTHING), gr.State(None)
        masthead = _html(
            masthead_html(assistant.model_name, assistant.is_local, words.STARTING), "masthead"
        )
        with gr.Row(elem_id="desk", equal_height=True):
            with gr.Column(elem_id="chat", min_width=0):
                with gr.Column(elem_id="conversation", min_width=0):
                    earlier = _html(earlier_html(()), "earlier")
                    latest = _html(latest_html(()), "latest")
                asked_of = _html(scope_html(EVERYTHING, ()), "scope")
                with gr.Row(elem_id="composer"):
                    question = _question_box()
                    ask = gr.Button(words.ASK, variant="primary", min_width=0, elem_id="ask")
                    stop = gr.Button(words.STOP, visible=False, min_width=0, elem_id="stop")
                with gr.Row(elem_id="actions"):
                    retry, edit, new = (
                        gr.Button(said, visible=False, min_width=0, elem_id=name)
                        for name, said in (
                            ("retry", words.RETRY),
                            ("edit", words.EDIT),
                            ("new", words.NEW),
                        )
                    )
                    add = gr.UploadButton(
                        words.ADD,
                        file_count="multiple",
                        file_types=list(SUFFIXES),
                        min_width=0,
                        elem_id="add",
                    )
                adding = _html("", "adding")
                gr.HTML(unsent_html(), elem_id="unsent", apply_default_css=False)
            with gr.Column(elem_id="pane", min_width=0):
                article = _html(opening_html(), "article")
        parts = Parts(session, earlier, latest, ask, stop, retry, edit, new)
        outbox, said = _html("", "outbox"), _html(judgements_html({}), "judgements")
        _shelf_drawer(shelf, (scope, removed), (asked_of, article, adding), add)
        if conversations is not None:
            _judging(Judging(conversations), said)
            _archive_drawer(Archive(assistant, conversations), parts, outbox)
        notice = gr.State(None)
        page.load(
            handlers.open_page,
            outputs=[masthead, article, notice, *parts.view],
            concurrency_limit=None,
            **_QUIET,
        )
        notice.change(
            handlers.look_again,
            inputs=[notice, gr.Textbox(visible=False)],
            outputs=[article],
            js=_SHOWN,
            concurrency_id="open",
            **_QUIET,
        )
        article.select(
            shelf.open_document,
            outputs=[article],
            concurrency_id="open",  # so that the last press is answered last
            **_EVERY,
            **_QUIET,
        )
        asked_of.select(
            handlers.narrow,
            outputs=[scope, asked_of],
            concurrency_id="scope",  # so that the last choice is the one that counts
            **_EVERY,
            **_QUIET,
        )
        _asking(handlers, parts, question, (scope, asked_of))
    return page


def _make_room(page: gr.Blocks, waiting: int) -> None:
    """Have a page serve many people for long, of whom so many wait for an answer."""
    page.state_session_capacity = _MOST_PAGES
    page.max_threads += waiting  # whoever waits takes one of Gradio's places, which are 40 else
    for name, value in _NO_STATISTICS.items():
        os.environ.setdefault(name, value)
    page.queue(max_size=waiting + _MOST_PRESSES)


def _question_box() -> gr.Textbox:
    return gr.Textbox(
        label=words.QUESTION_LABEL,
        placeholder=words.PLACEHOLDER,
        show_label=False,
        container=False,
        lines=1,
        max_lines=6,
        autofocus=True,
        elem_id="question",
    )


def _asking(
    handlers: Handlers, parts: Parts, question: gr.Textbox, scoped: tuple[gr.State, gr.HTML]
) -> None:
    """Wire all that is asked, and how its answer comes in.

    Args:
        handlers: What does it.
        parts: What answers change.
        question: The question box.
        scoped: What is asked of, and the words for it.
    """
    session, view = parts.session, parts.view
    scope, _words = scoped
    sent = gr.Textbox(visible=False)
    asking = [session, scope, sent]
    saying = {"js": _SENT, **_AT_ONCE}
    taking = {"js": _TAKEN, **_AT_ONCE}
    puts = [
        gr.on(
            [question.submit, parts.ask.click],
            handlers.ask,
            inputs=[question, *asking],
            outputs=view,
            **taking,
        ),
        parts.retry.click(handlers.ask_again, inputs=[session, sent], outputs=view, **saying),
        parts.latest.select(handlers.press, inputs=asking, outputs=view, **saying),
    ]
    puts[0].failure(None, js=_UNTAKEN, **_QUIET)
    answers = [
        put.then(
            handlers.answer,
            inputs=[session],
            outputs=parts.coming,
            concurrency_limit=None,  # the desk has them answered in turn
            # "once" would lose a question that is asked while the last answer's
            # connection is being closed.
            trigger_mode="multiple",
            **_QUIET,
        )
        for put in puts
    ]
    parts.stop.click(
        handlers.stop, inputs=[session], outputs=parts.coming, cancels=answers, **_AT_ONCE
    )
    parts.edit.click(
        handlers.edit,
        inputs=[question, session, sent],
        outputs=[question, *view, *scoped],
        **saying,
    )
    parts.new.click(handlers.begin, outputs=view, **_AT_ONCE)


def _judging(judging: Judging, said: gr.HTML) -> None:
    """Wire what is said of answers, which is a state of its own: it writes over no question."""
    judgements = gr.State({})
    said.select(
        judging.judge,
        inputs=[judgements],
        outputs=[judgements, said],
        concurrency_id="judge",
        **_EVERY,
        **_QUIET,
    )


def _shelf_drawer(
    shelf: Shelf,
    states: tuple[gr.State, gr.State],
    shown: tuple[gr.HTML, gr.HTML, gr.HTML],
    add: gr.UploadButton,
) -> None:
    """Lay out the list of documents, and wire what changes it.

    Args:
        shelf: What does it.
        states: What is asked of, and where the document went that was removed last.
        shown: The words for the former, the article, and how far documents are added.
        add: The button that takes files.
    """
    with gr.Column(elem_id="documents", elem_classes="drawer", min_width=0):
        _drawer_head("documents", words.DOCUMENTS)
        gr.HTML(adding_html(), apply_default_css=False)
        with gr.Column(elem_id="paste", elem_classes="revealed", min_width=0):
            title = gr.Textbox(label=words.PASTE_TITLE, max_lines=1, max_length=200)
            text = gr.Textbox(label=words.PASTE_TEXT, lines=6, max_lines=12)
            write = gr.Button(words.PASTE_ADD, min_width=0)
        written = _html("", "written")
        underway = _html("", "underway")
        listed = _html(shelf_html(()), "shelf")
    (scope, removed), (asked_of, article, adding) = states, shown
    shelved = [listed, article, underway, adding]
    add.upload(
        shelf.add,
        inputs=[add, removed],
        outputs=shelved,
        concurrency_id="add",
        **_EVERY,
        **_QUIET,
    )
    write.click(
        shelf.write,
        inputs=[title, text, removed],
        outputs=[written, *shelved],
        concurrency_id="add",
        **_EVERY,
        **_QUIET,
    ).failure(None, js=_UNWRITTEN, **_QUIET)
    listed.select(
        shelf.look,
        inputs=[removed],
        outputs=[listed, article],
        concurrency_id="look",  # so that nobody waits for what somebody adds
        **_EVERY,
        **_QUIET,
    )
    listed.select(
        shelf.press,
        inputs=[scope, removed],
        outputs=[scope, asked_of, removed, *shelved],
        concurrency_id="add",
        **_EVERY,
        **_QUIET,
    )


def _archive_drawer(archive: Archive, parts: Parts, outbox: gr.HTML) -> None:
    """Lay out the list of conversations, and wire what changes it."""
    session = parts.session
    with gr.Column(elem_id="conversations", elem_classes="drawer", min_width=0):
        _drawer_head("conversations", words.CONVERSATIONS)
        wanted = gr.Textbox(
            label=words.FIND_CONVERSATION,
            placeholder=words.FIND_CONVERSATION,
            show_label=False,
            container=False,
            max_lines=1,
            elem_id="find-conversation",
        )
        listed = _html(archive_html((), ""), "archive")
    wanted.input(
        archive.search,
        inputs=[session, wanted],
        outputs=[listed],
        trigger_mode="always_last",
        **_AT_ONCE,
    )
    opened = gr.State(None)
    pressed = listed.select(
        archive.press,
        inputs=[session, wanted],
        outputs=[opened, listed, outbox],
        concurrency_id="archive",
        **_EVERY,
        **_QUIET,
    )
    pressed.then(
        archive.show, inputs=[session, opened], outputs=[opened, *parts.view], **_EVERY, **_AT_ONCE
    )


def _drawer_head(name: str, title: str) -> None:
    gr.HTML(
        f'<div class="drawer-head"><h2>{title}</h2><button type="button" popovertarget="{name}"'
        f' popovertargetaction="hide" aria-label="{words.CLOSE}">×</button></div>',
        apply_default_css=False,
    )


def _html(value: str, name: str) -> gr.HTML:
    return gr.HTML(value, elem_id=name, js_on_load=_PRESSED, apply_default_css=False)
