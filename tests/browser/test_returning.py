"""A page whose server goes away, is started again, or forgets the page."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import gradio as gr
import pytest
from playwright.sync_api import expect

from onrecord.conversations import Conversations
from onrecord.ui import build_page, words
from onrecord.ui.launch import launch
from tests.browser.reader import Reader

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)  # made before the page is opened, and so closed behind it
def servers() -> Iterator[list[gr.Blocks]]:
    """Servers that are closed at the end, when no page is left that would complain of it."""
    started: list[gr.Blocks] = []
    yield started
    for each in started:
        each.close(verbose=False)


def start_again(reader: Reader, conversations: Conversations, servers: list[gr.Blocks]) -> None:
    page = build_page(reader.assistant, conversations)
    launch(page, "127.0.0.1", urlsplit(reader.page.url).port or 0)
    servers.append(page)


def test_a_page_for_which_the_browser_keeps_nothing_works_as_others_do(reader: Reader) -> None:
    reader.page.add_init_script(
        """Object.defineProperty(window, "sessionStorage", {
            get: () => { throw new DOMException("blocked", "SecurityError"); },
        })"""
    )
    reader.reload()
    reader.ask("Who?")
    expect(reader.page.locator("#article .cited")).to_have_count(4)
    reader.ask("And when?")
    expect(reader.question_box()).to_have_value("")
    reader.reload()
    expect(reader.page.locator(".welcome")).to_be_visible()


def test_a_page_whose_server_was_lost_says_so_and_goes_on_with_all_it_held_when_it_is_back(
    reader: Reader, conversations: Conversations, servers: list[gr.Blocks]
) -> None:
    page = reader.page
    reader.ask("Who?")
    reader.latest(".judge summary").click()
    page.get_by_label(words.WHY_WRONG).fill("It was somebody else.")
    sentence = page.locator("#article .sentence").nth(2)
    reader.select(sentence, sentence)
    reader.press(words.ASK_PASSAGE)
    drawer = reader.open_drawer(words.DOCUMENTS)
    drawer.get_by_role("button", name=words.PASTE).click()
    pasted = drawer.get_by_label(words.PASTE_TEXT, exact=True)
    pasted.fill("The note says little.")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    reader.ask("wait", wait_for=".claim")
    reader.question_box().fill("And when?")
    reader.served.close(verbose=False)
    expect(page.get_by_role("alert")).to_have_text(words.LOST, timeout=15_000)
    reader.keep("lost")
    reader.assistant.go.set()
    start_again(reader, conversations, servers)
    expect(page.locator(".question")).to_have_text(["Who?"], timeout=15_000)
    expect(reader.question_box()).to_have_value("wait\nAnd when?")
    expect(page.locator("#lost")).to_have_count(0)
    expect(page.get_by_label(words.WHY_WRONG)).to_have_value("It was somebody else.")
    expect(page.locator(".scope.set")).to_contain_text(sentence.inner_text()[:40])
    reader.open_drawer(words.DOCUMENTS)
    expect(pasted).to_be_visible()
    expect(pasted).to_have_value("The note says little.")
    page.keyboard.press("Escape")
    reader.question_box().press("Enter")
    expect(page.locator(".question")).to_have_text(["Who?", "wait And when?"])
    expect(reader.latest(".foot")).to_be_visible()
    assert reader.assistant.scopes[-1].passage is not None
    assert [each.exchanges for each in conversations.search()] == [2]
    reader.complaints.clear()  # of what the browser could not have


@pytest.mark.thorough
def test_a_question_that_is_asked_when_nobody_is_there_comes_back_with_the_server(
    reader: Reader, conversations: Conversations, servers: list[gr.Blocks]
) -> None:
    reader.ask("Who?")
    reader.served.close(verbose=False)
    reader.question_box().fill("And when?")
    reader.page.keyboard.press("Enter")
    expect(reader.page.get_by_role("alert")).to_have_text(words.LOST, timeout=15_000)
    start_again(reader, conversations, servers)
    expect(reader.page.locator("#lost")).to_have_count(0, timeout=15_000)  # the page is another
    expect(reader.page.locator(".question")).to_have_text(["Who?"], timeout=15_000)
    expect(reader.question_box()).to_have_value("And when?")
    reader.page.keyboard.press("Enter")
    expect(reader.page.locator(".question")).to_have_text(["Who?", "And when?"])
    expect(reader.latest(".foot")).to_be_visible()
    reader.complaints.clear()


def test_a_server_that_was_started_again_unseen_goes_on_with_what_the_page_shows(
    reader: Reader, conversations: Conversations, servers: list[gr.Blocks]
) -> None:
    reader.ask("Who?")
    sentence = reader.page.locator("#article .sentence").nth(2)
    reader.select(sentence, sentence)
    reader.press(words.ASK_PASSAGE)
    expect(reader.page.locator(".scope.set")).to_be_visible()
    reader.served.close(verbose=False)
    start_again(reader, conversations, servers)
    reader.ask("And when?")
    expect(reader.page.locator(".question")).to_have_text(["Who?", "And when?"])
    assert reader.assistant.scopes[-1].passage is not None
    assert reader.assistant.asked[-1][1][0]["content"] == "Who?"
    assert [each.exchanges for each in conversations.search()] == [2]
    reader.complaints.clear()
