from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import expect

from onrecord import Receipt, verify
from onrecord.types import Document
from onrecord.ui import words
from tests.browser.reader import Opener, Reader
from tests.scripted import ScriptedAssistant

pytestmark = pytest.mark.browser

HOSTILE = '<img src=x onerror="document.title=\'owned\'"><b>bold</b> ${1+1} {{this}} & "q"'


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
    first = reader.cites().nth(1)
    first.focus()
    reader.page.keyboard.press("Tab")
    second = reader.cites().nth(2)
    expect(second).to_be_focused()
    expect(reader.page.locator("#preview")).to_be_visible()
    expect(reader.page.locator("#preview p")).to_have_text(reader.words_of(second))
    reader.keep("preview")
    reader.page.keyboard.press("Enter")
    expect(reader.lit()).to_have_text(reader.words_of(second))
    expect(reader.lit()).to_be_focused()
    reader.page.keyboard.press("Escape")
    expect(second).to_be_focused()


def test_what_has_focus_shows_it(reader: Reader) -> None:
    reader.ask("Who?")
    for _ in range(12):
        reader.page.keyboard.press("Tab")
        shown = reader.page.evaluate(
            """() => {
                const at = document.activeElement;
                if (at === document.body) return true;
                const framed = at.closest("#composer") ?? at;
                return [at, framed].some((node) => {
                    const style = getComputedStyle(node);
                    return style.outlineStyle !== "none" || style.boxShadow !== "none";
                });
            }"""
        )
        assert shown


def test_it_says_what_it_does_and_claims_appear_as_they_are_verified(reader: Reader) -> None:
    reader.ask("wait", wait_for=".claim")
    expect(reader.page.locator(".claim")).to_have_count(1)
    expect(reader.page.locator(".stage")).to_contain_text("Writing the answer…")
    expect(reader.page.locator("#article .considered").first).to_be_visible()
    expect(reader.page.locator("[aria-live=polite] .claim")).to_have_count(1)
    reader.keep("working")
    reader.assistant.go.set()
    expect(reader.page.locator(".claim")).to_have_count(3)
    expect(reader.page.locator(".stage")).to_have_count(0)


def test_stop_keeps_what_was_verified_and_the_next_question_is_answered(reader: Reader) -> None:
    reader.ask("wait", wait_for=".claim")
    expect(reader.page.locator("#ask")).to_be_hidden()
    reader.page.get_by_role("button", name=words.STOP, exact=True).click()
    expect(reader.page.locator(".stopped")).to_be_visible()
    expect(reader.page.locator(".claim")).to_have_count(1)
    reader.keep("stopped")
    reader.assistant.go.set()
    for _ in range(100):
        if reader.assistant.closed:
            break
        time.sleep(0.05)
    assert reader.assistant.closed == 1
    reader.ask("Who?")
    expect(reader.page.locator(".turn")).to_have_count(2)
    expect(reader.page.locator(".turn").first.locator(".claim")).to_have_count(1)
    assert reader.assistant.asked[-1] == ("Who?", [])


def test_retry_asks_the_last_question_again_in_its_place(reader: Reader) -> None:
    reader.ask("Who?")
    reader.ask("And when?")
    reader.page.get_by_role("button", name=words.RETRY, exact=True).click()
    for _ in range(100):
        if len(reader.assistant.asked) == 3:
            break
        time.sleep(0.05)
    expect(reader.page.locator(".turn:last-child .foot")).to_be_visible()
    expect(reader.page.locator(".turn")).to_have_count(2)
    assert [question for question, _ in reader.assistant.asked] == [
        "Who?",
        "And when?",
        "And when?",
    ]
    assert reader.assistant.asked[2][1] == reader.assistant.asked[1][1]


def test_a_new_conversation_is_empty_and_an_example_begins_anew(reader: Reader) -> None:
    reader.ask("Who?")
    reader.cites().first.click()
    reader.page.get_by_role("button", name=words.NEW, exact=True).click()
    expect(reader.page.locator(".turn")).to_have_count(0)
    expect(reader.lit()).to_have_count(0)
    expect(reader.page.locator("#retry")).to_be_hidden()
    reader.page.locator(".example").first.click()
    reader.page.locator(".foot").wait_for()
    assert reader.assistant.asked[-1] == (words.SHIPPED_EXAMPLES[0], [])


def test_a_refusal_looks_like_one_and_its_sentences_can_be_followed(reader: Reader) -> None:
    reader.ask("refuse")
    expect(reader.page.locator(".refusal")).to_contain_text(words.NOT_SAID)
    expect(reader.cites()).to_have_count(0)
    nearest = reader.page.locator(".near")
    expect(nearest).to_have_count(3)
    nearest.nth(2).click()
    expect(reader.lit()).to_have_text(reader.words_of(nearest.nth(2)))
    reader.keep("refusal")


