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
    apart = """(offer) => {
        const selected = getSelection().getRangeAt(0).getBoundingClientRect();
        return offer.getBoundingClientRect().top - selected.bottom;
    }"""
    before = offer.evaluate(apart)
    reader.page.locator("#pane").evaluate("pane => pane.scrollBy(0, 60)")
    reader.page.wait_for_timeout(100)
    assert offer.evaluate(apart) == pytest.approx(before, abs=1)
    offer.click()
    expect(offer).to_be_hidden()
    expect(reader.question_box()).to_be_focused()
    first, last = (reader.assistant.corpus.sentences[article.id][place] for place in (1, 2))
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
    reader.press(words.EDIT)
    expect(reader.question_box()).to_have_value("Who met?")
    expect(chip.locator("bdi")).to_contain_text(article.text[first.start : first.start + 40])
    reader.press(words.ASK_ALL)
    expect(chip).to_have_count(0)
    reader.ask("Who else?")
    assert reader.assistant.scopes[-1] == EVERYTHING


def test_sentences_are_selected_by_key_and_asked_about(reader: Reader, article: Document) -> None:
    page = reader.page
    sentences = page.locator("#article .sentence")
    offer = page.get_by_role("button", name=words.ASK_PASSAGE)
    page.locator(".speakers summary").focus()
    page.keyboard.press("Tab")
    expect(sentences.nth(0)).to_be_focused()
    expect(page.locator(".keys")).to_be_in_viewport()
    text = page.locator("#article .text")
    expect(text).to_have_role("application")
    for key, at in (("ArrowDown", 1), ("End", 17), ("ArrowDown", 17), ("Home", 0), ("ArrowUp", 0)):
        page.keyboard.press(key)
        expect(sentences.nth(at)).to_be_focused()
        assert reader.sees(sentences.nth(at))
    expect(page.locator('#article [tabindex="0"]')).to_have_count(1)
    expect(offer).to_be_hidden()

    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowUp")
    expect(sentences.nth(2)).to_be_focused()
    expect(page.locator("#voice")).to_have_text(words.SELECTED_MORE.format(count=2))
    expect(offer).to_be_visible()
    reader.keep("selection-by-key")
    page.keyboard.press("Enter")
    expect(offer).to_be_focused()
    page.keyboard.press("Escape")
    expect(offer).to_be_hidden()
    expect(sentences.nth(2)).to_be_focused()
    page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(reader.question_box()).to_be_focused()
    expect(text).to_have_role("group")
    reader.ask("Who met?")
    first, last = (reader.assistant.corpus.sentences[article.id][place] for place in (1, 2))
    passage = Passage(document_id=article.id, start=first.start, end=last.end)
    assert reader.assistant.scopes[-1].passage == passage


def test_enter_leads_to_the_answers_that_cite_a_sentence_and_space_asks_about_it(
    open_with: Opener, article: Document
) -> None:
    second = Document(id="b.md", title="Second", text="# Second\n\nFirst line. **The right** one.")
    reader = open_with(ScriptedAssistant([article, second], [("It is so.", [(0, 1), (1, 1)])]))
    page = reader.page
    sentences = page.locator("#article .sentence")
    offer = page.get_by_role("button", name=words.ASK_PASSAGE)
    reader.ask("Who?")
    reader.cites().first.focus()
    page.keyboard.press("Enter")
    expect(sentences.nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(reader.cites().first).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    expect(offer).to_be_focused()
    page.keyboard.press("Escape")
    expect(sentences.nth(1)).to_be_focused()

    page.locator("#document").select_option("b.md")
    expect(sentences).to_have_count(3)
    expect(page.locator('#article [tabindex="0"]')).to_have_attribute("id", "s0")
    sentences.nth(0).focus()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    reader.ask("And?")
    assert reader.assistant.scopes[-1].passage.document_id == "b.md"
    assert reader.assistant.scopes[-1].passage.end == len(second.text)


@pytest.mark.thorough
def test_after_a_press_with_the_mouse_the_keys_scroll_as_they_do(reader: Reader) -> None:
    sentence = reader.page.locator("#article .sentence").nth(1)
    sentence.click()
    reader.page.keyboard.press("ArrowDown")
    reader.page.wait_for_timeout(300)
    expect(sentence).to_be_focused()


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
