"""Logging in, as a browser does it."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from onrecord.access import Access
from onrecord.conversations import Conversations
from onrecord.ui import build_page, words
from onrecord.ui.launch import launch
from tests.browser.reader import Reader
from tests.passwords import write_users
from tests.scripted import ScriptedAssistant

pytestmark = pytest.mark.browser


def test_the_page_works_for_whoever_logs_in_and_shows_nothing_to_others(
    browser: Browser, scripted: ScriptedAssistant, tmp_path: Path, conversations: Conversations
) -> None:
    users = write_users(tmp_path / "users", anna="the old bridge", bo="ferries at dawn")
    page = build_page(scripted, conversations)  # type: ignore[arg-type]
    address = launch(page, "127.0.0.1", 0, access=Access(users=users))
    stranger = browser.new_context(http_credentials={"username": "anna", "password": "a guess"})
    anna = browser.new_context(http_credentials={"username": "anna", "password": "the old bridge"})
    bo = browser.new_context(http_credentials={"username": "bo", "password": "ferries at dawn"})
    try:
        shown = stranger.new_page()
        answered = shown.goto(address)
        assert answered
        assert answered.status == 401
        assert "The name or the password is wrong." in shown.content()
        reader = Reader(anna.new_page(), scripted, page)
        reader.watch()
        reader.open(address)
        reader.ask("Who?")
        expect(reader.page.locator(".claim")).to_have_count(3)
        drawer = reader.open_drawer(words.CONVERSATIONS)
        expect(drawer.get_by_role("listitem")).to_have_count(1)
        other = Reader(bo.new_page(), scripted, page)
        other.open(address)
        expect(other.open_drawer(words.CONVERSATIONS)).to_contain_text(words.NOTHING_KEPT)
        assert [each.owner for each in conversations.search()] == ["anna"]
        assert reader.complaints == []
    finally:
        stranger.close()
        anna.close()
        bo.close()
        page.close(verbose=False)


def test_who_logs_in_next_in_a_tab_is_not_shown_what_somebody_else_has_typed_there(
    browser: Browser, scripted: ScriptedAssistant, tmp_path: Path, conversations: Conversations
) -> None:
    passwords = {"anna": "the old bridge", "bo": "ferries at dawn"}
    users = write_users(tmp_path / "users", **passwords)
    page = build_page(scripted, conversations)  # type: ignore[arg-type]
    address = launch(page, "127.0.0.1", 0, access=Access(users=users))
    tab = browser.new_context()

    def log_in(name: str) -> None:
        known = b64encode(f"{name}:{passwords[name]}".encode()).decode()
        tab.set_extra_http_headers({"Authorization": f"Basic {known}"})

    try:
        log_in("anna")
        reader = Reader(tab.new_page(), scripted, page)
        reader.open(address)
        reader.question_box().fill("What did I do?")
        reader.reload()
        expect(reader.question_box()).to_have_value("What did I do?")
        log_in("bo")
        reader.reload()
        reader.ask("Who?")
        expect(reader.latest(".question")).to_have_text("Who?")
        assert "What did I do?" not in reader.page.evaluate("JSON.stringify(sessionStorage)")
    finally:
        tab.close()
        page.close(verbose=False)
