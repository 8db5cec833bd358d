"""Two app processes behind one OpenAI-compatible server, each with a cache folder of its own."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from onrecord.types import Document
from tests.app_process import AppProcess, app_process
from tests.models.fake_server import FakeServer, fake_server

OPENED = "The bridge was opened in 1931."
QUESTION = "When was the bridge opened?"


@pytest.fixture
def server() -> Iterator[FakeServer]:
    with fake_server() as running:
        running.text = json.dumps({"1": "It was opened in 1931."})
        running.logprobs = {"Yes": math.log(0.9), "No": math.log(0.1)}
        yield running


@pytest.fixture
def apps(server: FakeServer, tmp_path: Path) -> Iterator[list[AppProcess]]:
    model = f"{server.url}#m"
    with ExitStack() as stack:
        yield [
            stack.enter_context(app_process(model, tmp_path / name, document(name)))
            for name in ("a.txt", "b.txt")
        ]


def document(name: str) -> Document:
    return Document(id=name, title=name, text=f"{OPENED} Nobody knows who drew it.")


def cited(answer: httpx.Response) -> list[tuple[str, str]]:
    answer.raise_for_status()
    return [(each["document_id"], each["text"]) for each in answer.json()["citations"]]


def test_each_has_its_own_answers_and_outlives_the_other(
    server: FakeServer, apps: list[AppProcess]
) -> None:
    server.delay = 0.3
    first, second = apps
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda app: app.ask(QUESTION), apps))
        assert [cited(each) for each in answers] == [[("a.txt", OPENED)], [("b.txt", OPENED)]]
        assert server.most_at_once == 2

        left, kept = (pool.submit(app.ask, QUESTION) for app in apps)
        time.sleep(0.2)
        first.process.kill()
        with pytest.raises(httpx.TransportError):
            left.result()
        assert cited(kept.result()) == [("b.txt", OPENED)]

    server.stop()
    refused = second.ask(QUESTION)
    assert (refused.status_code, refused.json()["error"]["kind"]) == (503, "model")
    assert "cannot be reached" in refused.json()["error"]["message"]
