"""Nothing that axe finds serious, in any state of the page; and focus that can be seen."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from onrecord.types import Document
from onrecord.ui import words
from tests.browser.reader import Opener, Reader
from tests.browser.speaking import SpeakingAssistant

pytestmark = pytest.mark.browser


def grave(reader: Reader) -> list[str]:
    """Return what axe finds critical or serious, and where."""
    reader.page.wait_for_timeout(500)  # what fades in is hard to read for a moment
    found = Axe().run(reader.page).response["violations"]
    return [
        f"{each['id']}: {node['target']} {node['html'][:120]}"
        for each in found
        if each["impact"] in {"critical", "serious"}
        for node in each["nodes"]
    ]


@pytest.mark.parametrize(
    ("width", "scheme"),
    [
        (1280, "light"),
        pytest.param(375, "dark", marks=pytest.mark.thorough),
        pytest.param(1280, "dark", marks=pytest.mark.thorough),
        pytest.param(375, "light", marks=pytest.mark.thorough),
    ],
)
def test_axe_finds_nothing_grave_in_any_state(
    open_with: Opener, article: Document, scheme: str, width: int
) -> None:
    table = "| Span | Built |\n|---|---|\n| 312 m | 1904. It is old. |"
    text = f"It is [long](http://a.b).\n\n- **One** item\n\n> `code`\n\n{table}"
    second = Document(id="b.md", title="A bridge", text=text, date="2024")
    assistant = SpeakingAssistant(
        [article, second], [("Michel mediated.", [(0, 1), (0, 3)])], [{"speaker": "Yerevan"}]
    )
    reader = open_with(assistant, width=width, height=800, scheme=scheme)
    page = reader.page
    page.locator(".speakers summary").click()
    assert grave(reader) == [], "welcome"

    reader.ask("Who?")
    reader.cites().first.click()
    assert grave(reader) == [], "a citation followed"

    reader.latest(".how summary").first.click()
    reader.latest(".judge summary").click()
    sentence = page.locator("#article .sentence").nth(2)
    reader.select(sentence, sentence)
    expect(page.get_by_role("button", name=words.USE_SENTENCE)).to_be_visible()
    assert grave(reader) == [], "reasons, form and selection"

    reader.press(words.ASK_PASSAGE)
    expect(page.locator(".scope.set")).to_be_visible()
    reader.ask("refuse")
    assert grave(reader) == [], "refused"

    reader.ask("fail", wait_for=".problem")
    assert grave(reader) == [], "failed"

    reader.ask("draft", wait_for=".drafted")
    assert grave(reader) == [], "being written"
    assistant.go.set()
    expect(reader.latest(".foot")).to_be_visible()
    assistant.go.clear()
    reader.ask("wait", wait_for=".claim")
    assert grave(reader) == [], "working"
    assistant.go.set()
    expect(reader.latest(".foot")).to_be_visible()
    page.locator("#latest").get_by_role("button", name=words.RIGHT, exact=True).click()
    expect(reader.latest(".judged")).to_contain_text(words.JUDGED_RIGHT)
    assert grave(reader) == [], "judged"

    page.locator("#document").select_option("b.md")
    expect(page.locator("#article .text").get_by_role("table")).to_be_visible()
    page.locator("#document").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+ArrowDown")
    expect(page.get_by_role("button", name=words.ASK_PASSAGE)).to_be_visible()
    assert grave(reader) == [], "typeset, and selected by key"
    page.keyboard.press("Escape")

    documents = reader.open_drawer(words.DOCUMENTS)
    expect(documents.get_by_role("listitem")).to_have_count(2)
    documents.get_by_role("button", name=words.RENAME).first.click()
    documents.get_by_role("button", name=words.PASTE).click()
    assert grave(reader) == [], "documents"
    documents.get_by_role("button", name=words.REMOVE).last.click()
    expect(documents.get_by_role("button", name=words.UNDO)).to_be_visible()
    assert grave(reader) == [], "a document removed"
    page.keyboard.press("Escape")

    conversations = reader.open_drawer(words.CONVERSATIONS)
    expect(conversations.get_by_role("listitem")).to_have_count(1)
    conversations.get_by_role("button", name=words.RENAME).click()
    conversations.get_by_role("button", name=words.DELETE).click()
    assert grave(reader) == [], "conversations"


def test_on_a_phone_in_the_dark_an_answer_and_what_came_of_a_file_are_seen_and_legible(
    open_with: Opener, article: Document, tmp_path: Path
) -> None:
    script = [("Michel mediated.", [(0, 1)]), ("A treaty is near.", [(0, 3)])]
    assistant = SpeakingAssistant([article], script, [{}, {"speaker": "Yerevan"}])
    reader = open_with(assistant, width=375, height=740, scheme="dark")
    reader.ask("Who?")
    underlined = "node => getComputedStyle(node).textDecorationStyle"
    words_of = reader.latest(".claim .words")
    styles = [words_of.nth(place).evaluate(underlined) for place in (0, -1)]
    assert styles == ["solid", "dotted"]  # the text's own, and somebody's
    expect(reader.latest(".attributed + .how summary")).to_have_text(
        f"{words.ATTRIBUTED_TO} Yerevan · quoted"
    )
    assert reader.fits()
    by_finger = reader.page.context.new_cdp_session(reader.page)
    by_finger.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    marks = reader.latest(".how summary")
    assert marks.first.evaluate(
        """(mark) => {
            const { left, top, width } = mark.getBoundingClientRect();
            return document.elementFromPoint(left + width / 2, top - 4) === mark;
        }"""
    )
    reader.latest(".judge summary").click()
    size = "box => parseFloat(getComputedStyle(box).fontSize)"
    assert reader.page.get_by_label(words.WHY_WRONG).evaluate(size) >= 16
    reader.page.keyboard.press("Escape")
    by_finger.send("Emulation.setTouchEmulationEnabled", {"enabled": False})
    file = tmp_path / "new.txt"
    file.write_text("It is new.", encoding="utf-8")
    with reader.page.expect_file_chooser() as chooser:
        reader.press(words.ADD)
    chooser.value.set_files(file)
    told = reader.page.locator("#adding .told")
    expect(told).to_have_text(words.added(["new.txt"], []))
    assert reader.sees(told)
    expect(reader.page.locator("#voice")).to_have_text(words.added(["new.txt"], []))
    reader.keep("phone-told-dark")
    assert grave(reader) == []
    assert reader.fits()
    drawer = reader.page.get_by_role("dialog", name=words.DOCUMENTS)
    reader.page.get_by_role("button", name=words.DOCUMENTS, exact=True).focus()
    reader.page.keyboard.press("Enter")
    expect(drawer).to_be_visible()
    for _ in range(20):  # there are fewer stops in it
        if drawer.is_visible():
            reader.page.keyboard.press("Tab")
    focused = reader.page.locator(":focus")
    expect(drawer).to_be_hidden()
    assert reader.sees(focused)


def test_what_has_focus_shows_it(reader: Reader) -> None:
    reader.ask("Who?")
    reader.latest(".judge summary").click()
    reader.page.locator("h1").click()
    reached = set()
    for _ in range(30):
        reader.page.keyboard.press("Tab")
        shown = reader.page.evaluate(
            """() => {
                const at = document.activeElement;
                if (at === document.body) return "nothing";
                const framed = at.closest("#composer") ?? at;
                const seen = [at, framed].some((node) => {
                    const style = getComputedStyle(node);
                    return style.outlineStyle !== "none" || style.boxShadow !== "none";
                });
                return seen ? at.tagName : "";
            }"""
        )
        assert shown
        reached.add(shown)
    assert reached >= {"BUTTON", "SUMMARY", "INPUT", "TEXTAREA", "SPAN"}
