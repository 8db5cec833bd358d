"""No route reads more than it may, whether a request says how large it is or not."""

from __future__ import annotations

import http.client
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from onrecord.api import pending, uploads
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
        *("gradio_api/reset", "gradio_api/cancel", "api/v1/ask", "api/v1/ask/stream", "mcp"),
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


def test_there_is_room_for_so_much_that_nobody_has_added(
    folder: Path, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pending, "MOST_PENDING", 250_000)
    address = serve(None)

    def send(name: str) -> httpx.Response:
        files = {"files": (name, name.encode() * 10_000)}
        return httpx.post(f"{address}gradio_api/upload", files=files)

    first, *_, last = [send(name) for name in ("first.txt", "second.txt", "third.txt")]
    assert first.status_code == 200
    assert last.status_code == 503
    assert "that nobody has added yet" in last.text
    Path(*first.json()).unlink()
    assert send("third.txt").status_code == 200


def test_nobody_has_all_the_room(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(pending, "MOST_PENDING_OF_ONE", 100)
    room, path = pending.Pending(), tmp_path / "a.txt"
    with room.room_for("anna", 80) as arrival:
        with pytest.raises(pending.FullError, match="You have sent"), room.room_for("anna", 30):
            pass
        with room.room_for("bo", 80), room.room_for(None, 200):
            path.write_bytes(b"a" * 60)
        arrival.saw({"type": "http.response.start", "status": 200})
        arrival.saw({"type": "http.response.body", "body": f'["{path}"]'.encode()})
    with pytest.raises(pending.FullError), room.room_for("anna", 50):
        pass
    path.unlink()
    with room.room_for("anna", 90):
        pass
