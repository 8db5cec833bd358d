from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import gradio as gr
import httpx
import pytest
from fastapi import FastAPI

from onrecord.access import Access
from onrecord.desk import Desk
from onrecord.errors import AccessError, OnrecordError
from onrecord.ui import build_page, serve
from onrecord.ui.launch import launch
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


def test_a_port_is_had_by_one_page_alone_and_free_when_that_is_closed(
    assistant: ScriptedAssistant,
) -> None:
    first = build_page(assistant)  # type: ignore[arg-type]
    port = urlsplit(launch(first, "127.0.0.1", 0)).port
    assert port
    try:
        with pytest.raises(OnrecordError, match=f"port {port}"):
            launch(build_page(assistant), "127.0.0.1", port)  # type: ignore[arg-type]
    finally:
        first.close(verbose=False)
    second = build_page(assistant)  # type: ignore[arg-type]
    launch(second, "127.0.0.1", port)
    second.close(verbose=False)


def test_a_number_that_is_no_port_is_told_in_words(assistant: ScriptedAssistant) -> None:
    with pytest.raises(OnrecordError, match="port 99999"):
        launch(build_page(assistant), "127.0.0.1", 99999)  # type: ignore[arg-type]


def test_an_application_that_does_not_start_is_told_in_words(
    assistant: ScriptedAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    @asynccontextmanager
    async def broken(_app: FastAPI) -> AsyncIterator[None]:
        raise RuntimeError("broken")
        yield

    monkeypatch.setattr("onrecord.ui.launch.build_app", lambda *_: FastAPI(lifespan=broken))
    with pytest.raises(OnrecordError, match="logged above"):
        launch(build_page(assistant), "127.0.0.1", 0)  # type: ignore[arg-type]


def test_programs_are_answered_at_the_same_address_once_there_is_an_assistant(
    assistant: ScriptedAssistant,
) -> None:
    page = build_page(assistant)  # type: ignore[arg-type]
    address = launch(page, "127.0.0.1", 0, desk=Desk(assistant))  # type: ignore[arg-type]
    try:
        assert httpx.get(f"{address}api/v1/health").json() == {"status": "live"}
        assert "<gradio-app" in httpx.get(address).text
    finally:
        page.close(verbose=False)


def test_an_address_of_another_machine_is_told_in_words(assistant: ScriptedAssistant) -> None:
    with pytest.raises(OnrecordError, match="cannot be served"):
        launch(
            build_page(assistant),  # type: ignore[arg-type]
            "192.0.2.1",
            0,
            access=Access(open=True),
        )


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "answers.example", ""])
def test_where_others_could_ask_nothing_is_served_without_a_login(
    assistant: ScriptedAssistant, host: str
) -> None:
    with gr.Blocks(analytics_enabled=False) as page:
        gr.HTML("the page")
    with pytest.raises(AccessError, match=r"onrecord user add.*ONRECORD_OPEN=1"):
        launch(page, host, 0)
    with pytest.raises(AccessError, match=r"onrecord user add.*ONRECORD_OPEN=1"):
        serve(assistant, host=host, port=0)  # type: ignore[arg-type]


def test_serving_announces_its_address_and_ends_when_interrupted(
    assistant: ScriptedAssistant,
) -> None:
    heard: list[str] = []

    def announce(address: str) -> None:
        heard.append(address)
        assert "<gradio-app" in httpx.get(address).text
        raise KeyboardInterrupt

    serve(assistant, port=0, announce=announce)  # type: ignore[arg-type]
    (address,) = heard
    assert address.startswith("http://127.0.0.1:")
    with pytest.raises(httpx.ConnectError):
        httpx.get(address)


def test_importing_the_ui_does_not_import_gradio() -> None:
    code = "import sys, onrecord.ui; assert 'gradio' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