def test_an_error_is_a_calm_message(reader: Reader) -> None:
    reader.ask("fail", wait_for=".problem")
    expect(reader.page.locator(".problem")).to_contain_text("<b>nowhere</b> did not answer")
    expect(reader.page.get_by_role("alert")).to_be_visible()
    assert "Traceback" not in reader.page.content()
    reader.keep("problem")
    reader.ask("Who?")


def test_another_article_opens_at_its_sentence(open_with: Opener, article: Document) -> None:
    second = Document(id="b.md", title="Second", text="# Second\n\nFirst line. The right one.")
    assistant = ScriptedAssistant([article, second], [("It is right.", [(1, 2), (0, 4)])])
    reader = open_with(assistant)
    choice = reader.page.get_by_label(words.CHOOSE, exact=False).and_(reader.page.locator("select"))
    expect(choice).to_have_value(article.id)
    reader.ask("Which?")
    reader.cites().nth(0).click()
    expect(reader.lit()).to_have_text("The right one.")
    expect(choice).to_have_value("b.md")
    reader.keep("documents")
    reader.cites().nth(1).click()
    expect(reader.lit()).to_have_text(reader.words_of(reader.cites().nth(1)))
    expect(choice).to_have_value(article.id)
    choice.select_option("b.md")
    expect(reader.page.locator("#article h3")).to_have_text("# Second", use_inner_text=False)
    expect(reader.page.locator("#article .title")).to_have_count(0)


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
    reader.page.evaluate(
        "document.querySelector('#article .sheet').dispatchEvent("
        "new CustomEvent('onrecord:open', {detail: {document: ''}, bubbles: true}))"
    )
    expect(reader.page.locator(".sentence")).to_have_count(2)
    marker.click()
    expect(reader.page.locator(".changed")).to_have_text(words.CHANGED)
    expect(reader.lit()).to_have_count(0)


def test_the_article_follows_its_file_at_the_next_visit(reader: Reader) -> None:
    reader.assistant.documents = (
        Document(id="new.txt", title="New", text="A new article. It says more."),
    )
    reader.leave_for(reader.page.url)
    expect(reader.page.locator("#article .title")).to_have_text("New")
    assert reader.assistant.refreshed == 2


def test_whatever_is_hostile_is_only_text(open_with: Opener) -> None:
    document = Document(id=f"{HOSTILE}.txt", title=HOSTILE, text=f"{HOSTILE} is said. Then more.")
    other = Document(id="b.txt", title=HOSTILE, text="B.")
    assistant = ScriptedAssistant([document, other], [(f"{HOSTILE}.", [(0, 0)])])
    reader = open_with(assistant)
    reader.ask(HOSTILE)
    reader.cites().first.click()
    expect(reader.lit()).to_have_text(reader.words_of(reader.cites().first))
    expect(reader.page.locator(".question")).to_have_text(HOSTILE)
    expect(reader.page.locator("#article .title")).to_have_text(HOSTILE)
    assert reader.page.locator("#desk :is(img, b)").count() == 0
    reader.ask(f"{HOSTILE} refuse")
    reader.ask(f"{HOSTILE} fail", wait_for=".problem")
    assert reader.page.title() == words.NAME
    reader.keep("hostile")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(
    open_with: Opener, scripted: ScriptedAssistant, scheme: str
) -> None:
    reader = open_with(scripted, scheme=scheme)
    assert reader.page.evaluate("document.body.classList.contains('dark')") == (scheme == "dark")
    reader.ask("Who?")
    reader.cites().first.click()
    reader.ask("refuse")
    reader.page.locator(".near").first.click()
    reader.page.mouse.move(0, 0)
    reader.page.wait_for_timeout(500)
    reader.keep(f"contrast-{scheme}")
    for selector in (
        ".claim",
        ".cite",
        ".question",
        ".foot",
        ".copy",
        ".tagline",
        ".model .name",
        ".model .privacy",
        ".verdict",
        ".near",
        ".facts",
        ".sentence:not(.lit)",
        ".sentence.lit",
        "#ask",
        "#retry",
    ):
        assert reader.page.locator(selector).first.evaluate(CONTRAST) >= 4.5, selector


# The contrast of an element's colour with the first opaque background behind it (WCAG 2).
CONTRAST = """(node) => {
    const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
    const channel = (value) => {
        const share = value / 255;
        return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    };
    const luminance = ([r, g, b]) =>
        0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
    let ground = node;
    let colour = rgb(getComputedStyle(ground).backgroundColor);
    while (colour.length === 4 && colour[3] === 0 && ground.parentElement) {
        ground = ground.parentElement;
        colour = rgb(getComputedStyle(ground).backgroundColor);
    }
    const pair = [luminance(rgb(getComputedStyle(node).color)), luminance(colour)];
    return (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
}"""


