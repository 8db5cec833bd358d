"""No route reads more than it may, whether a request says how large it is or not."""

from __future__ import annotations

import http.client
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from onrecord.api import uploads
from onrecord.body import LARGEST_BODY
from tests.api.conftest import Serve
from tests.api.waiting import eventually

FORM = "multipart/form-data; boundary=x"
FILES = {
    name: b'--x\r\nContent-Disposition: form-data; name="files"; filename="%b"\r\n\r\n' % name
    for name in (b"a.txt", b"b.txt")
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the files go that are sent."""
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    return tmp_path


def kept(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def status_of(address: str, path: str, size: int, kind: str = "application/json") -> int:
    """Return how a request is answered that says how large it is, and sends nothing."""
    there = http.client.HTTPConnection(urlsplit(address).netloc, timeout=5)
    there.putrequest("POST", f"/{path}")
    there.putheader("Content-Type", kind)
    there.putheader("Accept", "application/json, text/event-stream")
    there.putheader("Content-Length", str(size))
    there.endheaders()
    status = there.getresponse().status
    there.close()
    return status


@pytest.mark.parametrize(
    "path",
    [
        *("gradio_api/queue/join", "gradio_api/run/predict", "gradio_api/api/predict"),
        *("gradio_api/call/predict", "gradio_api/call/v2/predict", "gradio_api/reset"),
        *("gradio_api/cancel", "api/v1/ask", "api/v1/ask/stream", "mcp"),
    ],
)
def test_what_says_that_it_is_too_large_is_refused_unread(address: str, path: str) -> None:
    assert status_of(address, path, LARGEST_BODY + 1) == 413


@pytest.mark.parametrize("path", ["login", "gradio_api/component_server", "gradio_api/stream/x"])
def test_so_is_it_where_gradio_answers_in_words_of_its_own(address: str, path: str) -> None:
    assert 400 <= status_of(address, path, 10**12, FORM) < 500


def test_what_does_not_say_so_is_refused_too(address: str) -> None:
    body = (b" " * 100_000 for _ in range(11))
    headers = {"Content-Type": "application/json"}
    joined = httpx.post(f"{address}gradio_api/queue/join", content=body, headers=headers)
    assert joined.status_code == 413
    assert "send a shorter one" in joined.json()["detail"]


def test_more_than_may_be_sent_in_files_is_refused_unread(address: str) -> None:
    size = uploads.LARGEST_UPLOAD
    assert status_of(address, "gradio_api/upload", size + 1, FORM) == 413


def test_of_files_that_are_too_large_together_none_is_kept(
    folder: Path, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "LARGEST_UPLOAD", 100_000)
    address = serve(None)
    body = (head + b"a" * 60_000 + b"\r\n" for head in FILES.values())
    sent = httpx.post(f"{address}gradio_api/upload", content=body, headers={"Content-Type": FORM})
    assert sent.status_code == 413
    assert "add fewer at once" in sent.text
    assert not kept(folder)


def test_of_files_that_break_off_none_is_kept(folder: Path, serve: Serve) -> None:
    there = http.client.HTTPConnection(urlsplit(serve(None)).netloc, timeout=5)
    there.putrequest("POST", "/gradio_api/upload")
    there.putheader("Content-Type", FORM)
    there.putheader("Content-Length", "100000")
    there.endheaders(FILES[b"a.txt"] + b"a" * 50_000)
    eventually(lambda: kept(folder))
    there.close()
    eventually(lambda: not kept(folder))
