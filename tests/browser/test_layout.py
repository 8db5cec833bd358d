"""How the page looks: on a desk, on a phone, in the dark."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Locator, expect

from onrecord.types import Document
from onrecord.ui import words
from tests.browser.reader import Opener, Reader
from tests.scripted import ScriptedAssistant

pytestmark = pytest.mark.browser

SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])
DARK_FIRST = pytest.mark.parametrize(
    "scheme", ["dark", pytest.param("light", marks=pytest.mark.thorough)]
)


def covers_the_phone(drawer: Locator) -> bool:
    box = drawer.bounding_box()
    return box is not None and (box["x"], box["y"], box["width"]) == (0, 0, 375)


@pytest.mark.thorough
def test_on_a_desk_the_page_itself_does_not_scroll(reader: Reader) -> None:
    for number in range(4):
        reader.ask(f"Question {number}?")
    assert reader.page.evaluate("document.documentElement.scrollHeight <= window.innerHeight")
    assert reader.sees(reader.latest(".foot"))
    assert reader.sees(reader.page.locator("#composer"))
    reader.latest(".judge summary").click()
    assert reader.sees(reader.latest(".judge form"))
    edges = "(node) => [node.getBoundingClientRect().left, node.getBoundingClientRect().right]"
    composer = reader.page.locator("#composer").evaluate(edges)
    assert reader.latest(".turns").evaluate(edges) == composer


@DARK_FIRST
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
    reader.press(words.BACK)
    expect(marker).to_be_focused()
    assert reader.sees(marker)
    reader.latest(".judge summary").click()
    reader.page.get_by_label(words.WHY_WRONG).fill("All of it. " * 40)
    reader.keep(f"phone-judge-{scheme}")
    assert reader.fits()
    reader.ask("refuse")
    reader.keep(f"phone-refusal-{scheme}")
    assert reader.fits()


@pytest.mark.thorough
@SCHEMES
def test_on_a_phone_the_drawers_cover_the_page_and_make_way(
    open_with: Opener, article: Document, scheme: str
) -> None:
    long = Document(
        id=f"{'long-name-' * 12}.txt", title="Donaudampfschifffahrt" * 6, text="It is long."
    )
    reader = open_with(
        ScriptedAssistant([article, long], [("It is.", [(0, 1)])]),
        width=375,
        height=740,
        scheme=scheme,
    )
    reader.ask(f"Who was {'so' * 90} long?")
    documents = reader.open_drawer(words.DOCUMENTS)
    expect(documents.get_by_role("listitem")).to_have_count(2)
    documents.get_by_role("button", name=words.PASTE).click()
    documents.get_by_role("button", name=words.RENAME).last.click()
    assert covers_the_phone(documents)
    assert reader.fits()
    reader.keep(f"phone-documents-{scheme}")
    documents.get_by_role("button", name=words.PASTE_ADD).scroll_into_view_if_needed()
    reader.keep(f"phone-paste-{scheme}")
    assert reader.sees(documents.get_by_role("button", name=words.PASTE_ADD))
    documents.get_by_role("button", name=words.CLOSE).click()
    expect(documents).to_be_hidden()
    reader.open_drawer(words.DOCUMENTS)
    documents.get_by_role("checkbox").last.check()
    documents.get_by_role("button", name=words.OPEN).last.click()
    expect(documents).to_be_hidden()
    text = reader.page.locator("#article .text")
    expect(text).to_have_text(long.text)
    assert reader.sees(text)
    assert reader.fits()
    reader.keep(f"phone-article-{scheme}")
    conversations = reader.open_drawer(words.CONVERSATIONS)
    expect(conversations.get_by_role("listitem")).to_have_count(1)
    conversations.get_by_role("button", name=words.RENAME).click()
    assert covers_the_phone(conversations)
    assert reader.fits()
    reader.keep(f"phone-conversations-{scheme}")
    conversations.locator(".title").click()
    expect(conversations).to_be_hidden()
    assert reader.sees(reader.latest(".question"))
    expect(reader.page.locator(".scope.set")).to_be_visible()
    assert reader.fits()
    reader.keep(f"phone-chosen-{scheme}")


@pytest.mark.thorough
@SCHEMES
def test_text_stands_out_from_its_ground(
    open_with: Opener, scripted: ScriptedAssistant, scheme: str
) -> None:
    reader = open_with(scripted, scheme=scheme)
    assert reader.page.evaluate("document.body.classList.contains('dark')") == (scheme == "dark")
    reader.ask("Who?")
    reader.cites().first.click()
    reader.latest(".how summary").first.click()
    reader.latest(".judge summary").click()
    reader.page.mouse.move(0, 0)
    reader.page.wait_for_timeout(500)
    answered = (
        *(".claim", ".cite", ".cite.chosen", ".question", ".foot", ".copy", ".how summary"),
        *(".reasons", ".judge > button", ".judge summary", ".judge label", ".chosen-sentence"),
        *(".judge form button", ".tagline", ".model .name", ".model .privacy", ".facts"),
        *(".sentence:not(.lit)", ".sentence.lit", "#ask", "#retry", "#add", ".masthead nav button"),
    )
    for selector in answered:
        assert reader.page.locator(selector).first.evaluate(CONTRAST) >= 4.5, selector
    reader.ask("refuse")
    reader.latest(".near").first.click()
    reader.page.mouse.move(0, 0)
    reader.page.wait_for_timeout(500)
    reader.keep(f"contrast-{scheme}")
    for selector in (".refused", ".because", ".near", ".near.chosen", ".instead .example"):
        assert reader.latest(selector).first.evaluate(CONTRAST) >= 4.5, selector


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
    ground = "getComputedStyle(document.querySelector('#pane')).backgroundColor"
    light = reader.page.evaluate(ground)
    reader.leave_for(f"{reader.page.url}?__theme=dark")
    assert reader.page.evaluate(ground) != light


@pytest.mark.thorough
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


@pytest.mark.thorough
def test_no_trace_of_the_framework_and_no_address_to_fetch_from(reader: Reader) -> None:
    expect(reader.page.locator("footer")).to_be_hidden()
    assert "Built with" not in reader.page.locator("body").inner_text()
    fonts = reader.page.evaluate(
        "[...document.fonts].filter((font) => font.status === 'loaded').length"
    )
    assert fonts == 0
