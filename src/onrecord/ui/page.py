"""The page's layout, and which handler answers to which press."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gradio as gr

from onrecord.corpus import SUFFIXES
from onrecord.ui import words
from onrecord.ui.answer import conversation_html
from onrecord.ui.article import opening_html
from onrecord.ui.handlers import Handlers
from onrecord.ui.masthead import masthead_html

if TYPE_CHECKING:
    from onrecord import Assistant

# The page's script says what was chosen by an event on the element; these two lines hand
# it on to Gradio.
_ASKED = "element.addEventListener('onrecord:ask', (said) => trigger('select', said.detail));"
_OPENED = "element.addEventListener('onrecord:open', (said) => trigger('select', said.detail));"

_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


def build_page(assistant: Assistant) -> gr.Blocks:
    """Return the page, wired to an assistant and not yet launched."""
    handlers = Handlers(assistant)
    page = gr.Blocks(
        title=words.NAME, analytics_enabled=False, fill_width=True, delete_cache=(3600, 3600)
    )
    with page:
        turns = gr.State(())
        masthead = gr.HTML(
            masthead_html(assistant.model_name, assistant.is_local, words.STARTING),
            elem_id="masthead",
            apply_default_css=False,
        )
        with gr.Row(elem_id="desk", equal_height=True):
            with gr.Column(elem_id="chat", min_width=0):
                conversation = gr.HTML(
                    conversation_html(()),
                    elem_id="conversation",
                    js_on_load=_ASKED,
                    apply_default_css=False,
                )
                with gr.Row(elem_id="composer"):
                    question = gr.Textbox(
                        label=words.QUESTION_LABEL,
                        placeholder=words.PLACEHOLDER,
                        show_label=False,
                        container=False,
                        lines=1,
                        max_lines=6,
                        autofocus=True,
                        elem_id="question",
                    )
                    ask = gr.Button(words.ASK, variant="primary", min_width=0, elem_id="ask")
                    stop = gr.Button(words.STOP, visible=False, min_width=0, elem_id="stop")
                with gr.Row(elem_id="actions"):
                    again = gr.Button(words.RETRY, visible=False, min_width=0, elem_id="retry")
                    clear = gr.Button(words.CLEAR, visible=False, min_width=0, elem_id="clear")
                    add = gr.UploadButton(
                        words.ADD,
                        file_count="multiple",
                        file_types=list(SUFFIXES),
                        min_width=0,
                        elem_id="add",
                    )
            with gr.Column(elem_id="pane", min_width=0):
                article = gr.HTML(
                    opening_html(),
                    elem_id="article",
                    js_on_load=_OPENED,
                    apply_default_css=False,
                )

        view = [turns, conversation, ask, stop, again, clear]
        page.load(
            handlers.open_page,
            outputs=[masthead, article, conversation],
            concurrency_limit=None,
            **_QUIET,
        )
        add.upload(handlers.add, inputs=[add], outputs=[article], concurrency_id="add", **_QUIET)
        article.select(handlers.open_document, outputs=[article], queue=False, **_QUIET)
        asked = gr.on(
            [question.submit, ask.click],
            handlers.ask,
            inputs=[question, turns],
            outputs=[question, *view],
            queue=False,
            **_QUIET,
        )
        chosen = conversation.select(
            handlers.ask_example, inputs=[turns], outputs=view, queue=False, **_QUIET
        )
        repeated = again.click(
            handlers.ask_again, inputs=[turns], outputs=view, queue=False, **_QUIET
        )
        # One question at a time: two answers at once take longer than one after the other.
        answers = [
            put.then(
                handlers.answer,
                inputs=[turns],
                outputs=view,
                concurrency_id="answer",
                # "once" would lose a question that is asked while the last answer's
                # connection is being closed.
                trigger_mode="multiple",
                **_QUIET,
            )
            for put in (asked, chosen, repeated)
        ]
        stop.click(
            handlers.stop, inputs=[turns], outputs=view, queue=False, cancels=answers, **_QUIET
        )
        clear.click(handlers.clear, outputs=[question, *view], queue=False, **_QUIET)
    return page
