from __future__ import annotations

import httpx
import pytest

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
    assert headers["referrer-policy"] == "no-referrer"


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
    address = serve(assistant, "0.0.0.0")
    headers = {"Host": "answers.example"}
    assert httpx.get(f"{address}api/v1/health", headers=headers).status_code == 200
    tools = httpx.post(f"{address}mcp", json=INITIALIZE, headers=FOR_TOOLS | headers)
    assert tools.status_code == 200


def test_other_sites_are_given_nothing_to_read_and_let_nothing_send(
    address: str, assistant: ProgramsAssistant
) -> None:
    origin = {"Origin": "http://evil.example"}
    read = httpx.get(f"{address}api/v1/documents", headers=origin)
    assert "access-control-allow-origin" not in read.headers
    asked = {"Access-Control-Request-Method": "POST"}
    allowed = httpx.options(f"{address}api/v1/ask", headers=origin | asked)
    assert "access-control-allow-origin" not in allowed.headers
    assert httpx.post(f"{address}mcp", json=INITIALIZE, headers=FOR_TOOLS | origin).status_code == (
        403
    )


@pytest.mark.parametrize("path", ["docs", "redoc", "openapi.json"])
def test_gradios_own_api_is_not_described(address: str, path: str) -> None:
    assert httpx.get(f"{address}{path}").status_code == 404
