from __future__ import annotations

import socket
import subprocess
import sys

import httpx
import pytest

from onrecord.errors import OnrecordError
from onrecord.ui import build_page
from onrecord.ui.launch import launch, serve
from tests.scripted import ScriptedAssistant


def test_it_is_served_on_loopback_with_its_policy_and_in_silence(
    assistant: ScriptedAssistant, capsys: pytest.CaptureFixture[str]
) -> None:
    page = build_page(assistant)  # type: ignore[arg-type]
    address = launch(page, "127.0.0.1", 0)
    try:
        assert address.startswith("http://127.0.0.1:")
        response = httpx.get(address)
        assert "connect-src 'self'" in response.headers["content-security-policy"]
        assert "fonts.googleapis" not in response.text
        assert httpx.get(f"{address}gradio_api/info").json()["named_endpoints"] == {}
    finally:
        page.close(verbose=False)
    assert capsys.readouterr().out == ""


def test_a_port_that_is_taken_is_told_in_words(assistant: ScriptedAssistant) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OnrecordError, match=f"port {port}.*--port"):
            launch(build_page(assistant), "127.0.0.1", port)  # type: ignore[arg-type]


def test_an_address_of_another_machine_is_told_in_words(assistant: ScriptedAssistant) -> None:
    with pytest.raises(OnrecordError, match="cannot be served"):
        launch(build_page(assistant), "192.0.2.1", 0)  # type: ignore[arg-type]


def test_serving_announces_its_address_and_ends_when_interrupted(
    assistant: ScriptedAssistant,
) -> None:
    page = build_page(assistant)  # type: ignore[arg-type]
    heard: list[str] = []

    def announce(address: str) -> None:
        heard.append(address)
        page.server.should_exit = True

    serve(page, "127.0.0.1", 0, False, announce)
    assert heard[0].startswith("http://127.0.0.1:")
    assert not page.is_running


def test_importing_the_ui_does_not_import_gradio() -> None:
    code = "import sys, onrecord.ui; assert 'gradio' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
