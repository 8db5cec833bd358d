"""A real browser, a page with an assistant behind it, and a watch on both."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from onrecord.conversations import Conversations
from onrecord.types import Document
from onrecord.ui import build_page
from onrecord.ui.launch import launch
from tests.browser.reader import LOOPBACK, Opener, Reader
from tests.scripted import ScriptedAssistant

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        message = "no chromium on the PATH; install it (on Debian: apt-get install chromium)"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def conversations(tmp_path: Path) -> Conversations:
    return Conversations(tmp_path / "conversations.db")


@pytest.fixture
def open_with(browser: Browser, conversations: Conversations) -> Iterator[Opener]:
    """Open the page for an assistant; at the end nothing may be complained of or fetched."""
    closing: list[Callable[[], object]] = []
    readers: list[Reader] = []

    def opener(
        assistant: Any,
        width: int = 1280,
        height: int = 800,
        scheme: str = "light",
        keeps: bool = True,
    ) -> Reader:
        page = build_page(assistant, conversations if keeps else None)
        address = launch(page, "127.0.0.1", 0)
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,  # type: ignore[arg-type]
            permissions=["clipboard-read", "clipboard-write"],
        )
        context.set_default_timeout(30_000)
        reader = Reader(context.new_page(), assistant, page)
        reader.watch()
        reader.open(address)
        closing.extend((context.close, lambda: page.close(verbose=False)))
        readers.append(reader)
        return reader

    yield opener
    for close in closing:
        close()
    for reader in readers:
        assert reader.complaints == []
        assert reader.hosts <= LOOPBACK


@pytest.fixture
def scripted(article: Document) -> Iterator[ScriptedAssistant]:
    assistant = ScriptedAssistant(
        [article],
        [
            (
                "European Council President Charles Michel mediated the talks in Brussels.",
                [(0, 1)],
            ),
            ("The foreign ministers were told to prepare the talks.", [(0, 3), (0, 7)]),
            ("About 30,000 people were killed in the wars.", [(0, 17)]),
        ],
    )
    yield assistant
    assistant.go.set()


@pytest.fixture
def reader(open_with: Opener, scripted: ScriptedAssistant) -> Reader:
    return open_with(scripted)
