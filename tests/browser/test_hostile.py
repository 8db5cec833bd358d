"""Whatever documents, readers and models write is text: nothing of it runs, nothing is fetched."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from onrecord.conversations import Conversations
from onrecord.types import Document, Grounding
from onrecord.ui import words
from tests.browser.reader import Opener, Reader
from tests.browser.speaking import SpeakingAssistant
from tests.scripted import ScriptedAssistant

pytestmark = pytest.mark.browser

HOSTILE = " ".join(
    (
        "<script>document.title='owned'</script>",
        "<img src=x onerror=\"document.title='owned'\"><b>bold</b>",
        '"><svg/onload=document.title="owned">',
        "' onmouseover='document.title=1' onfocus='document.title=2' autofocus x='",
        "![x](http://example.com/owned.png) [y](javascript:document.title=3)",
        "</textarea></style><style>body{display:none}</style><!--",
        "${document.title=4} {{constructor.constructor('document.title=5')()}} `@children`",
        "\\u003cb\\u003e",
        "&lt;b&gt; &amp; & \u202eesrever",
    )
)
FOREIGN = ":is(script, style, img, svg, iframe, object, embed, link, textarea, a)"


@pytest.fixture
def reader(open_with: Opener) -> Reader:
    document = Document(
        id=f"{HOSTILE[:200]}.txt",
        title=HOSTILE,
        text=f"{HOSTILE} is said\n\nThen more is said.",
        source=HOSTILE,
        date=HOSTILE,
    )
    other = Document(id="b.txt", title=HOSTILE, text="B is said.")
    ground = {"grounding": Grounding.REWORDED, "reasons": (HOSTILE,), "speaker": HOSTILE}
    claims = [(f"{HOSTILE} was said.", [(0, 0), (1, 0)]), ("It is plain.", [(0, 0)])]
    return open_with(SpeakingAssistant([document, other], claims, [ground, ground]))


def is_only_text(reader: Reader) -> bool:
    """Tell whether the page holds no element that a text has smuggled in, and still works."""
    foreign = reader.page.locator(
        f":is(.masthead, .turns, .sheet, .scope, .shelf, .archive) {FOREIGN}"
    )
    return foreign.count() == 0 and reader.page.title() == words.NAME


def items_of(drawer: Locator) -> Locator:
    return drawer.get_by_role("listitem")


def touch(found: Locator) -> None:
    """Move the mouse and the focus over all that there is."""
    for each in found.all():
        if each.is_visible():
            each.hover(force=True)
            each.focus()


def test_a_hostile_document_answer_and_question_are_only_text(reader: Reader) -> None:
    page = reader.page
    expect(page.locator("#article .title")).to_have_text(HOSTILE)
    reader.ask(f"{HOSTILE} wait", wait_for=".claim")
    assert is_only_text(reader)
    reader.assistant.go.set()
    expect(reader.latest(".foot")).to_be_visible()
    expect(page.locator(".question")).to_have_text(f"{HOSTILE} wait")
    expect(reader.latest(".how summary").first).to_have_text(
        f"{words.ATTRIBUTED_TO} {HOSTILE} · reworded"
    )
    reader.latest(".how summary").first.click()
    expect(reader.latest(".reasons li").first).to_have_text(HOSTILE.replace("\u202e", ""))
    for marker in reader.cites().all():
        marker.hover()
        expect(page.locator("#preview p")).to_have_text(reader.words_of(marker))
        marker.click()
        expect(reader.lit()).to_have_text(reader.words_of(marker))
    touch(page.locator(".turns button, .sheet button, .sheet .sentence"))
    assert is_only_text(reader)
    reader.ask(f"{HOSTILE} refuse")
    reader.ask(f"{HOSTILE} fail", wait_for=".problem")
    assert is_only_text(reader)
    reader.keep("hostile")


def test_hostile_names_in_the_drawers_are_only_text(
    reader: Reader, tmp_path: Path, conversations: Conversations
) -> None:
    page = reader.page
    drawer = reader.open_drawer(words.DOCUMENTS)
    items = items_of(drawer)
    expect(items).to_have_count(2)
    expect(items.first.locator("b")).to_have_text(HOSTILE)
    items.first.get_by_role("checkbox").check()
    expect(page.locator(".scope.set bdi")).to_have_text(HOSTILE)
    items.last.get_by_role("button", name=words.RENAME).click()
    page.keyboard.type(HOSTILE)
    page.keyboard.press("Enter")
    expect(drawer.locator(".said")).to_contain_text(HOSTILE[:80])
    touch(drawer.get_by_role("button"))
    assert is_only_text(reader)
    reader.keep("hostile-documents")
    drawer.get_by_role("button", name=words.CLOSE).click()
    file = tmp_path / "<img src=x onerror=document.title=6> &amp;.md"
    file.write_text(HOSTILE, encoding="utf-8")
    with page.expect_file_chooser() as chooser:
        reader.press(words.ADD)
    chooser.value.set_files(file)
    expect(page.locator("#adding .told")).to_contain_text("cannot")
    assert is_only_text(reader)

    reader.ask(HOSTILE)
    drawer = reader.open_drawer(words.CONVERSATIONS)
    drawer.get_by_role("button", name=words.RENAME).click()
    page.keyboard.type("<img src=x onerror=document.title=7>")
    page.keyboard.press("Enter")
    expect(drawer.locator(".title")).to_have_text("<img src=x onerror=document.title=7>")
    touch(drawer.get_by_role("button"))
    drawer.get_by_label(words.FIND_CONVERSATION).fill(HOSTILE[:30])
    expect(items_of(drawer)).to_have_count(1)
    assert is_only_text(reader)
    reader.keep("hostile-conversations")


def test_hostile_feedback_is_kept_as_it_is_and_shown_as_text(
    reader: Reader, conversations: Conversations, tmp_path: Path
) -> None:
    page = reader.page
    reader.ask("Who?")
    reader.latest(".judge summary").click()
    page.get_by_label(words.WHY_WRONG).fill(HOSTILE)
    page.get_by_label(words.RIGHT_ANSWER).fill(HOSTILE)
    sentence = page.locator("#article .sentence").first
    words_of = sentence.inner_text()
    reader.select(sentence, sentence)
    reader.press(words.USE_SENTENCE)
    expect(reader.latest(".chosen-sentence")).to_contain_text("<script>")
    assert is_only_text(reader)
    page.keyboard.press("Enter")
    expect(reader.latest(".judged")).to_contain_text(words.JUDGED_WRONG)
    (summary,) = conversations.search()
    feedback = conversations.load(summary.id).exchanges[0].feedback
    assert feedback is not None
    assert (feedback.reason, feedback.right_answer) == (HOSTILE, HOSTILE)
    assert words_of in " ".join(each.text for each in feedback.quotations)

    drawer = reader.open_drawer(words.CONVERSATIONS)
    with page.expect_download() as download:
        drawer.get_by_role("button", name="HTML").click()
    file = tmp_path / "export.html"
    download.value.save_as(file)
    reader.reload()
    reader.open_drawer(words.CONVERSATIONS).locator(".title").click()
    expect(reader.latest(".judged")).to_contain_text(words.JUDGED_WRONG)
    assert is_only_text(reader)
    exported, fetched = page.context.new_page(), list[str]()
    exported.on("request", lambda request: fetched.append(request.url))
    exported.goto(file.as_uri())
    expect(exported.locator("body")).to_contain_text("<script>")
    assert exported.locator(":is(script, img, svg, iframe, b)").count() == 0
    assert exported.title() == "Who?"
    assert fetched == [file.as_uri()]


@pytest.mark.thorough
def test_a_question_and_an_answer_of_a_megabyte_in_one_line_are_shown(open_with: Opener) -> None:
    line = ("<b> " * 250_000).strip()
    document = Document(id="line.txt", title="A line", text="It begins. It ends.")
    reader = open_with(ScriptedAssistant([document], [(f"{line}.", [(0, 1)])]))
    question = line[:900_000]
    reader.ask(question)
    assert reader.latest(".question").inner_text() == question.strip()
    assert len(reader.latest(".claim .words").first.inner_text()) > 900_000
    reader.cites().click()
    expect(reader.lit()).to_have_text("It ends.")


def test_a_mark_that_turns_the_writing_round_turns_only_its_own_text(open_with: Opener) -> None:
    turned = "\u202eSaid backwards"
    document = Document(
        id=f"{turned}.txt", title=turned, text=f"{turned}.\n\nPlain it is.", source=turned
    )
    assistant = SpeakingAssistant(
        [document], [(turned, [(0, 0)]), ("Plain it is.", [(0, 1)])], [{"speaker": turned}, {}]
    )
    reader = open_with(assistant)
    reader.ask(turned)
    drawer = reader.open_drawer(words.DOCUMENTS)
    expect(items_of(drawer)).to_have_count(1)
    for found in (
        reader.latest(".claim").last,
        reader.latest(".how summary").last,
        reader.latest(".foot span").first,
        reader.page.locator("#article .sentence").last,
        reader.page.locator("#article .facts bdi").last,
        drawer.get_by_role("button", name=words.OPEN),
    ):
        assert found.evaluate(
            """(node) => {
                const text = document.createTreeWalker(node, NodeFilter.SHOW_TEXT).nextNode();
                const at = (place) => {
                    const range = document.createRange();
                    range.setStart(text, place);
                    range.setEnd(text, place + 1);
                    return range.getBoundingClientRect().left;
                };
                return at(0) < at(1);
            }"""
        )
    marker, end = (reader.latest(part).first.bounding_box() for part in (".cite", ".tail .words"))
    assert marker is not None
    assert end is not None
    assert marker["x"] >= end["x"] + end["width"] - 1
    claims = [reader.latest(".claim").nth(place).bounding_box() for place in (0, 1)]
    assert claims[0] is not None
    assert claims[1] is not None
    assert (claims[0]["y"], claims[0]["x"]) < (claims[1]["y"], claims[1]["x"])


@pytest.mark.parametrize(
    "piece",
    [
        "<b>",
        pytest.param("word ", marks=pytest.mark.thorough),
        pytest.param("x", marks=pytest.mark.thorough),
    ],
)
def test_a_line_of_a_megabyte_leaves_the_page_quick(open_with: Opener, piece: str) -> None:
    line = (piece * (1_000_000 // len(piece))).strip()
    document = Document(id="line.txt", title="A line", text=f"It begins.\n\n{line}\n\nIt ends.")
    reader = open_with(ScriptedAssistant([document], [("It is long.", [(0, 0), (0, 1)])]))
    began = time.monotonic()
    reader.ask("How long?")
    reader.cites().last.click()
    expect(reader.lit()).to_have_count(1)
    reader.question_box().press_sequentially("And then?")
    expect(reader.question_box()).to_have_value("And then?")
    reader.open_drawer(words.DOCUMENTS)
    reader.page.keyboard.press("Escape")
    reader.ask("And then?")
    assert time.monotonic() - began < 30
