from __future__ import annotations

from pathlib import Path

import pytest

from onrecord.access import Access
from onrecord.ui.keeping import conversations_at
from tests.conversations.samples import WHEN


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.8.9.10", "::1", "[::1]", "localhost", "0:0:0:0:0:0:0:1"]
)
def test_on_this_machine_alone_conversations_are_kept(host: str, tmp_path: Path) -> None:
    kept = conversations_at(host, tmp_path)
    assert kept is not None
    kept.begin(WHEN)
    assert (tmp_path / "conversations.db").is_file()


@pytest.mark.parametrize(
    "host",
    [
        "0.0.0.0",
        "::",
        "[::]",
        "",
        "192.168.1.5",
        "10.0.0.1",
        "fe80::1",
        "example.org",
        "localhost.example.org",
        "127.0.0.1.example.org",
        "127.0.0.1:7860",
    ],
)
def test_where_others_can_open_the_page_nothing_is_kept(host: str, tmp_path: Path) -> None:
    assert conversations_at(host, tmp_path) is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("access", [Access(users=Path("users")), Access(hostnames=("a.example",))])
def test_on_loopback_too_once_others_log_in_or_are_led_there(
    access: Access, tmp_path: Path
) -> None:
    assert conversations_at("127.0.0.1", tmp_path, access) is None
