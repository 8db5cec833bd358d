"""Whatever is sent where the page sends what is pressed, it is answered, and lets nothing out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from onrecord.desk import Desk
from onrecord.ui import build_page
from onrecord.ui.launch import launch
from tests.api.conftest import BRIDGE
from tests.api.programs import ProgramsAssistant
from tests.api.test_hostile_requests import BODIES, JSON, WORDS
from tests.examples import examples

SECRET = "the password is 4711"
THERE = "THERE"
"""Stands for the path of a file with the secret, which only the server knows."""
FILES = st.fixed_dictionaries(
    {"path": st.sampled_from([THERE, "/etc/passwd", "http://127.0.0.1:1/", "..", "\0"]) | JSON},
    optional={
        "meta": st.just({"_type": "gradio.FileData"}) | JSON,
        "url": JSON,
        "orig_name": JSON,
    },
)
VALUES = st.recursive(
    FILES | JSON,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.just("question"), inner),
    max_leaves=4,
)
PRESSES = st.fixed_dictionaries(
    {
        "data": st.lists(VALUES, max_size=6) | JSON,
        "fn_index": st.integers(-2, 40) | JSON,
        "session_hash": st.just("tab") | JSON,
    },
    optional={
        "event_data": st.fixed_dictionaries({"do": st.just("open") | JSON}, optional={"x": VALUES})
        | VALUES,
        "event_id": JSON,
        "trigger_id": JSON,
        "batched": JSON,
        "simple_format": JSON,
        "data_type": JSON,
        "component_id": st.integers(0, 40) | JSON,
        "fn_name": JSON,
        "upload_id": JSON,
    },
)
PATHS = st.sampled_from(
    [
        *("run/predict", "run/ask", "run/x", "api/predict", "call/ask", "call/v2/ask"),
        *("component_server", "cancel", "reset", "stream/x", "stream/x/close", "vibe-edit"),
        *("process_recording", "undo-vibe-edit", "run-history/connect", "../login"),
    ]
)
GOT = st.sampled_from(
    [
        *("queue/status", "info", "openapi.json", "upload_progress?upload_id=", "call/ask/"),
        *("token", "user", "dev/reload", "custom_component/1/client/component/", "../static/"),
        *("../assets/", "../monitoring/", "stream/a/b/1/", "../svelte/", "file=", "proxy="),
    ]
)


@pytest.fixture(scope="module")
def secret(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("elsewhere") / "secret.txt"
    file.write_text(SECRET, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(tmp_path_factory.mktemp("sent")))
        assistant: Any = ProgramsAssistant([BRIDGE, BRIDGE.model_copy(update={"id": "b.txt"})])
        desk = Desk(assistant)
        page = build_page(assistant, None, desk)
        address = launch(page, "127.0.0.1", 0, desk=desk)
        with httpx.Client(base_url=f"{address}gradio_api/", timeout=10) as client:
            yield client
        page.close(verbose=False)


def check(client: httpx.Client, said: str) -> None:
    """Nothing of the server's is let out, and it goes on to answer."""
    for inside in (SECRET, "Traceback (most", 'File "/', "root:x:0"):
        assert inside not in said
    assert client.get("../api/v1/health").status_code == 200


def sent(press: object, secret: Path) -> bytes:
    return json.dumps(press).replace(THERE, str(secret)).encode()


@examples(60)
@given(PATHS, PRESSES.map(dict) | JSON)
@example("run/predict", {"fn_index": 1, "data": [{"path": THERE, "meta": {}}], "session_hash": "a"})
def test_any_press_is_answered_or_refused(
    client: httpx.Client, secret: Path, path: str, press: object
) -> None:
    headers = {"Content-Type": "application/json"}
    check(client, client.post(path, content=sent(press, secret), headers=headers).text)


@examples(40)
@given(PATHS | st.just("queue/join") | st.just("upload"), BODIES)
def test_so_is_any_body(client: httpx.Client, path: str, body: bytes) -> None:
    for kind in ("application/json", "multipart/form-data; boundary=x"):
        check(client, client.post(path, content=body, headers={"Content-Type": kind}).text)


@examples(40)
@given(PRESSES)
@example({"fn_index": 8, "data": [[{"path": THERE, "meta": {"_type": "gradio.FileData"}}], None]})
def test_whatever_joins_the_queue_comes_to_an_end(
    client: httpx.Client, secret: Path, press: dict[str, Any]
) -> None:
    tab = {"session_hash": "queued"}
    headers = {"Content-Type": "application/json"}
    joined = client.post("queue/join", content=sent({**press, **tab}, secret), headers=headers)
    check(client, joined.text)
    if joined.status_code == 200:
        with client.stream("GET", "queue/data", params=tab) as events:
            check(client, "".join(events.iter_lines()))


@examples(20)
@given(WORDS)
def test_a_page_that_has_pressed_nothing_is_refused(client: httpx.Client, words: bytes) -> None:
    quoted = "".join(f"%{byte:02x}" for byte in words)
    told = client.get(f"queue/data?session_hash={quoted}")
    assert told.status_code == 404
    check(client, told.text)


@examples(40)
@given(st.lists(st.tuples(WORDS, WORDS, st.binary(max_size=60)), max_size=3))
def test_any_file_is_taken_or_refused(
    client: httpx.Client, files: list[tuple[bytes, bytes, bytes]]
) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="%b"; filename="../../%b"\r\n\r\n%b\r\n'
    form = b"".join(head % each for each in files)
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    check(client, client.post("upload", content=form + b"--x--\r\n", headers=headers).text)


@examples(40)
@example("dev/reload", b"")
@given(GOT, WORDS | st.sampled_from([b"../" * 9 + b"etc/passwd", b"%2e%2e%2f" * 9 + b"etc/passwd"]))
def test_no_address_of_the_page_lets_anything_out(
    client: httpx.Client, path: str, words: bytes
) -> None:
    quoted = "".join(f"%{byte:02x}" for byte in words)
    check(client, client.get(f"{path}{quoted}").text)
