"""The components that presses change, and the ways in which a press reaches who answers it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr
from gradio.components import Component

# The page's script says what was pressed by an event on the element; this hands it on to Gradio, as
# another event of Gradio's where what was pressed has a line of its own to wait in.
_PRESSED = """element.addEventListener("onrecord:do", ({ detail }) =>
    trigger(detail.event ?? "select", detail));"""

QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
AT_ONCE: dict[str, Any] = {"queue": False, **QUIET}
# Gradio drops a press that comes before the last one is answered, unless told otherwise; with
# "always_last" it would say again what was pressed first.
EVERY: dict[str, Any] = {"trigger_mode": "multiple", **QUIET}


@dataclass(frozen=True)
class Answering:
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


@dataclass(frozen=True)
class Parts:
    """The components of the page that more than one press changes or hands on.

    Attributes:
        answering: Those that answers change.
        question: The box for a question.
        scope: What was chosen to be asked of, as long as the server is not started again.
        asked_of: The words for that, by which questions go.
        article: The article pane.
        add: The button that takes files.
        adding: How far documents are added.
        outbox: A file that is to be saved.
    """

    answering: Answering
    question: gr.Textbox
    scope: gr.State
    asked_of: gr.HTML
    article: gr.HTML
    add: gr.UploadButton
    adding: gr.HTML
    outbox: gr.HTML


def html_part(value: str, name: str) -> gr.HTML:
    """Return HTML in which a press comes as its `select`, or as what `data-event` names."""
    return gr.HTML(value, elem_id=name, js_on_load=_PRESSED, apply_default_css=False)


def until(name: str) -> str:
    """Return what waits until the page's script, told of something, has it go on."""
    event = f'new CustomEvent("onrecord:{name}", {{ detail: goOn }})'
    return f"await new Promise((goOn) => document.dispatchEvent({event}));"


# What is shown instead of an answer waits until that has come to its end; see closing.js.
WHEN_ANSWERED = f"async (...sent) => {{ {until('wait')} return sent; }}"


# What document is open; what the reader has chosen may still be on its way.
OPENED = (
    'document.querySelector("#document")?.value'
    ' ?? document.querySelector("#article .sheet").dataset.document ?? ""'
)


def told(name: str) -> str:
    """Return what tells the page's script that something has happened."""
    return f'() => {{ document.dispatchEvent(new Event("onrecord:{name}")); }}'
