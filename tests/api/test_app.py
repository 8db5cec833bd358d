from __future__ import annotations

import httpx
import pytest
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from onrecord.access import ONLY_HERE, Access
from onrecord.api.app import _guards
from tests.api.conftest import Serve
from tests.api.programs import ProgramsAssistant

EVERYTHING = ["", "api/v1/health", "api/v1/documents", "api/v1/openapi.json", "mcp"]
INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    },
}
FOR_TOOLS = {"Accept": "application/json, text/event-stream"}


def test_page_api_and_tools_are_at_one_address(address: str) -> None:
    assert "<gradio-app" in httpx.get(address).text
    assert httpx.get(f"{address}api/v1/health").json() == {"status": "live"}
    tools = httpx.post(f"{address}mcp", json=INITIALIZE, headers=FOR_TOOLS)
    assert '"serverInfo"' in tools.text


def test_without_an_assistant_the_page_is_served_alone(serve: Serve) -> None:
    address = serve(None)
    assert "<gradio-app" in httpx.get(address).text
    assert httpx.get(f"{address}api/v1/health").status_code == 404
    assert httpx.post(f"{address}mcp", json=INITIALIZE, headers=FOR_TOOLS).status_code != 200


@pytest.mark.parametrize("path", [*EVERYTHING, "api/v1/nothing"])
def test_every_response_forbids_to_load_from_elsewhere(address: str, path: str) -> None:
    with httpx.stream("GET", f"{address}{path}") as response:
        headers = response.headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "frame-ancestors 'self'" in headers["content-security-policy"]
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["permissions-policy"] == "camera=(), geolocation=(), microphone=()"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "SAMEORIGIN"


def test_so_does_what_answers_for_an_application_that_has_failed() -> None:
    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        raise RuntimeError

    app: ASGIApp = broken
    for guard in reversed(_guards((), ONLY_HERE)):
        app = guard.cls(app, *guard.args, **guard.kwargs)
    answered = TestClient(app).get("/")
    assert answered.status_code == 500
    assert "default-src 'self'" in answered.headers["content-security-policy"]
    assert answered.headers["x-request-id"]


@pytest.mark.parametrize("path", EVERYTHING)
@pytest.mark.parametrize("name", ["evil.example", "evil.example:7860", "127.0.0.1.evil.example"])
def test_a_name_that_was_made_to_lead_here_is_not_answered_to(
    address: str, path: str, name: str
) -> None:
    assert httpx.get(f"{address}{path}", headers={"Host": name}).status_code == 400


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "[::1]"])
@pytest.mark.parametrize("port", ["", ":7860", ":1"])
def test_the_names_of_loopback_are_answered_to_with_any_port(
    address: str, name: str, port: str
) -> None:
    headers = {"Host": name + port}
    assert httpx.get(f"{address}api/v1/health", headers=headers).status_code == 200
    assert httpx.get(address, headers=headers).status_code == 200
    tools = httpx.post(f"{address}mcp", json=INITIALIZE, headers=FOR_TOOLS | headers)
    assert tools.status_code == 200


def test_on_other_addresses_every_name_is_answered_to(
    serve: Serve, assistant: ProgramsAssistant
) -> None:
    address = serve(assistant, "0.0.0.0", Access(open=True))
    headers = {"Host": "answers.example"}
    assert httpx.get(f"{address}api/v1/health", headers=headers).status_code == 200
    tools = httpx.post(f"{address}mcp", json=INITIALIZE, headers=FOR_TOOLS | headers)
    assert tools.status_code == 200


@pytest.mark.parametrize("host", ["0.0.0.0", "127.0.0.1"])
def test_where_names_are_given_no_others_are_answered_to(
    serve: Serve, assistant: ProgramsAssistant, host: str
) -> None:
    access = Access(open=True, hostnames=("answers.example", "b.example"))
    address = serve(assistant, host, access)
    with httpx.Client(base_url=address, headers=FOR_TOOLS) as client:
        for name in ("answers.example", "Answers.example", "b.example:7860", "localhost"):
            assert client.get("", headers={"Host": name}).status_code == 200
            assert client.get("api/v1/health", headers={"Host": name}).status_code == 200
        for name in ("evil.example", "answers.example.evil.example", "www.answers.example"):
            assert client.get("", headers={"Host": name}).status_code == 400
            assert client.get("api/v1/health", headers={"Host": name}).status_code == 400
            assert client.post("mcp", json=INITIALIZE, headers={"Host": name}).status_code == 400
        for origin, status in (("https://b.example", 200), ("https://evil.example", 403)):
            headers = {"Host": "b.example", "Origin": origin}
            assert client.post("mcp", json=INITIALIZE, headers=headers).status_code == status


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost:1"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
    ],
)
def test_other_sites_are_let_nothing_send(
    address: str, assistant: ProgramsAssistant, headers: dict[str, str]
) -> None:
    with httpx.Client(base_url=address, headers=FOR_TOOLS | headers) as client:
        assert client.post("gradio_api/upload", files={"files": b"x"}).status_code == 403
        assert client.post("gradio_api/queue/join", json={}).status_code == 403
        assert client.post("mcp", json=INITIALIZE).status_code == 403
        asked = client.post("api/v1/ask", json={"question": "Who?"})
        assert (asked.status_code, asked.json()["error"]["kind"]) == (403, "other_site")
    assert assistant.asked == []


def test_the_page_itself_may_send(address: str, assistant: ProgramsAssistant) -> None:
    for headers in (
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://answers.example"},  # behind a proxy
        {"Origin": address.rstrip("/")},
    ):
        sent = httpx.post(f"{address}gradio_api/upload", files={"files": b"x"}, headers=headers)
        assert sent.status_code == 200


@pytest.mark.parametrize("access", [None, Access(open=True)], ids=["loopback", "elsewhere"])
def test_other_sites_are_given_nothing_to_read(
    serve: Serve, address: str, assistant: ProgramsAssistant, access: Access | None
) -> None:
    if access:
        address = serve(assistant, "0.0.0.0", access)
    name = "answers.example" if access else "127.0.0.1"
    preflight = {"Access-Control-Request-Method": "POST"}
    with httpx.Client(base_url=address, headers={"Host": name}) as client:
        for origin in ("https://evil.example", "http://localhost:1", "null"):
            headers = FOR_TOOLS | {"Origin": origin}
            for path in ["", "config", "gradio_api/info", "api/v1/documents", "api/v1/ask", "mcp"]:
                responses = [
                    client.post(path, json=INITIALIZE, headers=headers),
                    client.options(path, headers=headers | preflight),
                ]
                if path != "mcp":  # where it would begin a stream
                    responses.append(client.get(path, headers=headers))
                for response in responses:
                    assert "access-control-allow-origin" not in response.headers
                    assert "access-control-allow-credentials" not in response.headers


@pytest.mark.parametrize("path", ["docs", "redoc", "openapi.json"])
def test_gradios_own_api_is_not_described(address: str, path: str) -> None:
    assert httpx.get(f"{address}{path}").status_code == 404
