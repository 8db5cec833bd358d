"""A real server at a free port, with a page that does nothing and an assistant that is scripted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import gradio as gr
import httpx
import pytest

from onrecord.access import ONLY_HERE, Access
from onrecord.desk import Desk
from onrecord.types import Document
from onrecord.ui.launch import launch
from tests.api.programs import ProgramsAssistant

Serve = Callable[..., str]

BRIDGE = Document(
    id="notes/old bridge.txt",
    title="The bridge",
    text="The bridge was opened in 1931. It is made of steel. Nobody knows who drew it.",
    source="The Daily Record",
    date="1971-05-02",
)


@pytest.fixture(scope="module")
def served(article: Document) -> Iterator[tuple[ProgramsAssistant, str]]:
    assistant = ProgramsAssistant([article, BRIDGE])
    with served_page(assistant) as address:
        yield assistant, address


@pytest.fixture
def assistant(served: tuple[ProgramsAssistant, str]) -> Iterator[ProgramsAssistant]:
    """The assistant of the server, which has not been asked anything yet."""
    assistant = served[0]
    assistant.begin_anew()
    yield assistant
    assistant.go.set()
    assistant.may_warm.set()


@pytest.fixture
def address(served: tuple[ProgramsAssistant, str], assistant: ProgramsAssistant) -> str:
    return served[1]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serve for an assistant at an address of its own."""
    with ExitStack() as stack:
        yield lambda *named: stack.enter_context(served_page(*named))


@pytest.fixture
def api(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{address}api/v1", timeout=20) as client:
        yield client


@contextmanager
def served_page(
    assistant: ProgramsAssistant | None, host: str = "127.0.0.1", access: Access = ONLY_HERE
) -> Iterator[str]:
    with gr.Blocks(analytics_enabled=False) as page:
        gr.HTML("the page")
    desk = None if assistant is None else Desk(assistant)  # type: ignore[arg-type]
    address = launch(page, host, 0, False, desk, access)
    try:
        yield address
    finally:
        page.close(verbose=False)
