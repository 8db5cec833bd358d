"""What is sent to the page names no file of the server's, and none of elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import httpx
import pytest

from onrecord.ui import build_page, words
from onrecord.ui.launch import launch
from tests.scripted import ScriptedAssistant

SECRET = "the password is 1234"


class Sender:
    """Sends to the page what its script would, and what it would not."""

    def __init__(self, page: gr.Blocks, address: str) -> None:
        self._numbers = {item.fn.__name__: number for number, item in page.fns.items() if item.fn}
        self.client = httpx.Client(base_url=address, timeout=10)

    def at_once(self, event: str, *data: Any) -> httpx.Response:
        body = {"fn_index": self._numbers[event], "data": data, "session_hash": "tab"}
        return self.client.post("gradio_api/run/predict", json=body)

    def queued(self, event: str, *data: Any) -> dict[str, Any]:
        body = {"fn_index": self._numbers[event], "data": data, "session_hash": "tab"}
        self.client.post("gradio_api/queue/join", json=body)
        params = {"session_hash": "tab"}
        with self.client.stream("GET", "gradio_api/queue/data", params=params) as events:
            said = [json.loads(line[6:]) for line in events.iter_lines() if line]
        (last,) = (event for event in said if event["msg"] == "process_completed")
        return dict(last)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the page keeps what is sent to it."""
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "sent"))
    return tmp_path / "sent"


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file of the server's that is no business of the page's."""
    path = tmp_path / "elsewhere" / "secret.txt"
    path.parent.mkdir()
    path.write_text(SECRET, encoding="utf-8")
    return path


@pytest.fixture
def sender(folder: Path, assistant: ScriptedAssistant) -> Iterator[Sender]:
    page = build_page(assistant)  # type: ignore[arg-type]
    yield Sender(page, launch(page, "127.0.0.1", 0))
    page.close(verbose=False)


def file(path: object) -> dict[str, Any]:
    return {"path": str(path), "meta": {"_type": "gradio.FileData"}}


def kept(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("nested", [False, True])
def test_nothing_but_what_was_sent_stands_in_the_place_of_words(
    sender: Sender, secret: Path, folder: Path, nested: bool
) -> None:
    value = {"question": [file(secret)]} if nested else file(secret)
    assert sender.at_once("ask", value, None, "").status_code == 500
    assert kept(folder) == []


def test_no_device_is_read(sender: Sender) -> None:
    assert sender.at_once("ask", file("/dev/zero"), None, None, "").status_code == 500


@pytest.mark.parametrize("there", ["secret", "/proc/self/environ", "http://127.0.0.1:1/a.txt"])
def test_only_files_that_were_sent_are_added(
    sender: Sender, assistant: ScriptedAssistant, secret: Path, folder: Path, there: str
) -> None:
    path = str(secret) if there == "secret" else there
    last = sender.queued("add", [file(path)], None)
    assert not last["success"]
    assert last["output"]["error"] == words.NOT_SENT
    assert kept(folder) == []


def test_a_file_that_was_sent_is_taken_and_leaves_room(sender: Sender) -> None:
    files = {"files": ("note.txt", b"The bridge opened in May.")}
    (path,) = sender.client.post("gradio_api/upload", files=files).json()
    last = sender.queued("add", [file(path)], None)
    assert last["success"]
    assert not Path(path).exists()


@pytest.mark.parametrize("kind", ["file=", "file/", "proxy="])
@pytest.mark.parametrize("there", ["sent", "http://127.0.0.1:1/a.txt"])
def test_the_page_hands_out_no_file(sender: Sender, kind: str, there: str) -> None:
    if there == "sent":
        sent = sender.client.post("gradio_api/upload", files={"files": ("a.html", b"<b>a</b>")})
        (there,) = sent.json()
    answered = sender.client.get(f"gradio_api/{kind}{there}")
    assert answered.status_code == 404
    assert answered.text == "There is nothing at this address."


@pytest.mark.parametrize("path", ["dev/reload", "call/ask/none", "call/v2/ask/none"])
def test_neither_changes_of_the_page_nor_calls_of_it_are_waited_for(
    sender: Sender, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    answered = sender.client.get(f"gradio_api/{path}")
    assert answered.status_code == 404
    assert answered.text == "There is nothing at this address."
    assert not caplog.records
