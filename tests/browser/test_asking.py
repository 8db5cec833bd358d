"""Questions, and answers as they come in."""

from __future__ import annotations

import re
import threading
import time
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from onrecord import Receipt, verify
from onrecord.conversations import Conversations
from onrecord.types import ClaimDropped, Document, Grounding
from onrecord.ui import handlers as module
from onrecord.ui import words
from onrecord.ui.view import changed
from tests.browser.reader import Opener, Reader, answer_slowly
from tests.browser.speaking import SpeakingAssistant
from tests.scripted import ScriptedAssistant

pytestmark = pytest.mark.browser


def asked(reader: Reader, count: int) -> list[str]:
    """Return what was asked, once so many questions have been."""
    for _ in range(200):
        if len(reader.assistant.asked) >= count:
            break
        time.sleep(0.05)
    return [question for question, _history in reader.assistant.asked]


def test_it_says_what_it_does_and_claims_appear_as_they_are_verified(reader: Reader) -> None:
    reader.ask("wait", wait_for=".claim")
    expect(reader.page.locator(".claim")).to_have_count(1)
    expect(reader.page.locator(".stage")).to_contain_text("Writing the answer…")
    expect(reader.page.locator("#article .considered").first).to_be_visible()
    voice = reader.page.locator("#voice")
    expect(voice).to_have_text(words.ANSWERING)
    reader.keep("working")
    reader.page.locator("#article .sentence").first.focus()
    reader.page.keyboard.press("Shift+ArrowDown")
    expect(voice).to_have_text(words.SELECTED_MORE.format(count=2))
    reader.latest(".stage").evaluate("stage => stage.append('…')")  # as more comes in
    reader.page.wait_for_timeout(100)
    expect(voice).to_have_text(words.SELECTED_MORE.format(count=2))
    reader.assistant.go.set()
    expect(reader.page.locator(".claim")).to_have_count(3)
    expect(reader.page.locator(".stage")).to_have_count(0)
    said = voice.inner_text()
    assert [said.count(text) for text, _places in reader.assistant.script] == [1, 1, 1]


def test_what_is_being_written_is_marked_as_unverified_and_not_read_aloud(
    open_with: Opener, article: Document
) -> None:
    assistant = SpeakingAssistant([article], [("Charles Michel did.", [(0, 1)])], [{}])
    reader = open_with(assistant)
    reader.ask("draft", wait_for=".drafted")
    drafted = reader.latest(".drafted")
    expect(drafted).to_contain_text("Charles")
    expect(drafted).to_contain_text(words.UNVERIFIED)
    expect(drafted).to_have_attribute("aria-hidden", "true")
    expect(reader.latest(".claim")).to_have_count(0)
    reader.keep("drafted")
    assistant.go.set()
    expect(reader.latest(".claim")).to_have_count(1)
    expect(drafted).to_have_count(0)


def test_earlier_answers_stay_as_they_are_when_the_next_question_is_put(reader: Reader) -> None:
    for question in ("Who?", "When?"):
        reader.ask(question)
    first = reader.page.locator(".turn").first.locator(".cite").first
    first.evaluate(
        """(marker) => {
            window.arrived = [];
            document.addEventListener("animationstart", ({ target }) =>
                window.arrived.push(target.closest(".turn")?.parentElement.id));
            const box = document.querySelector("#question textarea");
            box.value = "Where?";
            box.dispatchEvent(new Event("input"));
            document.querySelector("#ask").click();
            marker.focus();
        }"""
    )
    expect(reader.page.locator(".turn")).to_have_count(3)
    expect(reader.latest(".foot")).to_be_visible()
    expect(first).to_be_focused()
    assert "kept" not in reader.page.evaluate("window.arrived")


