"""The page's layout, and which handler answers to which press."""

from __future__ import annotations

import os

import gradio as gr

from onrecord.conversations import Conversations
from onrecord.corpus import SUFFIXES
from onrecord.desk import Desk
from onrecord.types import EVERYTHING
from onrecord.ui import words
from onrecord.ui.application import Page
from onrecord.ui.archive import Archive
from onrecord.ui.article import opening_html
from onrecord.ui.asking import wire_asking
from onrecord.ui.drawers import archive_drawer, shelf_drawer
from onrecord.ui.handlers import Handlers
from onrecord.ui.judgement import judgements_html
from onrecord.ui.judging import Judging
from onrecord.ui.masthead import masthead_html
from onrecord.ui.parts import EVERY, OPENED, QUIET, Answering, Parts, html_part
from onrecord.ui.scope import scope_html
from onrecord.ui.session import Session
from onrecord.ui.shelf import Shelf
from onrecord.ui.shelf_view import unsent_html, waits_html
from onrecord.ui.turn_view import earlier_html, latest_html

_MOST_PAGES = 1000  # that are remembered; each takes 0.1 MB, and more with its conversation
_MOST_PRESSES = 100  # that wait for what is being done, each with up to a megabyte
# After each event Gradio makes a table of the last 10,000, which nobody sees.
_NO_STATISTICS = {
    "GRADIO_ANALYTICS_MAX_EVENTS": "1",
    "GRADIO_ANALYTICS_CACHE_FREQUENCY": "1000000000",
}
_SHOWN = f"() => [null, {OPENED}, null]"


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
        masthead = html_part(
            masthead_html(assistant.model_name, assistant.is_local, words.STARTING), "masthead"
        )
        parts = _lay_out()
        said = html_part(judgements_html({}), "judgements")
        notice = gr.State(None)
        page.load(
            handlers.open_page,
            outputs=[masthead, parts.article, notice, *parts.answering.view],
            concurrency_limit=None,
            **QUIET,
        ).failure(
            handlers.leave_unready, outputs=[masthead, notice], concurrency_limit=None, **QUIET
        )
        notice.change(
            handlers.look_again,
            inputs=[notice, gr.Textbox(visible=False), parts.answering.session],
            outputs=[parts.article, parts.answering.latest],
            js=_SHOWN,
            concurrency_id="open",
            **QUIET,
        )
        wire_asking(handlers, parts)
        _wire_choosing(handlers, shelf, parts)
        shelf_drawer(shelf, parts)
        if conversations is not None:
            _wire_judging(Judging(conversations), said)
            archive_drawer(Archive(assistant, conversations), parts.answering, parts.outbox)
    return page


def _make_room(page: gr.Blocks, waiting: int) -> None:
    """Have a page serve many people for long, of whom so many wait for an answer."""
    page.state_session_capacity = _MOST_PAGES
    page.max_threads += waiting  # whoever waits takes one of Gradio's places, which are 40 else
    for name, value in _NO_STATISTICS.items():
        os.environ.setdefault(name, value)
    page.queue(max_size=waiting + _MOST_PRESSES)


def _lay_out() -> Parts:
    """Lay out the conversation on one side, and the article on the other."""
    with gr.Row(elem_id="desk", equal_height=True):
        with gr.Column(elem_id="chat", min_width=0):
            with gr.Column(elem_id="conversation", min_width=0):
                earlier = html_part(earlier_html(()), "earlier")
                latest = html_part(latest_html(()), "latest")
            asked_of = html_part(scope_html(EVERYTHING, ()), "scope")
            with gr.Row(elem_id="composer"):
                question = _question_box()
                ask = gr.Button(words.ASK, variant="primary", min_width=0, elem_id="ask")
                stop = _hidden_button("stop", words.STOP)
            with gr.Row(elem_id="actions"):
                retry = _hidden_button("retry", words.RETRY)
                edit = _hidden_button("edit", words.EDIT)
                new = _hidden_button("new", words.NEW)
                add = _add_button()
            adding = html_part("", "adding")
            gr.HTML(waits_html() + unsent_html(), elem_id="unsent", apply_default_css=False)
        with gr.Column(elem_id="pane", min_width=0):
            article = html_part(opening_html(), "article")
    return Parts(
        answering=Answering(gr.State(Session()), earlier, latest, ask, stop, retry, edit, new),
        question=question,
        scope=gr.State(EVERYTHING),
        asked_of=asked_of,
        article=article,
        add=add,
        adding=adding,
        outbox=html_part("", "outbox"),
    )


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


def _hidden_button(name: str, said: str) -> gr.Button:
    """Return a button that is not there before it does something."""
    return gr.Button(said, visible=False, min_width=0, elem_id=name)


def _add_button() -> gr.UploadButton:
    return gr.UploadButton(
        words.ADD, file_count="multiple", file_types=list(SUFFIXES), min_width=0, elem_id="add"
    )


def _wire_choosing(handlers: Handlers, shelf: Shelf, parts: Parts) -> None:
    """Wire the choice of the document that is open, and of what the next question is asked of."""
    parts.article.select(
        shelf.open_document,
        outputs=[parts.article],
        concurrency_id="open",  # so that the last press is answered last
        **EVERY,
    )
    parts.asked_of.select(
        handlers.narrow,
        outputs=[parts.scope, parts.asked_of],
        concurrency_id="scope",  # so that the last choice is the one that counts
        **EVERY,
    )


def _wire_judging(judging: Judging, said: gr.HTML) -> None:
    """Wire what is said of answers, which is a state of its own: it writes over no question."""
    judgements = gr.State({})
    said.select(
        judging.judge,
        inputs=[judgements],
        outputs=[judgements, said],
        concurrency_id="judge",
        **EVERY,
    )
