"""Who names a page that has pressed nothing is refused, and the server's log has no traceback."""

from __future__ import annotations

import logging

import httpx
import pytest

PRESS = {"session_hash": "nobody", "fn_index": 0, "event_id": "none", "data": []}
PART = {"session_hash": "nobody", "component_id": 999, "fn_name": "x", "data": None}


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "queue/data?session_hash=nobody", None),
        ("GET", "queue/data?session_hash=", None),
        ("GET", "queue/data", None),
        ("GET", "stream/nobody/0/1/playlist.m3u8", None),
        ("POST", "stream/nobody/close", None),
        ("POST", "component_server", PART),
        ("POST", "cancel", PRESS),
    ],
)
def test_a_page_that_has_pressed_nothing_is_answered_without_a_traceback(
    address: str, caplog: pytest.LogCaptureFixture, method: str, path: str, body: object
) -> None:
    answer = httpx.request(method, f"{address}gradio_api/{path}", json=body, timeout=20)
    assert answer.status_code == {"cancel": 200, "queue/data": 422}.get(path, 404)
    if "session_hash" in path:
        assert answer.text == "Nothing was pressed here on that page; load the page anew."
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []
