"""From a citation to its sentence, and from a sentence to the answers that cite it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from onrecord.types import Document
from onrecord.ui import words
from tests.browser.reader import Opener, Reader
from tests.scripted import ScriptedAssistant

pytestmark = pytest.mark.browser


def test_every_citation_lights_its_own_sentence(reader: Reader) -> None:
    reader.keep("welcome")
    reader.ask("Who mediated the talks?")
    assert reader.cites().count() == 4
    expect(reader.page.locator("#article .cited")).to_have_count(4)
    for marker in reader.cites().all():
        marker.click()
        expect(reader.lit()).to_have_count(1)
        expect(reader.lit()).to_have_text(reader.words_of(marker), use_inner_text=False)
        assert reader.sees(reader.lit())
    reader.keep("citation")


def test_a_citation_is_reached_and_followed_by_key_and_escape_leads_back(reader: Reader) -> None:
    reader.ask("Who mediated the talks?")
    first, second = reader.cites().nth(1), reader.cites().nth(2)
    first.focus()
    reader.page.keyboard.press("Tab")
    expect(second).to_be_focused()
    expect(reader.page.locator("#preview")).to_be_visible()
    expect(reader.page.locator("#preview p")).to_have_text(reader.words_of(second))
    expect(second).to_have_accessible_name(words.source(3, None))
    expect(second).to_have_accessible_description(re.compile(re.escape(reader.words_of(second))))
    expect(first).to_have_accessible_description("")
    reader.keep("preview")
    reader.page.keyboard.press("Enter")
    expect(reader.lit()).to_have_text(reader.words_of(second))
    expect(reader.lit()).to_be_focused()
    reader.page.keyboard.press("Escape")
    expect(second).to_be_focused()


def test_on_a_phone_whoever_reads_the_article_is_left_there_while_the_answer_comes_in(
    open_with: Opener, scripted: ScriptedAssistant
) -> None:
    reader = open_with(scripted, width=375, height=740)
    reader.ask("wait", wait_for=".claim")
    reader.cites().first.click()
    assert reader.sees(reader.lit())
    scripted.go.set()
    expect(reader.latest(".foot")).to_be_attached()
    assert reader.sees(reader.lit())
    reader.press(words.BACK)
    expect(reader.cites().first).to_be_focused()


@pytest.mark.parametrize("by_key", [False, pytest.param(True, marks=pytest.mark.thorough)])
def test_a_sentence_leads_to_the_answers_that_cite_it_the_latest_first(
    reader: Reader, by_key: bool
) -> None:
    for number in range(3):
        reader.ask(f"Question {number}?")
    sentence = reader.page.locator("#article .sentence").nth(3)
    turns = reader.page.locator(".turn")
    for place in (2, 1, 0, 2):
        if by_key:
            sentence.focus()
            reader.page.keyboard.press("Enter")
        else:
            sentence.click()
        marker = turns.nth(place).locator(".cite").nth(1)
        expect(marker).to_be_focused()
        assert reader.sees(marker)
        expect(reader.page.locator(".chosen")).to_have_count(1)
    reader.keep("sentence-to-answers")


@pytest.mark.thorough
def test_a_sentence_that_no_answer_cites_leads_nowhere(reader: Reader) -> None:
    reader.ask("Who?")
    uncited = reader.page.locator("#article .sentence").first
    uncited.click()
    expect(reader.page.locator(".chosen")).to_have_count(0)
    assert uncited.get_attribute("role") is None
    assert uncited.get_attribute("title") is None


def test_what_earlier_answers_cite_is_marked_too_and_says_how_many_do(
    open_with: Opener, article: Document
) -> None:
    assistant = ScriptedAssistant([article], [("Michel mediated.", [(0, 1), (0, 3)])])
    reader = open_with(assistant)
    first, both, last = (reader.page.locator("#article .sentence").nth(at) for at in (1, 3, 5))
    known = reader.page.locator("#article .known")
    reader.ask("Who?")
    expect(both).to_have_attribute("title", words.CITED_ONE)
    expect(known).to_have_count(0)
    assistant.script = [("It is so.", [(0, 3), (0, 5)])]
    reader.ask("What?")
    expect(known).to_have_count(1)
    expect(first).to_have_class("sentence known")
    expect(first).to_have_attribute("title", words.CITED_ONE)
    expect(both).to_have_class("sentence cited")
    expect(both).to_have_attribute("title", words.CITED_MORE.format(count=2))
    reader.keep("cited-earlier")
    first.click()
    expect(first).to_have_class("sentence cited")
    expect(last).to_have_class("sentence known")
    reader.begin_anew()
    expect(reader.page.locator("#article .sentence:is([title], [role], .known)")).to_have_count(0)


def test_another_article_opens_at_its_sentence(open_with: Opener, article: Document) -> None:
    text = "# Second\n\nFirst line. The right one."
    second = Document(id="b.md", title="Second", text=text, pages=(0, 12))
    assistant = ScriptedAssistant([article, second], [("It is right.", [(1, 2), (0, 4)])])
    reader = open_with(assistant)
    choice = reader.page.get_by_label(words.CHOOSE, exact=False).and_(reader.page.locator("select"))
    expect(choice).to_have_value(article.id)
    reader.ask("Which?")
    reader.cites().nth(0).click()
    expect(reader.lit()).to_have_text("The right one.")
    expect(reader.lit()).to_have_attribute("data-page", words.page(2))
    expect(choice).to_have_value("b.md")
    reader.keep("documents")
    reader.cites().nth(1).click()
    expect(reader.lit()).to_have_text(reader.words_of(reader.cites().nth(1)))
    expect(choice).to_have_value(article.id)
    choice.select_option("b.md")
    expect(reader.page.locator("#article h3")).to_have_text("# Second", use_inner_text=False)
    expect(reader.page.locator("#article .title")).to_have_count(0)


@pytest.mark.thorough
def test_the_last_of_two_quick_presses_counts_in_articles_of_one_shape(open_with: Opener) -> None:
    documents = [
        Document(id=f"{name}.txt", title=name, text=f"{name} begins here. {name} ends here.")
        for name in ("Alpha", "Beta", "Gamma")
    ]
    reader = open_with(ScriptedAssistant(documents, [("So it ends.", [(1, 1), (2, 1)])]))
    reader.ask("Where?")
    reader.cites().first.click()
    expect(reader.lit()).to_have_text("Beta ends here.")
    reader.page.locator("#document").select_option("Alpha.txt")
    expect(reader.page.locator("#article .text")).to_have_text(documents[0].text)
    reader.page.evaluate("document.querySelectorAll('#latest .cite').forEach((it) => it.click())")
    expect(reader.lit()).to_have_text("Gamma ends here.")
    expect(reader.page.locator(".changed")).to_be_hidden()


def test_a_sentence_that_has_moved_is_found_and_one_that_is_gone_is_not_replaced(
    reader: Reader, article: Document
) -> None:
    reader.ask("Who?")
    moved = article.model_copy(update={"text": f"News first.\n{article.text}"})
    reader.assistant.documents = (moved,)
    marker = reader.cites().nth(1)
    marker.click()
    expect(reader.lit()).to_have_text(reader.words_of(marker))
    gone = article.model_copy(update={"text": "Another article altogether. It has sentences."})
    reader.assistant.documents = (gone,)
    reader.open_drawer(words.DOCUMENTS).get_by_role("button", name=words.OPEN).click()
    expect(reader.page.locator(".sentence")).to_have_count(2)
    marker.click()
    expect(reader.page.locator(".changed")).to_have_text(words.CHANGED)
    expect(reader.lit()).to_have_count(0)


def test_a_document_that_was_removed_is_said_to_be_gone_at_once(
    open_with: Opener, article: Document
) -> None:
    second = Document(id="b.md", title="Second", text="First line. The right one.")
    reader = open_with(ScriptedAssistant([article, second], [("It is right.", [(1, 1)])]))
    reader.ask("Which?")
    reader.assistant.documents = (article,)
    reader.cites().click()
    said = words.GONE.format(title="Second")
    expect(reader.page.locator(".changed")).to_have_text(said, timeout=2_000)


@pytest.mark.thorough
def test_the_article_follows_its_file_at_the_next_visit(reader: Reader) -> None:
    reader.assistant.documents = (
        Document(id="new.txt", title="New", text="A new article. It says more."),
    )
    reader.reload()
    expect(reader.page.locator("#article .title")).to_have_text("New")
    assert reader.assistant.refreshed == 2


def test_the_article_is_there_to_the_letter(reader: Reader, article: Document) -> None:
    shown = reader.page.locator("#article .text").evaluate("(node) => node.textContent")
    assert shown == article.text


def test_markdown_is_typeset_and_its_table_is_one(open_with: Opener) -> None:
    text = (
        "# News\n\nIt is **so** [here](http://example.com/a).\n\n"
        "| Who | What | When |\n|---|---|--:|\n"
        "| Anna | A cell. And more. | 19 |\n| Bo | One | 2 |\n"
    )
    reader = open_with(
        ScriptedAssistant([Document(id="a.md", title="News", text=text)], [("One.", [(0, 6)])])
    )
    shown = reader.page.locator("#article .text")
    assert shown.evaluate("(node) => node.textContent") == text
    expect(shown.locator("p")).to_have_text("It is so here.", use_inner_text=True)
    table = reader.page.get_by_role("table")
    expect(table.get_by_role("columnheader", name="When")).to_be_visible()
    lefts = [
        [cell["x"] for cell in map(Locator.bounding_box, table.get_by_text(said).all()) if cell]
        for said in ("A cell.", "And more.", "One", "19")
    ]
    assert lefts[0] == lefts[1] == lefts[2] < lefts[3]
    reader.ask("Who?")
    reader.cites().click()
    expect(reader.lit()).to_have_text("| Bo | One | 2 |", use_inner_text=False)
    expect(reader.lit()).to_have_role("row")
    reader.keep("table")


def test_who_says_what_is_listed_and_leads_to_the_sentences(reader: Reader) -> None:
    speakers = reader.page.locator(".speakers")
    said = speakers.locator(".near").first
    expect(said).to_be_hidden()
    speakers.locator("summary").click()
    expect(said).to_be_visible()
    reader.keep("speakers")
    said.focus()
    reader.page.keyboard.press("Enter")
    expect(reader.lit()).to_have_text(reader.words_of(said))
    assert reader.sees(reader.lit())
    reader.page.keyboard.press("Escape")
    expect(said).to_be_focused()
