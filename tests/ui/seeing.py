"""What a test does at the page without a browser: it presses, and looks at what is shown."""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import gradio as gr

from onrecord.types import EVERYTHING, Scope
from onrecord.ui.handlers import Handlers
from onrecord.ui.session import Session

HOSTILE = "</div><img src=x onerror=\"alert(1)\"><script>alert(2)</script> & 'q' ${1} {{2}}"
SKIP = gr.skip()
HERE = gr.Request()
"""Of somebody who need not log in."""


def press(**said: Any) -> gr.EventData:
    return gr.EventData(None, said)


def put(
    handlers: Handlers, question: str, session: Session | None = None, scope: Scope = EVERYTHING
) -> Session:
    """Return the session once a question is asked, of a scope."""
    return _session(handlers.ask(question, session or Session(), scope, "")[1])


def again(handlers: Handlers, session: Session, scope: Scope = EVERYTHING) -> Session:
    """Return the session once its last question is asked again, of a scope."""
    return _session(handlers.ask_again(session, scope, "")[0])


def asked(
    handlers: Handlers,
    question: str,
    session: Session | None = None,
    scope: Scope = EVERYTHING,
    by: gr.Request = HERE,
) -> Session:
    """Return the session once a question, asked of a scope by somebody, has its answer."""
    return answered(handlers, put(handlers, question, session, scope), by)


def answered(handlers: Handlers, session: Session, by: gr.Request = HERE) -> Session:
    """Return the session once its last question has its answer."""
    *_, (last, *_) = handlers.answer(session, by)
    return _session(last)


def _session(value: object) -> Session:
    assert isinstance(value, Session)
    return value


class Seen(HTMLParser):
    """What a browser makes of a piece of HTML.

    Attributes:
        skeleton: Its tags, each with the names of its attributes.
        attributes: The values of the attributes, by name.
        text: What there is to read.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.skeleton: list[tuple[str, ...]] = []
        self.attributes: dict[str, list[str]] = {}
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.skeleton.append((tag, *(name for name, _value in attrs)))
        for name, value in attrs:
            self.attributes.setdefault(name, []).append(value or "")

    def handle_endtag(self, tag: str) -> None:
        self.skeleton.append((f"/{tag}",))

    def handle_data(self, data: str) -> None:
        self.text += data


def check_only_text(render: Callable[[str], str], text: str = HOSTILE) -> None:
    """Whatever a text says, it is there to the letter, and makes no tag and no attribute."""
    seen = Seen(render(text))
    assert seen.skeleton == Seen(render("plain")).skeleton
    values = [value for given in seen.attributes.values() for value in given]
    assert any(text in part for part in (seen.text, *values))
