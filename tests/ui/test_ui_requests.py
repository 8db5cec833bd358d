"""A question of the page has an id, in whatever threads Gradio has it answered."""

from __future__ import annotations

import json
import threading

import gradio as gr
import httpx
import pytest

from onrecord.types import Scope
from onrecord.ui import build_page, words
from onrecord.ui.handlers import Handlers
from onrecord.ui.launch import launch
from onrecord.ui.session import Session
from onrecord.ui.turns import Turn
from tests.scripted import ScriptedAssistant
from tests.ui.seeing import sent, views

SECRET = "the key is 1234"


@pytest.mark.parametrize("given", ["page-1", "not harmless"])
def test_the_id_of_the_request_that_asks_reaches_the_assistant(
    assistant: ScriptedAssistant, given: str
) -> None:
    page = build_page(assistant)  # type: ignore[arg-type]
    address = launch(page, "127.0.0.1", 0)
    numbers = {item.fn.__name__: number for number, item in page.fns.items() if item.fn}
    try:
        with httpx.Client(base_url=f"{address}gradio_api/", timeout=20) as client:
            tab = {"session_hash": "tab"}
            asked = {"fn_index": numbers["ask"], "data": ["Who?", None, sent()], **tab}
            assert client.post("run/predict", json=asked).status_code == 200
            wanted = {"fn_index": numbers["answer"], "data": [None], **tab}
            joined = client.post("queue/join", json=wanted, headers={"X-Request-ID": given})
            request = joined.headers["x-request-id"]
            assert (request == given) == (given == "page-1")
            with client.stream("GET", "queue/data", params=tab) as events:
                said = [json.loads(line[6:]) for line in events.iter_lines() if line]
        assert {"process_generating", "process_completed"} <= {event["msg"] for event in said}
        assert assistant.requests == {request}
    finally:
        page.close(verbose=False)


def test_a_press_that_fails_unforeseen_is_logged_without_what_was_sent(
    assistant: ScriptedAssistant,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    page = build_page(assistant)  # type: ignore[arg-type]
    address = launch(page, "127.0.0.1", 0)
    numbers = {item.fn.__name__: number for number, item in page.fns.items() if item.fn}
    too_little = {"data": [SECRET], "session_hash": "tab"}
    try:
        with httpx.Client(base_url=f"{address}gradio_api/", timeout=20) as client:
            at_once = too_little | {"fn_index": numbers["ask"]}
            told = client.post("run/predict", json=at_once, headers={"X-Request-ID": "a"}).text
            queued = too_little | {"fn_index": numbers["write"]}
            client.post("queue/join", json=queued, headers={"X-Request-ID": "b"})
            with client.stream("GET", "queue/data", params={"session_hash": "tab"}) as events:
                told += "".join(events.iter_lines())
            for path in ("call/x", "api/x", "run/x", "component_server", "cancel", "reset"):
                client.post(path, json=too_little | {"fn_index": 999, "fn_name": SECRET})
    finally:
        page.close(verbose=False)
    for request in ("a", "b"):
        assert f"the server's log says more under {request}." in told
        assert f"Request {request} failed: ValueError at" in caplog.text
    assert "validate_inputs" in caplog.text
    assert SECRET not in caplog.text + "".join(capfd.readouterr())


def test_what_is_refused_is_said_in_words_that_are_only_text(assistant: ScriptedAssistant) -> None:
    page = build_page(assistant)  # type: ignore[arg-type]
    address = launch(page, "127.0.0.1", 0)
    (ask,) = (number for number, item in page.fns.items() if item.name == "ask")
    data = ["Who?", None, sent(Scope(documents=("<b>x</b>",)))]
    try:
        asked = {"fn_index": ask, "data": data, "session_hash": "tab"}
        told = httpx.post(f"{address}gradio_api/run/predict", json=asked, timeout=20)
    finally:
        page.close(verbose=False)
    said = words.UNASKED_DOCUMENT.format(title="&lt;b&gt;x&lt;/b&gt;")
    assert (told.status_code, told.json()["error"]) == (500, said)


def test_an_answer_that_fails_unforeseen_says_under_which_id_it_is_logged(
    handlers: Handlers, assistant: ScriptedAssistant, caplog: pytest.LogCaptureFixture
) -> None:
    assistant.script = [("What?", [(9, 9)])]  # there is no such document
    *_, (session, *_) = views(handlers, Session((Turn("Who?"),)), gr.Request())
    (record,) = caplog.records
    (request,) = assistant.requests
    assert record.getMessage() == f"Request {request} failed"
    assert record.exc_info
    assert session.turns[-1].problem.endswith(f"the server's log says more under {request}.")
    assert "IndexError" not in session.turns[-1].problem


def test_the_queue_of_the_page_has_an_end(
    assistant: ScriptedAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("onrecord.ui.page._MOST_PRESSES", 2)
    may_end = threading.Event()
    monkeypatch.setattr(assistant, "write", lambda *_: may_end.wait(20))
    page = build_page(assistant)  # type: ignore[arg-type]
    address = launch(page, "127.0.0.1", 0)
    (write,) = (number for number, item in page.fns.items() if item.name == "write")
    pasted = {"fn_index": write, "data": ["A title", "Some text.", None], "session_hash": "tab"}
    try:
        with httpx.Client(base_url=f"{address}gradio_api/", timeout=20) as client:
            taken = [client.post("queue/join", json=pasted).status_code for _ in range(60)]
    finally:
        may_end.set()
        page.close(verbose=False)
    assert taken[0] == 200
    assert taken[-1] == 503