def test_what_is_likely_to_be_read_is_lit_with_the_question(reader: Reader) -> None:
    reader.page.locator("#pane").evaluate("(pane) => pane.scrollTo(0, pane.scrollHeight)")
    reader.page.evaluate(
        """() => {
            window.requests = 0;
            const fetch = window.fetch;
            window.fetch = (...sent) => {
                window.requests += 1;
                return fetch(...sent);
            };
            const look = () => {
                const isLit = document.querySelector("#article .considered");
                if (isLit && window.askedBy === undefined) window.askedBy = window.requests;
            };
            const article = document.querySelector("#article");
            new MutationObserver(look).observe(article, { subtree: true, attributes: true });
        }"""
    )
    reader.ask("glance and ponder", wait_for=".reading")
    shown = reader.latest(".reading .near:visible")
    expect(shown).to_have_count(3)
    expect(reader.page.locator("#article .considered")).to_have_count(5)
    assert reader.page.evaluate("window.askedBy") == 1  # with what brings the question itself
    assert reader.sees(reader.page.locator("#article .considered").first)
    reader.keep("evidence")
    reader.page.emulate_media(forced_colors="active")
    considered = reader.page.locator("#article .considered").first
    assert considered.evaluate("node => getComputedStyle(node).outlineStyle") == "dashed"
    reader.page.emulate_media(forced_colors="none")
    shown.last.click()
    expect(reader.lit()).to_have_text(reader.words_of(shown.last))
    reader.assistant.go.set()
    expect(reader.latest(".foot")).to_be_visible()
    expect(reader.latest(".reading")).to_have_count(0)


def test_what_was_opened_or_previewed_stays_as_more_of_the_answer_comes_in(reader: Reader) -> None:
    reader.ask("wait", wait_for=".claim")
    reader.latest(".how summary").click()
    reader.cites().first.hover()
    preview, reasons = reader.page.locator("#preview"), reader.latest(".reasons")
    expect(preview).to_be_visible()
    reader.page.locator("#pane").evaluate("pane => pane.scrollBy(0, 40)")
    reader.page.wait_for_timeout(100)
    expect(preview).to_be_visible()
    reader.assistant.go.set()
    expect(reader.latest(".claim")).to_have_count(3)
    expect(reader.latest(".foot")).to_be_visible()
    expect(preview).to_be_visible()
    expect(reasons.first).to_be_visible()
    expect(reasons.last).to_be_hidden()
    reader.page.locator("#new").dispatch_event("click")  # while the pointer rests
    expect(preview).to_be_hidden()


def test_stop_keeps_what_was_verified_and_the_next_question_is_answered(reader: Reader) -> None:
    reader.ask("wait", wait_for=".claim")
    expect(reader.page.locator("#ask")).to_be_hidden()
    reader.question_box().press("Enter")  # which asks nothing, and leaves an answer to be stopped
    reader.page.wait_for_timeout(500)
    reader.press(words.STOP)
    expect(reader.page.locator(".stopped")).to_be_visible()
    expect(reader.page.locator(".claim")).to_have_count(1)
    reader.press(words.COPY)
    expect(reader.page.locator(".copy")).to_have_text(words.COPIED)
    copied = reader.page.evaluate("navigator.clipboard.readText()")
    assert words.INCOMPLETE in copied
    assert copied.count("\n[") == 1
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


def test_what_was_streamed_stays_where_it_is_stopped(open_with: Opener, article: Document) -> None:
    assistant = SpeakingAssistant([article], [("Charles Michel did.", [(0, 1)])], [{}])
    reader = open_with(assistant)
    reader.ask("draft", wait_for=".drafted")
    reader.press(words.STOP)
    expect(reader.latest(".drafted")).to_contain_text("Charles")
    expect(reader.latest(".drafted")).to_contain_text(words.BROKEN_OFF)
    assistant.go.set()


def test_whoever_waits_sees_how_many_come_before_and_can_leave(reader: Reader) -> None:
    other = Reader(reader.page.context.new_page(), reader.assistant, reader.served)
    other.open(reader.page.url)
    other.ask("wait", wait_for=".claim")
    reader.ask("Who?", wait_for=".stage")
    expect(reader.latest(".stage")).to_have_text("1 question before yours…")
    reader.keep("waiting")
    ends: list[Route] = []  # the last that is sent of what was stopped
    reader.page.route("**/reset", lambda end: ends.append(end))
    with reader.page.expect_request("**/reset"):
        reader.press(words.STOP)
    expect(reader.latest(".stopped")).to_be_visible()
    reader.ask("And when?", wait_for=".stage")
    expect(reader.latest(".stage")).to_have_text("1 question before yours…")
    with reader.page.expect_response(lambda told: told.url.endswith("/run/predict")) as told:
        ends[0].continue_()
    assert words.TROUBLE not in told.value.text()
    reader.assistant.go.set()
    expect(other.latest(".foot")).to_be_visible()
    expect(reader.latest(".claim")).to_have_count(3)
    assert asked(reader, 2) == ["wait", "And when?"]


