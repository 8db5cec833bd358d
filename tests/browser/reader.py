"""Someone at the page."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import gradio as gr
import pytest
from playwright.sync_api import ConsoleMessage, Locator, Page, Request

from onrecord.ui import words
from onrecord.ui.handlers import Handlers
from onrecord.ui.session import Session
from onrecord.ui.view import View

SCREENSHOTS = Path(__file__).resolve().parents[2] / "out" / "screenshots"
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@dataclass
class Reader:
    """Someone at the page, who notes what the browser complains of and what it fetches."""

    page: Page
    assistant: Any
    served: gr.Blocks
    complaints: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)

    def watch(self) -> None:
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._note)

    def open(self, address: str) -> None:
        self.page.goto(address)
        self.page.locator(".sentence, .notice").first.wait_for()
        self.page.locator(".masthead:not(:has(.doing))").wait_for()

    def ask(self, question: str, wait_for: str = ".foot") -> None:
        """Ask, and wait for something in the new turn."""
        turn = self.page.locator(".turn").nth(self.page.locator(".turn").count())
        self.page.get_by_label("Your question").fill(question)
        self.page.keyboard.press("Enter")
        turn.locator(wait_for).first.wait_for()

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def begin_anew(self) -> None:
        self.press(words.NEW)
        self.page.locator(".welcome").wait_for()

    def open_drawer(self, name: str) -> Locator:
        self.press(name)
        return self.page.get_by_role("dialog", name=name)

    def reload(self) -> None:
        self.leave_for(self.page.url)

    def leave_for(self, address: str) -> None:
        """Go to an address; that this cuts Gradio's open connections is no complaint."""
        so_far = list(self.complaints)
        self.page.goto(address)
        self.page.locator(".masthead:not(:has(.doing))").wait_for()
        self.complaints[:] = so_far

    def question_box(self) -> Locator:
        return self.page.get_by_label("Your question")

    def latest(self, selector: str) -> Locator:
        return self.page.locator(f"#latest {selector}")

    def cites(self) -> Locator:
        return self.latest(".cite")

    def lit(self) -> Locator:
        return self.page.locator("#article .lit")

    def words_of(self, marker: Locator) -> str:
        return marker.get_attribute("data-text") or marker.locator("span").inner_text()

    def select(self, first: Locator, last: Locator) -> None:
        """Draw the mouse from the beginning of an element to the end of another."""
        first.scroll_into_view_if_needed()
        start, end = (
            node.evaluate(
                "(node, at) => { const box = [...node.getClientRects()].at(at); "
                "return [box.left, box.right, box.top + box.height / 2]; }",
                at,
            )
            for node, at in ((first, 0), (last, -1))
        )
        self.page.mouse.move(start[0] + 1, start[2])
        self.page.mouse.down()
        self.page.mouse.move(end[1] - 1, end[2], steps=4)
        self.page.mouse.up()

    def fits(self) -> bool:
        """Tell whether neither the page nor a drawer has anything beside its width."""
        return bool(
            self.page.evaluate(
                """() => [document.documentElement, ...document.querySelectorAll(".drawer")]
                    .every((node) => node.scrollWidth <= Math.max(node.clientWidth, 0))"""
            )
        )

    def sees(self, found: Locator) -> bool:
        """Tell whether an element is in the window, and uncovered, once scrolling is at rest."""
        self.page.wait_for_function(
            """(node) => {
                const top = node.getBoundingClientRect().top;
                const still = node.lastTop === top;
                node.lastTop = top;
                return still;
            }""",
            arg=found.element_handle(),
            polling=150,
        )
        return bool(
            found.evaluate(
                """(node) => {
                    const box = node.getBoundingClientRect();
                    const line = [...node.getClientRects()].at(-1);
                    const [x, y] = [line.left + line.width / 2, line.top + line.height / 2];
                    const uncovered = node.contains(document.elementFromPoint(x, y));
                    return box.top >= 0 && box.bottom <= window.innerHeight && uncovered;
                }"""
            )
        )

    def keep(self, name: str) -> None:
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png", animations="disabled")

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"{message.type}: {message.text}")

    def _note(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in {"data", "blob"}:
            self.hosts.add(address.hostname or "")


Opener = Callable[..., Reader]


def answer_slowly(
    monkeypatch: pytest.MonkeyPatch, before: float = 0.5, behind: float = 0.0
) -> None:
    """Have the page take up what was asked, and be done with it, with seconds of delay."""
    answer = Handlers.answer

    async def slow(
        handlers: Handlers, session: Session, request: gr.Request
    ) -> AsyncGenerator[View]:
        await asyncio.sleep(before)
        async with aclosing(answer(handlers, session, request)) as views:
            async for view in views:
                yield view
        await asyncio.sleep(behind)

    monkeypatch.setattr(Handlers, "answer", slow)
