"""Logging in, as a browser does it."""

from __future__ import annotations

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
