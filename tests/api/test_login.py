from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from onrecord.access import Access
from onrecord.api.door import Door
from onrecord.api.login import Login
from onrecord.api.tries import MOST_WRONG
from onrecord.errors import ModelError
from onrecord.types import Document
from tests.api.conftest import served_page
from tests.api.programs import ProgramsAssistant
from tests.api.test_app import FOR_TOOLS, INITIALIZE
from tests.api.waiting import eventually
from tests.passwords import write_users

ANNA = ("anna", "the old bridge")
GUARDED = [
    "",
    "config",
    "gradio_api/info",
    "theme.css",
    "static/img/logo.svg",
    "nothing",
    "mcp",
    "api/v1/documents",
    "api/v1/openapi.json",
    "api/v1/nothing",
    "api/v1/health/",
    "API/V1/HEALTH",
    "api/v1/ready/",
]


@pytest.fixture(scope="module")
def users(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("login") / "users"


@pytest.fixture(scope="module")
def guarded(article: Document, users: Path) -> Iterator[str]:
    write_users(users, anna=ANNA[1])
    with served_page(ProgramsAssistant([article]), access=Access(users=users)) as address:
        yield address


@pytest.fixture
def page(guarded: str, users: Path, request: pytest.FixtureRequest) -> Iterator[httpx.Client]:
    """What asks at the guarded address, as a client that has tried nothing yet."""
    write_users(users, anna=ANNA[1])
    with httpx.Client(base_url=guarded, headers=_from(request.node.name)) as client:
        yield client


@pytest.mark.parametrize("path", GUARDED)
def test_nothing_is_answered_to_whoever_does_not_log_in(page: httpx.Client, path: str) -> None:
    for response in (
        page.get(path),
        page.get(path, auth=("anna", "the new bridge")),
        page.get(path, auth=("", "")),
        page.get(path, headers={"Authorization": "Bearer token"}),
        page.get(path, headers={"Authorization": "Basic not-base-64"}),
        page.post(path, json={"question": "Who?"}),
    ):
        assert response.status_code == 401
        assert response.headers["www-authenticate"] == 'Basic realm="onrecord", charset="UTF-8"'
        assert "frame-ancestors 'self'" in response.headers["content-security-policy"]
        if path.startswith("api/v1/"):
            assert response.json()["error"]["kind"] == "login"


@pytest.mark.parametrize("path", ["", "config", "api/v1/documents", "api/v1/nothing", "mcp"])
def test_what_somebody_is_let_see_is_kept_by_no_browser(page: httpx.Client, path: str) -> None:
    with page.stream("GET", path, auth=ANNA) as response:
        assert response.headers["cache-control"] == "no-store"


def test_what_is_the_same_for_everybody_may_be_kept(page: httpx.Client) -> None:
    logo = page.get("static/img/logo.svg", auth=ANNA)
    assert logo.status_code == 200
    assert "no-store" not in logo.headers.get("cache-control", "")


def test_whoever_logs_in_is_answered_by_page_api_and_tools(page: httpx.Client) -> None:
    page.auth = ANNA
    assert "<gradio-app" in page.get("").text
    assert page.get("config").status_code == 200
    assert page.get("api/v1/documents").status_code == 200
    assert page.post("api/v1/ask", json={"question": "Who?"}).json()["status"] == "answered"
    assert '"serverInfo"' in page.post("mcp", json=INITIALIZE, headers=FOR_TOOLS).text


def test_everybody_may_know_that_the_server_lives(page: httpx.Client) -> None:
    assert page.get("api/v1/health").json() == {"status": "live"}


def test_everybody_may_know_whether_it_is_ready_but_not_why_not(
    users: Path, article: Document, page: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    eventually(lambda: page.get("api/v1/ready").json() == {"status": "ready"})
    assistant = ProgramsAssistant([article])
    assistant.cold = ModelError("The model at 10.1.2.3 is not there.")
    with served_page(assistant, access=Access(users=users)) as address:
        eventually(lambda: "10.1.2.3" in caplog.text)
        answer = httpx.get(f"{address}api/v1/ready")
        assert answer.status_code == 503
        assert "10.1.2.3" not in answer.text


def test_the_users_file_may_change_while_it_is_served(page: httpx.Client, users: Path) -> None:
    def status(name: str, password: str) -> int:
        return page.get("api/v1/documents", auth=(name, password)).status_code

    assert status(*ANNA) == 200
    assert status("bo", "ferries at dawn") == 401
    write_users(users, anna="another bridge", bo="ferries at dawn")
    assert status("bo", "ferries at dawn") == 200
    assert status("anna", "another bridge") == 200
    assert status(*ANNA) == 401
    write_users(users, anna="another bridge")
    assert status("bo", "ferries at dawn") == 401
    assert status("anna", "another bridge") == 200


def test_nobody_is_let_in_while_the_users_file_cannot_be_used(
    page: httpx.Client, users: Path, caplog: pytest.LogCaptureFixture
) -> None:
    page.auth = ANNA
    assert page.get("api/v1/documents").status_code == 200
    users.chmod(0o644)
    shut = [page.get("api/v1/documents") for _ in range(2)]
    assert [response.status_code for response in shut] == [503, 503]
    assert shut[0].json()["error"]["kind"] == "shut"
    assert str(users) not in shut[0].text
    (said,) = [record.getMessage() for record in caplog.records]
    assert f"chmod 600 {users}" in said
    users.chmod(0o600)
    assert page.get("api/v1/documents").status_code == 200
    users.unlink()
    assert page.get("").status_code == 503
    users.write_text("")
    users.chmod(0o600)
    assert page.get("").status_code == 503


def test_whoever_guesses_has_to_wait_and_nobody_else_has(page: httpx.Client) -> None:
    for number in range(MOST_WRONG):
        assert page.get("", auth=("anna", f"guess {number}")).status_code == 401
    for password in ("another guess", ANNA[1]):
        refused = page.get("api/v1/documents", auth=("anna", password))
        assert refused.status_code == 429
        assert refused.json()["error"]["kind"] == "guessing"
        assert 0 < int(refused.headers["retry-after"]) <= 300
    assert page.get("").status_code == 401
    assert page.get("", auth=ANNA, headers=_from("another")).status_code == 200


def test_who_was_let_in_before_is_not_shut_out_by_who_guesses_at_their_address(
    page: httpx.Client, users: Path, request: pytest.FixtureRequest
) -> None:
    write_users(users, anna=ANNA[1], bo="ferries at dawn")
    assert page.get("config", auth=ANNA).status_code == 200
    assert "set-cookie" not in page.get("config", auth=ANNA).headers
    with httpx.Client(base_url=page.base_url, headers=_from(request.node.name)) as other:
        for number in range(MOST_WRONG):
            assert other.get("", auth=("anna", f"guess {number}")).status_code == 401
        assert other.get("", auth=ANNA).status_code == 429
        assert page.get("", auth=ANNA).status_code == 200
        assert page.get("").status_code == 401
        assert page.get("", auth=("bo", "ferries at dawn")).status_code == 429
        for number in range(MOST_WRONG):
            assert page.get("", auth=("anna", f"another {number}")).status_code == 401
        assert page.get("", auth=ANNA).status_code == 429


def test_what_tells_a_device_is_for_this_address_alone_and_no_script(page: httpx.Client) -> None:
    for address, secure in (("http", False), ("https", True)):
        page.cookies.clear()
        response = page.get("config", auth=ANNA, headers={"X-Forwarded-Proto": address})
        (said,) = response.headers.get_list("set-cookie")
        assert "; Path=/; " in said
        assert "; HttpOnly; SameSite=Lax" in said
        assert said.endswith("; Secure") is secure


@pytest.mark.parametrize("cookie", ["", "a", "a.b", "é.ü", "." * 5])
def test_a_cookie_that_was_not_given_tells_nothing(page: httpx.Client, cookie: str) -> None:
    headers = {"Cookie": f"onrecord-device={cookie}".encode()}
    assert page.get("config", auth=ANNA, headers=headers).headers["set-cookie"]


def test_an_old_password_that_is_sent_again_and_again_is_no_guessing(page: httpx.Client) -> None:
    for _ in range(MOST_WRONG + 1):
        assert page.get("", auth=("anna", "an old password")).status_code == 401
    assert page.get("", auth=ANNA).status_code == 200


def test_a_websocket_is_guarded_too(tmp_path: Path) -> None:
    async def echo(scope: Scope, receive: Receive, send: Send) -> None:
        socket = WebSocket(scope, receive, send)
        await socket.accept()
        await socket.send_text("in")
        await socket.close()

    door = Door(write_users(tmp_path / "users", anna=ANNA[1]))
    client = TestClient(Login(echo, door, ["/api/v1/health"]))
    with pytest.raises(WebSocketDenialResponse) as refused, client.websocket_connect("/socket"):
        pass
    assert refused.value.status_code == 401
    basic = httpx.BasicAuth(*ANNA)._auth_header
    with client.websocket_connect("/socket", headers={"Authorization": basic}) as socket:
        assert socket.receive_text() == "in"


def _from(name: str) -> dict[str, str]:
    """Return what a proxy on this machine says of a client, another one for each name."""
    number = hash(name) % 2**24
    return {"X-Forwarded-For": f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"}