def test_dark_by_address(open_with: Opener, scripted: ScriptedAssistant) -> None:
    reader = open_with(scripted)
    light = reader.page.evaluate(
        "getComputedStyle(document.querySelector('#pane')).backgroundColor"
    )
    reader.leave_for(f"{reader.page.url}?__theme=dark")
    dark = reader.page.evaluate("getComputedStyle(document.querySelector('#pane')).backgroundColor")
    assert light != dark


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_the_panes_stack_and_a_citation_leads_down_and_back(
    open_with: Opener, scripted: ScriptedAssistant, scheme: str
) -> None:
    reader = open_with(scripted, width=375, height=740, scheme=scheme)
    reader.keep(f"phone-welcome-{scheme}")
    reader.ask("Who?")
    reader.keep(f"phone-answer-{scheme}")
    marker = reader.cites().last
    marker.click()
    expect(reader.lit()).to_have_text(reader.words_of(marker))
    assert reader.sees(reader.lit())
    reader.keep(f"phone-citation-{scheme}")
    reader.page.get_by_role("button", name=words.BACK).click()
    expect(marker).to_be_focused()
    assert reader.sees(marker)
    reader.ask("refuse")
    reader.keep(f"phone-refusal-{scheme}")
    assert reader.page.evaluate("document.documentElement.scrollWidth") == 375


def test_on_a_desk_the_page_itself_does_not_scroll(reader: Reader) -> None:
    for number in range(4):
        reader.ask(f"Question {number}?")
    assert reader.page.evaluate("document.documentElement.scrollHeight <= window.innerHeight")
    assert reader.sees(reader.page.locator(".turn:last-child .foot"))
    assert reader.sees(reader.page.locator("#composer"))


def test_ten_thousand_sentences_do_not_kill_the_page(open_with: Opener) -> None:
    lines = [f"Sentence number {number} is not like the others." for number in range(10_000)]
    text = "\n".join(" ".join(lines[start : start + 5]) for start in range(0, len(lines), 5))
    document = Document(id="long.txt", title="Long", text=text)
    assistant = ScriptedAssistant([document], [("Far down.", [(0, 9_990)])])
    began = time.monotonic()
    reader = open_with(assistant)
    expect(reader.page.locator("#article .facts")).to_contain_text("10,000 sentences")
    reader.ask("Where?")
    reader.cites().first.click()
    expect(reader.lit()).to_have_text("Sentence number 9990 is not like the others.")
    assert reader.sees(reader.lit())
    assert time.monotonic() - began < 30


def test_copy_takes_the_answer_and_its_sources(reader: Reader) -> None:
    reader.ask("Who?")
    reader.page.get_by_role("button", name=words.COPY, exact=True).click()
    expect(reader.page.locator(".copy")).to_have_text(words.COPIED)
    copied = reader.page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("European Council President Charles Michel mediated")
    assert "[4] “" in copied


def test_no_trace_of_the_framework_and_no_address_to_fetch_from(reader: Reader) -> None:
    expect(reader.page.locator("footer")).to_be_hidden()
    assert "Built with" not in reader.page.locator("body").inner_text()
    fonts = reader.page.evaluate(
        "[...document.fonts].filter((font) => font.status === 'loaded').length"
    )
    assert fonts == 0


def test_the_article_is_there_to_the_letter(reader: Reader, article: Document) -> None:
    shown = reader.page.locator("#article .text").evaluate("(node) => node.textContent")
    assert shown == article.text


def test_documents_are_added_by_button_and_by_dropping(reader: Reader, tmp_path: Path) -> None:
    file = tmp_path / "a ferry.txt"
    file.write_text("The ferry Aurora sank.", encoding="utf-8")
    with reader.page.expect_file_chooser() as chooser:
        reader.page.get_by_role("button", name=words.ADD).click()
    chooser.value.set_files(file)
    expect(reader.page.locator("#article .text")).to_have_text("The ferry Aurora sank.")
    expect(reader.page.locator("#article .notice")).to_contain_text("1 document added")
    reader.keep("added")
    dropped = reader.page.evaluate_handle(
        """() => {
            const data = new DataTransfer();
            data.items.add(new File(["It was raised in June."], "raised.txt"));
            return data;
        }"""
    )
    reader.page.dispatch_event("#pane", "dragover", {"dataTransfer": dropped})
    expect(reader.page.locator("#pane")).to_have_class(re.compile("dropping"))
    reader.page.dispatch_event("#pane", "drop", {"dataTransfer": dropped})
    expect(reader.page.locator("#article .text")).to_have_text("It was raised in June.")
    assert len(reader.assistant.documents) == 3


def test_a_receipt_is_saved_and_its_quotations_stand(
    reader: Reader, article: Document, tmp_path: Path
) -> None:
    reader.ask("Who?")
    with reader.page.expect_download() as download:
        reader.page.get_by_role("button", name=words.RECEIPT).click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    saved = Receipt.load(path)
    assert saved.answer.question == "Who?"
    standings = {item.standing.value for item in verify(saved, [article]).citations}
    assert standings == {"stands"}