def test_retry_asks_the_last_question_again_in_its_place(
    reader: Reader, conversations: Conversations
) -> None:
    reader.ask("Who?")
    reader.ask("And when?")
    reader.press(words.RETRY)
    assert asked(reader, 3) == ["Who?", "And when?", "And when?"]
    expect(reader.latest(".foot")).to_be_visible()
    expect(reader.page.locator(".turn")).to_have_count(2)
    assert reader.assistant.asked[2][1] == reader.assistant.asked[1][1]
    assert [each.exchanges for each in conversations.search()] == [2]


def test_edit_takes_the_last_question_back_and_its_new_answer_replaces_the_old_one(
    reader: Reader, conversations: Conversations
) -> None:
    reader.ask("Who?")
    reader.ask("And wen?")
    reader.question_box().fill("Oh!")
    reader.press(words.EDIT)
    expect(reader.question_box()).to_have_value("And wen?\nOh!")
    expect(reader.question_box()).to_be_focused()
    expect(reader.page.locator(".question")).to_have_text(["Who?"])
    reader.keep("edit")
    reader.ask("And when?")
    expect(reader.page.locator(".question")).to_have_text(["Who?", "And when?"])
    assert [message["content"] for message in reader.assistant.asked[-1][1]][::2] == ["Who?"]
    (summary,) = conversations.search()
    kept = conversations.load(summary.id).exchanges
    assert [each.receipt.answer.question for each in kept] == ["Who?", "And when?"]


@pytest.mark.thorough
def test_a_new_conversation_is_empty_and_an_example_begins_it(
    reader: Reader, conversations: Conversations
) -> None:
    reader.ask("Who?")
    reader.cites().first.click()
    reader.question_box().fill("And then?")
    reader.begin_anew()
    expect(reader.question_box()).to_have_value("And then?")
    expect(reader.page.locator(".turn")).to_have_count(0)
    expect(reader.lit()).to_have_count(0)
    expect(reader.page.locator("#retry")).to_be_hidden()
    reader.page.locator(".example").first.click()
    reader.page.locator(".foot").wait_for()
    assert reader.assistant.asked[-1] == (words.SHIPPED_EXAMPLES[0], [])
    assert len(conversations.search()) == 2


