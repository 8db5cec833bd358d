"""A conversation of fifty turns, which stays as quick as one of two."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Response, expect

from onrecord.conversations import Conversations
from onrecord.types import AnswerReady
from onrecord.ui import words
from tests.browser.reader import Opener, Reader
from tests.scripted import ScriptedAssistant

pytestmark = [pytest.mark.browser, pytest.mark.thorough]

TURNS = 50


@pytest.fixture
def reader(open_with: Opener, scripted: ScriptedAssistant, conversations: Conversations) -> Reader:
    """Open the page at a conversation that is already long."""
    receipts = [
        scripted.receipt(event.answer)
        for number in range(TURNS)
        for event in scripted.stream(f"Question {number}?")
        if isinstance(event, AnswerReady)
    ]
    begun = conversations.begin(receipts[0])
    for receipt in receipts[1:]:
        conversations.add(begun.id, receipt)
    reader = open_with(scripted)
    reader.open_drawer(words.CONVERSATIONS).locator(".title").click()
    expect(reader.page.locator(".turn")).to_have_count(TURNS)
    return reader


def watch_streams(reader: Reader) -> list[int]:
    """Return a list that grows by the bytes of all that answers send as they come in."""
    network = reader.page.context.new_cdp_session(reader.page)
    streams: set[str] = set()
    sizes: list[int] = []

    def begin(response: dict[str, Any]) -> None:
        if "queue/data" in response["response"]["url"]:
            streams.add(response["requestId"])

    def count(data: dict[str, Any]) -> None:
        if data["requestId"] in streams:
            sizes.append(data["dataLength"])

    network.on("Network.responseReceived", begin)
    network.on("Network.dataReceived", count)
    network.send("Network.enable")
    return sizes


def watch_answers(reader: Reader) -> list[int]:
    """Return a list of the bytes that come back at once when something is pressed."""
    sizes: list[int] = []

    def note(response: Response) -> None:
        if "run/predict" in response.url:
            sizes.append(len(response.body()))

    reader.page.on("response", note)
    return sizes


def test_an_answer_that_comes_in_leaves_all_earlier_ones_as_they_are(reader: Reader) -> None:
    streamed = watch_streams(reader)
    answered = watch_answers(reader)
    reader.page.evaluate(
        "document.querySelectorAll('#earlier .turn').forEach((turn) => (turn.seen = true))"
    )
    reader.ask("wait", wait_for=".claim")
    # The turn that was the last one is new among the earlier ones, and sent as the only one.
    expect(reader.page.locator("#earlier .turn")).to_have_count(TURNS)
    changes = reader.page.evaluate_handle(
        """() => {
            const changes = [];
            const seen = new MutationObserver((records) => changes.push(...records));
            const whole = { subtree: true, childList: true, characterData: true, attributes: true };
            seen.observe(document.querySelector("#earlier"), whole);
            return changes;
        }"""
    )
    reader.assistant.go.set()
    expect(reader.latest(".foot")).to_be_visible()
    assert changes.evaluate("(changes) => changes.length") == 0
    survivors = (
        "[...document.querySelectorAll('#earlier .turn')].filter((turn) => turn.seen).length"
    )
    assert reader.page.evaluate(survivors) == TURNS - 1
    # What Gradio sends is the latest turn, a few times over, and its receipt.
    earlier = reader.page.locator("#earlier").evaluate("(node) => node.innerHTML.length")
    assert 1_000 < sum(streamed) < earlier / 4, (sum(streamed), earlier)
    assert 1_000 < sum(answered) < earlier / 10, (answered, earlier)


def test_typing_is_not_held_up(reader: Reader) -> None:
    reader.ask("wait", wait_for=".claim")
    reader.assistant.go.set()
    text = "Who then said that the talks had failed, and to whom?"
    reader.page.evaluate(
        """() => {
            window.slowest = 0;
            const box = document.querySelector("#question textarea");
            box.addEventListener("keydown", () => {
                const began = performance.now();
                requestAnimationFrame(() =>
                    (window.slowest = Math.max(window.slowest, performance.now() - began)));
            });
        }"""
    )
    reader.question_box().press_sequentially(text)
    expect(reader.question_box()).to_have_value(text)
    assert reader.page.evaluate("window.slowest") < 500
    expect(reader.latest(".foot")).to_be_visible()
    expect(reader.question_box()).to_have_value(text)


def test_whoever_reads_further_up_is_left_there_while_an_answer_comes_in(reader: Reader) -> None:
    reader.ask("wait", wait_for=".claim")
    assert reader.sees(reader.latest(".question"))
    reader.page.locator("#conversation").hover()
    reader.page.mouse.wheel(0, -3000)
    reader.page.wait_for_timeout(400)
    where = "document.querySelector('#conversation').scrollTop"
    at = reader.page.evaluate(where)
    reader.assistant.go.set()
    expect(reader.latest(".foot")).to_be_visible()
    assert reader.page.evaluate(where) == at
    reader.ask("Who?")
    assert reader.sees(reader.latest(".foot"))
    reader.keep("fifty-turns")


def test_a_sentence_that_fifty_answers_cite_leads_through_them(reader: Reader) -> None:
    sentence = reader.page.locator("#article .sentence").nth(1)
    for place in (TURNS - 1, TURNS - 2):
        sentence.click()
        marker = reader.page.locator(".turn").nth(place).locator(".cite").first
        expect(marker).to_be_focused()
        assert reader.sees(marker)
