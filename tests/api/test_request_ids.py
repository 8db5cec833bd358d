from __future__ import annotations

import logging
from pathlib import Path

import httpx
import pytest
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from onrecord.access import Access
from onrecord.api.requests import RequestIds
from tests.api.conftest import Serve
from tests.api.programs import SECRET, ProgramsAssistant
from tests.api.test_app import FOR_TOOLS
from tests.api.test_http import streamed
from tests.api.test_mcp import call, said
from tests.api.waiting import eventually
from tests.passwords import write_users

NAMED = {"X-Request-ID": "mine-1"}


@pytest.mark.parametrize("path", ["", "nothing", "api/v1/health", "api/v1/nothing"])
def test_every_response_has_the_id_of_its_request(address: str, path: str) -> None:
    with httpx.Client(base_url=address) as client:
        assert client.get(path, headers=NAMED).headers["x-request-id"] == "mine-1"
        made = {client.get(path).headers["x-request-id"] for _ in range(2)}
        assert len(made) == 2
        harmful = client.get(path, headers={"X-Request-ID": "a b;c"}).headers["x-request-id"]
        assert harmful.isalnum()


def test_a_refusal_at_the_door_has_it_too(
    serve: Serve, assistant: ProgramsAssistant, tmp_path: Path
) -> None:
    users = write_users(tmp_path / "users", anna="the old bridge")
    address = serve(assistant, "127.0.0.1", Access(users=users))
    refused = httpx.get(f"{address}api/v1/documents", headers=NAMED)
    assert refused.status_code == 401
    assert refused.headers["x-request-id"] == "mine-1"
    assert refused.json()["error"]["request_id"] == "mine-1"


def test_a_question_and_each_step_of_its_answer_know_it(
    api: httpx.Client, assistant: ProgramsAssistant
) -> None:
    api.post("/ask", json={"question": "Who?"}, headers=NAMED)
    assert assistant.requests == {"mine-1"}
    api.post("/ask/stream", json={"question": "Who?"}, headers={"X-Request-ID": "b"})
    assert assistant.requests == {"mine-1", "b"}


def test_a_question_of_the_tools_knows_it(address: str, assistant: ProgramsAssistant) -> None:
    tool = {"name": "ask", "arguments": {"question": "Who?"}}
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": tool}
    told = httpx.post(f"{address}mcp", json=call, headers=FOR_TOOLS | NAMED, timeout=20)
    assert told.headers["x-request-id"] == "mine-1"
    assert assistant.requests == {"mine-1"}


@pytest.mark.parametrize("question", ["crash", "fail"])
def test_an_error_names_it(api: httpx.Client, question: str) -> None:
    failed = api.post("/ask", json={"question": question}, headers=NAMED)
    assert failed.json()["error"]["request_id"] == "mine-1"
    last = streamed(api, question)[-1][1]["error"]
    assert last["request_id"]


def test_what_nobody_has_foreseen_is_logged_once_under_the_id_that_is_told(
    api: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    failed = api.post("/ask", json={"question": "crash"}, headers=NAMED)
    assert failed.status_code == 500
    assert failed.json()["error"]["message"].endswith("the server's log says more under mine-1.")
    eventually(lambda: bool(caplog.records))  # the response is sent before
    (record,) = caplog.records
    assert record.getMessage() == "Request mine-1 failed"
    assert SECRET in str(record.exc_info)

    caplog.clear()
    message = streamed(api, "crash")[-1][1]["error"]["message"]
    (record,) = caplog.records
    assert record.getMessage().split()[1] in message


def test_what_nobody_has_foreseen_in_a_tool_is_told_and_logged_so_too(
    address: str, assistant: ProgramsAssistant, caplog: pytest.LogCaptureFixture
) -> None:
    told = said(call(address, "ask", question="crash"))
    (record,) = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert f"the server's log says more under {record.getMessage().split()[1]}." in told
    assert SECRET not in told


def test_an_application_that_fails_before_it_has_answered_is_answered_for(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        raise RuntimeError(SECRET)

    answered = TestClient(RequestIds(broken)).get("/", headers=NAMED)
    assert answered.status_code == 500
    assert answered.headers["x-request-id"] == "mine-1"
    assert answered.text.endswith("under mine-1.")
    assert [record.getMessage() for record in caplog.records] == ["Request mine-1 failed"]
