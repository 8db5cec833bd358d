"""Text that is selected in the article, and asked about."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pytest
from playwright.sync_api import expect

from onrecord.types import EVERYTHING, Document, Passage, Scope
from onrecord.ui import words
from onrecord.ui.scope import scope_html
from tests.browser.reader import Opener, Reader, answer_slowly
from tests.scripted import ScriptedAssistant

pytestmark = pytest.mark.browser


def test_a_selected_passage_is_asked_about_until_its_chip_is_ended(
    reader: Reader, article: Document
) -> None:
    sentences = reader.page.locator("#article .sentence")
    reader.select(sentences.nth(1), sentences.nth(2))
    offer = reader.page.get_by_role("button", name=words.ASK_PASSAGE)
    expect(offer).to_be_visible()
    reader.keep("selection")
    offer.click()
    expect(offer).to_be_hidden()
    expect(reader.question_box()).to_be_focused()
    first, last = (reader.assistant.sentences(article.id)[place] for place in (1, 2))
    chip = reader.page.locator(".scope.set")
    expect(chip.locator("bdi")).to_contain_text(article.text[first.start : first.start + 40])
    reader.keep("passage")
    reader.ask("Who met?")
    scope = reader.assistant.scopes[-1]
    assert scope.passage == Passage(document_id=article.id, start=first.start, end=last.end)
    expect(chip).to_be_visible()
    reader.press(words.ASK_ALL)
    expect(chip).to_have_count(0)
    expect(reader.question_box()).to_be_focused()
    reader.ask("Who else?")
    assert reader.assistant.scopes[-1] == EVERYTHING


@pytest.mark.thorough
def test_a_passage_that_is_selected_while_an_answer_comes_in_is_asked_about_next(
    reader: Reader,
) -> None:
    reader.ask("wait", wait_for=".claim")
    sentence = reader.page.locator("#article .sentence").nth(2)
    reader.select(sentence, sentence)
    reader.press(words.ASK_PASSAGE)
    reader.page.wait_for_timeout(500)
    reader.assistant.go.set()
    expect(reader.latest(".foot")).to_be_visible()
    expect(reader.page.locator(".scope.set")).to_be_visible()
    reader.ask("Who?")
    assert reader.assistant.scopes[-1].passage is not None


def test_a_question_is_asked_of_a_passage_that_is_still_being_taken_up(
    open_with: Opener, scripted: ScriptedAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(scope: Scope, documents: Sequence[Document]) -> str:
        time.sleep(0.5)
        return scope_html(scope, documents)

    answer_slowly(monkeypatch)
    monkeypatch.setattr("onrecord.ui.handlers.scope_html", slow)
    reader = open_with(scripted)
    sentence = reader.page.locator("#article .sentence").nth(2)
    reader.select(sentence, sentence)
    reader.press(words.ASK_PASSAGE)
    reader.ask("Who?")
    assert reader.assistant.scopes[-1].passage is not None
    expect(reader.latest(".asked-of")).to_contain_text(sentence.inner_text()[:40])
    expect(reader.page.locator(".scope.set")).to_be_visible()
    reader.press(words.ASK_ALL)
    reader.ask("And elsewhere?")
    assert reader.assistant.scopes[-1] == EVERYTHING
    expect(reader.latest(".asked-of")).to_have_count(0)
    expect(reader.page.locator(".scope.set")).to_have_count(0)


@pytest.mark.thorough
def test_a_paragraph_that_is_selected_by_three_clicks_is_its_own_sentences(
    reader: Reader,
) -> None:
    paragraph = reader.page.locator("#article .text p").nth(1)
    paragraph.click(click_count=3)
    reader.press(words.ASK_PASSAGE)
    expect(reader.page.locator(".scope.set bdi")).to_have_text(f"“{paragraph.inner_text()[:90]}…”")
    reader.ask("Who?")
    passage = reader.assistant.scopes[-1].passage
    document = reader.assistant.documents[0]
    assert document.text[passage.start : passage.end] == paragraph.inner_text()


@pytest.mark.thorough
def test_escape_and_a_press_elsewhere_end_a_selection(reader: Reader) -> None:
    sentences = reader.page.locator("#article .sentence")
    offer = reader.page.get_by_role("button", name=words.ASK_PASSAGE)
    reader.select(sentences.first, sentences.first)
    expect(offer).to_be_visible()
    reader.page.keyboard.press("Escape")
    expect(offer).to_be_hidden()
    reader.select(sentences.first, sentences.first)
    expect(offer).to_be_visible()
    reader.page.locator("#article .facts").click()
    expect(offer).to_be_hidden()


@pytest.mark.thorough
def test_what_is_selected_in_an_answer_is_no_passage(reader: Reader) -> None:
    reader.ask("Who?")
    claim = reader.latest(".claim").first
    reader.select(claim, claim)
    reader.page.wait_for_timeout(400)
    expect(reader.page.get_by_role("button", name=words.ASK_PASSAGE)).to_be_hidden()
