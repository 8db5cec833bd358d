"""Under an answer: right or wrong, and what would have been right."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from playwright.sync_api import expect

from onrecord.conversations import Conversations, Feedback, Quotation
from onrecord.ui import words
from tests.browser.reader import Reader

pytestmark = pytest.mark.browser


def kept(conversations: Conversations) -> list[Feedback | None]:
    """Return what is kept of what the reader thinks of the answers of the one conversation."""
    (summary,) = conversations.search()
    return [each.feedback for each in conversations.load(summary.id).exchanges]


def test_an_answer_is_marked_as_right_and_that_is_taken_back(
    reader: Reader, conversations: Conversations
) -> None:
    reader.ask("Who?")
    reader.press(words.RIGHT)
    expect(reader.latest(".judged")).to_contain_text(words.JUDGED_RIGHT)
    expect(reader.page.get_by_role("button", name=words.UNDO)).to_be_focused()
    reader.keep("judged")
    assert kept(conversations) == [Feedback(liked=True)]
    reader.press(words.UNDO)
    expect(reader.page.get_by_role("button", name=words.RIGHT, exact=True)).to_be_focused()
    assert kept(conversations) == [None]


def test_a_wrong_answer_is_put_right_in_words_and_by_a_sentence_of_the_article(
    reader: Reader, conversations: Conversations
) -> None:
    reader.ask("How many were killed in 2020?")
    page = reader.page
    said = reader.latest(".judge summary")
    said.click()
    page.get_by_label(words.WHY_WRONG).press("Escape")
    expect(page.get_by_label(words.WHY_WRONG)).to_be_hidden()
    expect(said).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_label(words.WHY_WRONG).fill("It is another war.")
    page.get_by_label(words.RIGHT_ANSWER).fill("Over 6,500 people.")
    form = reader.latest(".judge form")
    expect(form).to_contain_text(words.NO_SENTENCE)
    sentence = page.locator("#article .sentence", has_text="6,500")
    reader.select(sentence, sentence)
    reader.keep("judge-selection")
    reader.press(words.USE_SENTENCE)
    expect(form).to_contain_text(sentence.inner_text())
    expect(form).not_to_contain_text(words.NO_SENTENCE)
    expect(form.get_by_role("button", name=words.KEEP)).to_be_focused()
    reader.keep("judge")
    page.keyboard.press("Enter")
    expect(reader.latest(".judged")).to_contain_text(words.JUDGED_WRONG)
    assert kept(conversations) == [
        Feedback(
            liked=False,
            reason="It is another war.",
            right_answer="Over 6,500 people.",
            quotations=(
                Quotation(document_id=reader.assistant.documents[0].id, text=sentence.inner_text()),
            ),
        )
    ]
    reader.press(words.UNDO)
    reader.latest(".judge summary").click()
    expect(page.get_by_label(words.WHY_WRONG)).to_have_value("")
    expect(form).to_contain_text(words.NO_SENTENCE)


def test_what_is_filled_in_and_what_is_opened_stays_at_its_answer_when_the_next_one_comes(
    reader: Reader,
) -> None:
    reader.ask("Who?")
    reader.latest(".how summary").first.click()
    reader.latest(".judge summary").click()
    reader.page.get_by_label(words.WHY_WRONG).fill("It is another war.")
    reader.page.get_by_label(words.SAYS_NOTHING).check()
    reader.ask("And when?")
    earlier = reader.page.locator("#earlier .turn")
    why = earlier.get_by_label(words.WHY_WRONG)
    expect(why).to_be_visible()
    expect(why).to_have_value("It is another war.")
    expect(earlier.get_by_label(words.SAYS_NOTHING)).to_be_checked()
    expect(earlier.locator(".reasons").first).to_be_visible()
    expect(reader.latest("details[open]")).to_have_count(0)
    assert reader.sees(reader.latest(".question"))
    reader.latest(".judge summary").click()
    sentences = reader.page.locator("#article .sentence")
    for turn, sentence in ((reader.page.locator("#latest"), 2), (earlier, 3)):
        chosen, form = sentences.nth(sentence), turn.locator(".judge form")
        form.get_by_label(words.WHY_WRONG).focus()
        reader.select(chosen, chosen)
        reader.press(words.USE_SENTENCE)
        expect(form).to_contain_text(chosen.inner_text())
    why.press("Escape")
    reader.ask("And where?")
    expect(why.first).to_be_hidden()


def test_an_answer_should_have_been_a_refusal(reader: Reader, conversations: Conversations) -> None:
    reader.ask("Who?")
    reader.latest(".judge summary").click()
    reader.page.get_by_label(words.SAYS_NOTHING).check()
    reader.press(words.KEEP)
    expect(reader.latest(".judged")).to_contain_text(words.JUDGED_WRONG)
    assert kept(conversations) == [Feedback(liked=False, not_in_corpus=True)]


@pytest.mark.thorough
def test_judging_an_earlier_answer_leaves_the_reader_at_it(
    reader: Reader, conversations: Conversations
) -> None:
    for number in range(4):
        reader.ask(f"Question {number}?")
    first = reader.page.locator(".turn").first
    right = first.get_by_role("button", name=words.RIGHT, exact=True)
    right.scroll_into_view_if_needed()
    right.click()
    expect(first.locator(".judged")).to_contain_text(words.JUDGED_RIGHT)
    assert reader.sees(first.locator(".judged"))
    first.get_by_role("button", name=words.COPY, exact=True).click()
    assert reader.sees(first.get_by_role("button", name=words.COPIED))
    assert kept(conversations) == [Feedback(liked=True), None, None, None]
    reader.reload()
    reader.open_drawer(words.CONVERSATIONS).locator(".title").click()
    expect(reader.page.get_by_text(words.JUDGED_RIGHT)).to_have_count(1)


@pytest.mark.thorough
def test_without_an_open_form_no_sentence_is_offered_for_one(reader: Reader) -> None:
    reader.ask("Who?")
    sentence = reader.page.locator("#article .sentence").first
    reader.select(sentence, sentence)
    expect(reader.page.get_by_role("button", name=words.ASK_PASSAGE)).to_be_visible()
    expect(reader.page.get_by_role("button", name=words.USE_SENTENCE)).to_be_hidden()


@pytest.mark.thorough
def test_an_answer_is_judged_while_the_next_one_comes_in(
    reader: Reader, conversations: Conversations
) -> None:
    reader.ask("Who?")
    reader.ask("wait", wait_for=".claim")
    reader.press(words.RIGHT)
    reader.page.wait_for_timeout(500)
    reader.assistant.go.set()
    expect(reader.latest(".foot")).to_be_visible()
    expect(reader.page.locator("#earlier .judged")).to_contain_text(words.JUDGED_RIGHT)
    reader.ask("And when?")
    expect(reader.page.locator("#earlier").get_by_text(words.JUDGED_RIGHT)).to_have_count(1)
    assert kept(conversations) == [Feedback(liked=True), None, None]


def test_a_question_that_is_asked_while_a_judgement_is_being_kept_is_not_lost(
    reader: Reader, conversations: Conversations, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge, free = Conversations.judge, threading.Event()

    def held(store: Conversations, exchange: str, feedback: Feedback | None) -> None:
        free.wait(20)
        judge(store, exchange, feedback)

    monkeypatch.setattr(Conversations, "judge", held)
    reader.ask("Who?")
    reader.press(words.RIGHT)
    reader.ask("And when?")
    free.set()
    expect(reader.page.locator("#earlier .judged")).to_contain_text(words.JUDGED_RIGHT)
    expect(reader.page.locator(".question")).to_have_text(["Who?", "And when?"])
    assert kept(conversations) == [Feedback(liked=True), None]


@pytest.mark.thorough
def test_what_cannot_be_kept_is_said_under_its_answer(reader: Reader, tmp_path: Path) -> None:
    reader.ask("Who?")
    for part in tmp_path.glob("conversations.db*"):
        part.unlink()
    reader.press(words.RIGHT)
    expect(reader.latest(".judged")).to_contain_text("This could not be saved.")
    expect(reader.page.get_by_role("button", name=words.UNDO)).to_be_hidden()
    expect(reader.page.get_by_role("button", name=words.RIGHT, exact=True)).to_be_focused()
