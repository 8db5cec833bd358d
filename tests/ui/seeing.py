"""What a test does at the page without a browser: it presses, and looks at what is shown."""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import gradio as gr

from onrecord.types import EVERYTHING, Scope
from onrecord.ui.handlers import Handlers
from onrecord.ui.sent import Sent
from onrecord.ui.session import Session
from onrecord.ui.view import View
from tests.loops import run

HOSTILE = "</div><img src=x onerror=\"alert(1)\"><script>alert(2)</script> & 'q' ${1} {{2}}"
SKIP = gr.skip()
HERE = gr.Request()
"""Of somebody who need not log in."""


def press(**said: Any) -> gr.EventData:
    return gr.EventData(None, said)


def sent(scope: Scope = EVERYTHING, **known: Any) -> str:
    """Return what a page says of itself that shows a scope as what is asked of."""
    return Sent(scope=scope.model_dump_json(), **known).model_dump_json()


def put(
    handlers: Handlers, question: str, session: Session | None = None, scope: Scope = EVERYTHING
) -> Session:
    """Return the session once a question is asked, of a scope."""
    return _session(run(handlers.ask(question, session or Session(), sent(scope), HERE))[0])


def again(handlers: Handlers, session: Session) -> Session:
    """Return the session once its last question is asked again."""
    return _session(run(handlers.ask_again(session, "", HERE))[0])


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
    *_, (last, *_) = views(handlers, session, by)
    return _session(last)


def views(handlers: Handlers, session: Session, by: gr.Request = HERE) -> list[View]:
    """Return what is shown as the answer to the last question comes in."""

    async def all_of() -> list[View]:
        return [view async for view in handlers.answer(session, by)]

    return run(all_of())


def _session(value: object) -> Session:
    assert isinstance(value, Session)
    return value


TURNED = "\u202eTurned round"
"""What would turn round all that comes behind it on its line."""


class Turned(HTMLParser):
    """Sees what a mark that turns the writing direction can reach.

    Attributes:
        reached: The whole text of each element that keeps such a mark to itself.
        loose: What has such a mark, and nothing that keeps it to itself.
    """

    _KEEP_TO_THEMSELVES = frozenset({"bdi", "option"})
    _BY_STYLE = frozenset({"words", "sentence"})  # unicode-bidi: isolate
    _EMPTY = frozenset({"input", "br", "img"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.reached: list[str] = []
        self.loose: list[str] = []
        self._open: list[list[str] | None] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self._EMPTY:
            given = dict(attrs)
            keeps = tag in self._KEEP_TO_THEMSELVES or given.get("dir") == "auto"
            keeps = keeps or bool(self._BY_STYLE & set((given.get("class") or "").split()))
            self._open.append([] if keeps else None)

    def handle_endtag(self, tag: str) -> None:
        text = "".join(self._open.pop() or ())
        if "\u202e" in text:
            self.reached.append(text)

    def handle_data(self, data: str) -> None:
        keeping = next((each for each in reversed(self._open) if each is not None), None)
        if keeping is not None:
            keeping.append(data)
        elif "\u202e" in data:
            self.loose.append(data)


def check_isolated(html: str) -> None:
    """Whatever turns the writing direction is kept to itself, apart from words of the page's."""
    seen = Turned(html)
    assert seen.loose == []
    assert [text for text in seen.reached if text.strip(" .“”") not in TURNED] == []


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
