from __future__ import annotations

from pathlib import Path

import gradio as gr
import pytest

from onrecord.access import Access
from onrecord.conversations import Conversations
from onrecord.ui.keeping import conversations_at, owned
from tests.conversations.samples import WHEN, WHO


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


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_where_everybody_logs_in_conversations_are_kept(host: str, tmp_path: Path) -> None:
    access = Access(users=Path("users"), hostnames=("a.example",))
    assert conversations_at(host, tmp_path, access) is not None


@pytest.mark.parametrize("access", [Access(hostnames=("a.example",)), Access(open=True)])
def test_where_nobody_logs_in_and_others_are_led_there_nothing_is_kept(
    access: Access, tmp_path: Path
) -> None:
    host = "127.0.0.1" if access.hostnames else "0.0.0.0"
    assert conversations_at(host, tmp_path, access) is None


def test_what_is_found_is_whose_who_has_logged_in(tmp_path: Path) -> None:
    kept = Conversations(tmp_path / "conversations.db")
    kept.of("anna").begin(WHEN)
    kept.begin(WHO)
    for user, question in (("anna", WHEN), (None, WHO)):
        (found,) = owned(kept, gr.Request(username=user)).search()
        assert found.title == question.answer.question
    assert owned(kept, gr.Request(username="bo")).search() == ()
