"""A real assistant about a short text, whose model is a server that says what it is told to."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from onrecord.assistant import Assistant
from onrecord.settings import Settings
from onrecord.types import Document
from tests.fakes import FakeEmbeddings
from tests.models.fake_server import FakeServer, fake_server

Make = Callable[..., Assistant]

NEWS = Document(
    id="news",
    title="News",
    text="The ferry sank on Monday. The captain slept. The mayor opened a bridge in Oslo.",
)
QUESTION = "When did the ferry sink?"


@pytest.fixture
def server() -> Iterator[FakeServer]:
    with fake_server() as running:
        running.text = json.dumps({"1": "The ferry sank on Monday."})
        running.logprobs = {"Yes": -0.1, "No": -4.0}
        running.usage = (100, 7)
        yield running


@pytest.fixture
def make(
    monkeypatch: pytest.MonkeyPatch,
    settings: Settings,
    embeddings: FakeEmbeddings,
    server: FakeServer,
) -> Make:
    """Make an assistant with other settings than the usual ones."""
    monkeypatch.setattr("onrecord.library.open_embeddings", lambda *_: embeddings)
    monkeypatch.setattr("onrecord.library.embedder_id", lambda _: "fake")

    def assistant(**changes: Any) -> Assistant:
        sure = {"model": f"{server.url}#m", "threshold": -100.0, "model_retries": 0}
        return Assistant([NEWS], settings=settings.model_copy(update=sure | changes))

    return assistant
