"""The drawer of kept conversations: found, opened again, renamed, exported, deleted."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from onrecord.conversations import Conversations, gone
from onrecord.types import Document
from onrecord.ui import words
from tests.browser.reader import Reader

pytestmark = pytest.mark.browser


def items(drawer: Locator) -> Locator:
    return drawer.get_by_role("listitem")


def saved(reader: Reader, button: Locator, folder: Path) -> Path:
    """Press what saves a file, and return the file."""
    with reader.page.expect_download() as download:
        button.click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def test_a_conversation_is_opened_again_after_a_reload_and_its_citations_light_their_sentences(
    reader: Reader,
) -> None:
    reader.ask("Who mediated?")
    reader.ask("And refuse?")
    reader.begin_anew()
    reader.ask("Who was killed?")
    reader.reload()
    expect(reader.page.locator(".question")).to_have_text(["Who was killed?"])
    drawer = reader.open_drawer(words.CONVERSATIONS)
    expect(items(drawer)).to_have_count(2)
    expect(items(drawer).first).to_contain_text("Who was killed?")
    expect(items(drawer).last).to_contain_text("2 questions")
    reader.keep("drawer-conversations")
    drawer.get_by_role("button", name="Who mediated?", exact=True).click()
    expect(drawer).to_be_hidden()
    expect(reader.page.get_by_role("region", name=words.CONVERSATION)).to_be_focused()
    expect(reader.page.locator(".question")).to_have_text(["Who mediated?", "And refuse?"])
    expect(reader.page.locator(".alarm")).to_have_count(0)
    for marker in reader.page.locator("#earlier .cite").all():
        marker.click()
        expect(reader.lit()).to_have_text(reader.words_of(marker))
        assert reader.sees(reader.lit())
    reader.ask("And then?")
    assert [turn["content"] for turn in reader.assistant.asked[-1][1]][::2] == [
        "Who mediated?",
        "And refuse?",
    ]
    reader.open_drawer(words.CONVERSATIONS)
    expect(items(drawer)).to_have_count(2)
    current = drawer.locator("[aria-current=true]")
    expect(current).to_contain_text("Who mediated?")
    expect(current).to_contain_text("3 questions")


def test_a_conversation_that_cannot_be_opened_says_why_in_the_drawer(
    reader: Reader, conversations: Conversations
) -> None:
    reader.ask("Who mediated?")
    reader.begin_anew()
    reader.ask("wait", wait_for=".claim")
    drawer = reader.open_drawer(words.CONVERSATIONS)
    other, said = drawer.locator(".title", has_text="Who mediated?"), drawer.locator(".said")
    other.click()
    expect(said).to_have_text(words.BUSY)
    expect(said).to_be_visible()
    reader.keep("drawer-busy")
    reader.assistant.go.set()
    expect(reader.latest(".foot")).to_be_attached()
    kept = {each.title: each.id for each in conversations.search()}
    conversations.delete(kept["Who mediated?"])
    other.click()
    expect(said).to_contain_text("There is no conversation")
    expect(said).to_be_visible()
    drawer.locator(".title", has_text="wait").click()
    expect(drawer).to_be_hidden()
    expect(reader.page.locator("#conversation")).to_be_focused()


@pytest.mark.thorough
def test_another_conversation_takes_the_place_of_the_one_on_the_page(reader: Reader) -> None:
    reader.ask("Who was it?")
    reader.begin_anew()
    reader.ask("Who is it?")
    reader.latest(".judge summary").click()
    reader.page.get_by_label(words.WHY_WRONG).fill("It was somebody else.")
    drawer = reader.open_drawer(words.CONVERSATIONS)
    drawer.get_by_role("button", name="Who was it?", exact=True).click()
    expect(reader.page.locator(".question")).to_have_text("Who was it?")
    expect(reader.page.get_by_label(words.WHY_WRONG)).to_be_hidden()
    reader.latest(".judge summary").click()
    expect(reader.page.get_by_label(words.WHY_WRONG)).to_have_value("")


def test_conversations_are_found_by_typing(reader: Reader) -> None:
    drawer = reader.open_drawer(words.CONVERSATIONS)
    expect(drawer).to_contain_text(words.NOTHING_KEPT)
    reader.page.keyboard.press("Escape")
    for question in ("Who mediated the talks?", "What of the Zürich refuse?"):
        reader.ask(question)
        reader.begin_anew()
    reader.open_drawer(words.CONVERSATIONS)
    expect(items(drawer)).to_have_count(2)
    find = drawer.get_by_label(words.FIND_CONVERSATION)
    find.press_sequentially("zürich")
    expect(items(drawer)).to_have_count(1)
    expect(items(drawer)).to_contain_text("Zürich")
    find.fill("")
    find.press_sequentially("30,000")
    expect(items(drawer)).to_have_count(1)
    expect(items(drawer)).to_contain_text("mediated")
    find.press_sequentially("x")
    expect(drawer).to_contain_text(words.NOTHING_FOUND)
    expect(find).to_be_focused()


def test_a_conversation_is_renamed(reader: Reader) -> None:
    reader.ask("Who?")
    drawer = reader.open_drawer(words.CONVERSATIONS)
    drawer.get_by_role("button", name=words.RENAME).click()
    box = drawer.get_by_role("textbox", name=words.NEW_NAME)
    expect(box).to_be_focused()
    reader.page.keyboard.type("The talks")
    reader.page.keyboard.press("Enter")
    expect(drawer.get_by_role("button", name="The talks", exact=True)).to_be_visible()
    expect(box).to_be_hidden()
    reader.reload()
    reader.open_drawer(words.CONVERSATIONS)
    expect(items(drawer)).to_contain_text("The talks")
    drawer.get_by_role("button", name=words.RENAME).click()
    box.fill(" ")
    drawer.get_by_role("button", name=words.KEEP, exact=True).click()
    expect(drawer.locator(".said")).to_contain_text("A title has at least one character")
    expect(items(drawer)).to_contain_text("The talks")


def test_a_conversation_is_deleted_at_the_second_press(reader: Reader) -> None:
    reader.ask("When?")
    reader.begin_anew()
    reader.ask("Who?")
    drawer = reader.open_drawer(words.CONVERSATIONS)
    delete = drawer.get_by_role("button", name=words.DELETE)
    delete.first.click()
    sure = drawer.get_by_role("button", name=words.REALLY)
    expect(sure).to_be_visible()
    reader.keep("drawer-delete")
    expect(sure).to_be_hidden()  # it waits some seconds for an answer, and takes none for a no
    expect(delete.first).to_have_accessible_name(f"{words.DELETE}: Who?")
    expect(items(drawer)).to_have_count(2)
    delete.first.click()
    sure.click()
    expect(items(drawer)).to_have_count(1)
    assert sure.count() == 0  # the other one is asked about anew
    expect(items(drawer)).to_contain_text("When?")
    expect(reader.page.locator(".turn")).to_have_count(0)
    reader.page.keyboard.press("Escape")
    reader.ask("Who then?")
    reader.open_drawer(words.CONVERSATIONS)
    expect(items(drawer)).to_have_count(2)


def test_a_conversation_is_exported_in_three_kinds(reader: Reader, tmp_path: Path) -> None:
    reader.ask("Who mediated?")
    drawer = reader.open_drawer(words.CONVERSATIONS)
    files = [
        saved(reader, drawer.get_by_role("button", name=kind), tmp_path)
        for kind in ("Markdown", "HTML", "JSON", "Markdown")
    ]
    assert [file.suffix for file in files] == [".md", ".html", ".json", ".md"]
    markdown, page, data, _again = (file.read_text(encoding="utf-8") for file in files)
    assert markdown.startswith("# Who mediated?")
    assert "mediated the talks in Brussels" in markdown
    assert re.search(r"<h1[^>]*>Who mediated\?</h1>", page)
    exchange = json.loads(data)["exchanges"][0]
    assert exchange["receipt"]["answer"]["question"] == "Who mediated?"


def test_judged_answers_are_saved_as_known_facts(reader: Reader, tmp_path: Path) -> None:
    reader.ask("Who mediated?")
    drawer = reader.open_drawer(words.CONVERSATIONS)
    facts = drawer.get_by_role("button", name=words.FACTS)
    facts.click()
    expect(drawer.locator(".said")).to_have_text(words.NO_FACTS)
    reader.page.keyboard.press("Escape")
    reader.press(words.RIGHT)
    expect(reader.latest(".judged")).to_contain_text(words.JUDGED_RIGHT)
    reader.open_drawer(words.CONVERSATIONS)
    lines = saved(reader, facts, tmp_path).read_text(encoding="utf-8").splitlines()
    fact = json.loads(lines[0])
    assert len(lines) == 1
    assert fact["question"] == "Who mediated?"
    assert len(fact["gold"]) == 4


def test_an_answer_whose_sentences_have_changed_raises_an_alarm(
    reader: Reader, article: Document
) -> None:
    reader.ask("Who mediated?")
    quoted = reader.words_of(reader.cites().first)
    changed = article.text.replace(quoted, quoted.replace("Michel", "Smith"))
    reader.assistant.documents = (article.model_copy(update={"text": changed}),)
    reader.reload()
    expect(reader.cites().first).to_be_visible()
    reader.begin_anew()
    reader.ask("refuse")
    drawer = reader.open_drawer(words.CONVERSATIONS)
    marked = items(drawer).filter(has_text=words.DOCUMENTS_CHANGED)
    expect(marked).to_have_count(1)
    expect(marked).to_contain_text("Who mediated?")
    reader.keep("drawer-alarm")
    drawer.get_by_role("button", name="Who mediated?", exact=True).click()
    alarm = reader.page.get_by_role("alert")
    expect(alarm).to_contain_text(words.FALLEN)
    expect(alarm.get_by_role("listitem")).to_have_text(gone(1, article.title))
    reader.keep("alarm")
    reader.cites().first.click()
    expect(reader.page.locator(".changed")).to_have_text(words.CHANGED)
    expect(reader.lit()).to_have_count(0)
    reader.cites().nth(1).click()
    expect(reader.lit()).to_have_text(reader.words_of(reader.cites().nth(1)))


def test_a_store_that_fails_does_not_lose_the_answer(reader: Reader, tmp_path: Path) -> None:
    (tmp_path / "conversations.db").write_text("no database", encoding="utf-8")
    reader.ask("Who?")
    expect(reader.latest(".claim")).to_have_count(3)
    expect(reader.latest(".alarm")).to_contain_text("This could not be saved.")
    expect(reader.latest(".judge")).to_have_count(0)
    drawer = reader.open_drawer(words.CONVERSATIONS)
    expect(drawer.locator(".said")).to_contain_text("is no database of conversations")