def test_the_end_of_an_answer_does_not_come_over_what_was_begun_since(
    open_with: Opener, scripted: ScriptedAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer_slowly(monkeypatch, before=0.0, behind=1.0)
    reader = open_with(scripted)
    reader.ask("Who mediated?")
    reader.begin_anew()
    reader.page.wait_for_timeout(2000)
    expect(reader.page.locator(".welcome")).to_be_visible()
    expect(reader.page.locator(".turn")).to_have_count(0)


def test_a_refusal_looks_like_one_and_leads_on(reader: Reader) -> None:
    reader.ask("refuse")
    expect(reader.page.locator(".refusal")).to_contain_text("The article does not say.")
    expect(reader.cites()).to_have_count(0)
    nearest = reader.latest(".near")
    expect(nearest).to_have_count(3)
    nearest.nth(2).click()
    expect(reader.lit()).to_have_text(reader.words_of(nearest.nth(2)))
    reader.keep("refusal")
    expect(reader.page.locator("#voice")).to_have_text("The article does not say.")
    reader.press(words.COPY)
    expect(reader.page.locator(".copy")).to_have_text(words.COPIED)
    title = reader.assistant.documents[0].title
    lines = [
        f"[{number}] “{reader.words_of(nearest.nth(number - 1))}” ({title}, sentence {number})"
        for number in (1, 2, 3)
    ]
    copied = reader.page.evaluate("navigator.clipboard.readText()")
    assert copied.split("\n") == ["The article does not say.", "", *lines]
    instead = reader.latest(".instead .example").first
    question = instead.inner_text()
    instead.focus()
    reader.page.keyboard.press("Enter")
    assert asked(reader, 2)[-1] == question
    expect(reader.question_box()).to_be_focused()
    expect(reader.page.locator(".turn")).to_have_count(2)


def test_an_error_is_a_calm_message(reader: Reader) -> None:
    reader.ask("fail", wait_for=".problem")
    expect(reader.page.locator(".problem")).to_contain_text("<b>nowhere</b> did not answer")
    expect(reader.page.get_by_role("alert")).to_be_visible()
    assert "Traceback" not in reader.page.content()
    reader.keep("problem")
    reader.ask("Who?")


def test_a_question_that_is_not_taken_is_back_in_its_box_and_said_to_be(reader: Reader) -> None:
    question, unsent = "Who said so? " * 80_000, reader.page.locator("#unsent")
    reader.question_box().fill(question)
    reader.page.keyboard.press("Enter")
    expect(unsent).to_contain_text(f"{words.UNTAKEN} The body is larger than 1,000,000 bytes")
    expect(reader.question_box()).to_have_value(question)
    expect(reader.page.locator("#voice")).to_contain_text(words.UNTAKEN)
    for said in ('{"error": null}', '{"detail": [{"msg": "no"}]}', "<h1>Bad gateway</h1>"):
        reader.page.route(
            "**/run/predict", lambda press, _, body=said: press.fulfill(status=502, body=body)
        )
        reader.question_box().fill("Who?")
        with reader.page.expect_response("**/run/predict"):
            reader.page.keyboard.press("Enter")
        expect(unsent).to_have_text(f"{words.UNTAKEN} {words.ASK_ONCE_MORE}")
        expect(reader.question_box()).to_have_value("Who?")
        reader.page.unroute("**/run/predict")
    reader.ask("Who?")
    expect(unsent).to_be_hidden()
    assert all(re.search("413|502", complaint) for complaint in reader.complaints)
    reader.complaints.clear()


def test_what_nobody_has_foreseen_is_said_and_nothing_is_left_to_wait(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        may_fail.wait(20)
        raise RuntimeError("Nobody knows.")

    may_fail = threading.Event()
    drawer = reader.open_drawer(words.DOCUMENTS)
    monkeypatch.setattr(reader.assistant, "remove", fail)
    drawer.get_by_role("button", name=words.REMOVE).click()
    status = drawer.get_by_role("status")
    expect(status).to_have_text(words.WAITING_TO_CHANGE)
    may_fail.set()
    expect(status).to_be_empty()
    expect(reader.page.locator("body")).to_contain_text("the server's log says more")
    reader.page.keyboard.press("Escape")
    monkeypatch.setattr(
        module, "changed", lambda session: changed(session) if session.turns[-1].problem else fail()
    )
    reader.ask("Who?", wait_for=".problem")
    expect(reader.latest(".problem")).to_contain_text(words.FAILED)
    expect(reader.latest(".stage")).to_have_count(0)
    monkeypatch.undo()
    reader.press(words.RETRY)
    expect(reader.latest(".foot")).to_be_visible()
    monkeypatch.setattr(reader.assistant, "warm", fail)
    reader.reload()
    expect(reader.page.locator("#article .notice")).to_have_text(words.UNREADY)
    reader.complaints.clear()


def test_what_is_typed_while_an_answer_comes_in_stays(reader: Reader) -> None:
    reader.ask("wait", wait_for=".claim")
    box = reader.question_box()
    expect(box).to_be_focused()
    reader.page.keyboard.type("And when was th")
    reader.page.keyboard.press("Home")
    reader.page.keyboard.type("Oh! ")
    reader.assistant.go.set()
    reader.page.keyboard.type("And ")
    expect(reader.latest(".foot")).to_be_visible()
    expect(box).to_be_focused()
    expect(box).to_have_value("Oh! And And when was th")
    reader.page.keyboard.press("End")
    reader.page.keyboard.type("at?")
    reader.page.keyboard.press("Enter")
    assert asked(reader, 2) == ["wait", "Oh! And And when was that?"]


@pytest.mark.thorough
def test_enter_while_an_answer_comes_in_keeps_the_question(reader: Reader) -> None:
    reader.ask("wait", wait_for=".claim")
    reader.question_box().fill("And when?")
    reader.page.keyboard.press("Enter")
    reader.page.wait_for_timeout(500)
    expect(reader.question_box()).to_have_value("And when?")
    reader.assistant.go.set()
    expect(reader.latest(".foot")).to_be_visible()
    expect(reader.page.locator(".turn")).to_have_count(1)
    assert asked(reader, 1) == ["wait"]


def test_how_a_claim_is_grounded_is_said_in_a_word_and_behind_it_at_length(
    open_with: Opener, article: Document
) -> None:
    assistant = SpeakingAssistant(
        [article],
        [
            ("Charles Michel mediated the talks.", [(0, 1)]),
            ("The treaty would address all relevant topics.", [(0, 7)]),
            ("Approximately 30,000 individuals were slain.", [(0, 17)]),
        ],
        [
            {"grounding": Grounding.REWORDED, "reasons": ("“talks” stands elsewhere.",)},
            {"speaker": "the statement"},
            {"reasons": ("The number 31,000 is not in it.",), "replaced": True},
        ],
        [ClaimDropped(text="It rained.", reason="no sentence says it")],
        probability=0.8,
    )
    reader = open_with(assistant)
    reader.ask("Who?")
    dropped = reader.latest(".dropped")
    expect(dropped.locator("s")).to_have_text("It rained.")
    expect(dropped).to_contain_text(words.dropped("no sentence says it"))
    voice = reader.page.locator("#voice")
    expect(voice).to_contain_text("1 sentence was written and dropped.")
    expect(voice).to_contain_text(f"topics. ({words.ATTRIBUTED_TO} the statement) Approx")
    expect(reader.latest(".foot")).to_contain_text("Probably stated")
    marks = reader.latest(".how")
    said = ["reworded", f"{words.ATTRIBUTED_TO} the statement · quoted", words.QUOTED_INSTEAD]
    expect(marks.locator("summary")).to_have_text(said)
    reasons = marks.locator(".reasons")
    for place, why in enumerate(
        (
            [words.GROUNDED["reworded"], "“talks” stands elsewhere."],
            [words.GROUNDED["quoted"], f"{words.ATTRIBUTED} the statement"],
            [words.DROPPED, "The number 31,000 is not in it."],
        )
    ):
        expect(reasons.nth(place)).to_be_hidden()
        marks.nth(place).locator("summary").focus()
        reader.page.keyboard.press("Enter")
        expect(reasons.nth(place)).to_be_visible()
        for part in why:
            expect(reasons.nth(place)).to_contain_text(part)
    reader.keep("grounding")
    marks.first.locator("summary").click()
    expect(reasons.first).to_be_hidden()


def test_copy_takes_the_answer_and_its_sources(reader: Reader) -> None:
    reader.ask("Who?")
    reader.press(words.COPY)
    expect(reader.page.locator(".copy")).to_have_text(words.COPIED)
    copied = reader.page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("European Council President Charles Michel mediated")
    assert "[4] “" in copied


def test_copy_does_without_the_clipboard_where_the_page_is_not_served_safely(
    reader: Reader,
) -> None:
    reader.ask("Who?")
    copy = reader.page.locator(".copy")
    reader.page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    copy.click()
    expect(copy).to_have_text(words.COPIED)
    expect(copy).to_be_focused()
    reader.question_box().focus()
    reader.page.keyboard.press("Control+V")
    expect(reader.question_box()).to_have_value(re.compile(r"^European Council.*\n\[4\] “", re.S))
    reader.page.evaluate("document.execCommand = () => false")
    copy.click()
    expect(copy).to_have_text(words.UNCOPIED)
    expect(copy).to_have_text(words.COPY)


def test_a_receipt_is_saved_and_its_quotations_stand(
    reader: Reader, article: Document, tmp_path: Path
) -> None:
    reader.ask("Who?")
    with reader.page.expect_download() as download:
        reader.press(words.RECEIPT)
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    saved = Receipt.load(path)
    assert saved.answer.question == "Who?"
    assert verify(saved, [article]).stands
