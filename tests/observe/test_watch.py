from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

import pytest

from onrecord.assistant import Assistant
from onrecord.desk import Ask, BusyError, Desk, answer_of
from onrecord.errors import ModelError
from onrecord.observe.outcome import Outcome
from onrecord.observe.request import current
from onrecord.observe.watch import Watch
from onrecord.observe.watcher import Watcher
from onrecord.types import AnswerReady, Document, Event, StageStarted
from tests.loops import in_a_loop
from tests.models.fake_server import FakeServer
from tests.observe.conftest import QUESTION, Make
from tests.scripted import ScriptedAssistant


class Noting(Watcher):
    """Notes what it is told, and whether each event was made in a step."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.outcomes: list[Outcome] = []
        self.requests: list[str] = []
        self.steps = 0

    @contextmanager
    def step(self) -> Iterator[None]:
        self.steps += 1
        yield

    def saw(self, event: Event) -> None:
        self.events.append(event)

    def ended(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)
        self.requests.append(current())


def watched(assistant: Assistant | ScriptedAssistant) -> Noting:
    noting = Noting()
    assistant.watch = Watch((lambda: noting,))
    return noting


def test_a_question_is_watched_from_its_first_step_to_its_end(make: Make) -> None:
    assistant = make()
    noting = watched(assistant)
    events = list(assistant.stream(QUESTION))
    assert noting.events == events
    assert noting.steps == len(events) + 2  # the one that says that it is the end, and the closing
    (outcome,) = noting.outcomes
    answer = events[-1]
    assert isinstance(answer, AnswerReady)
    assert outcome.status == "answered"
    assert outcome.claims == 1
    assert outcome.question == QUESTION
    assert outcome.answer == answer.answer.text
    assert outcome.seconds == answer.answer.timings


def test_tokens_are_added_up_over_the_calls_of_which_the_server_tells(
    make: Make, server: FakeServer
) -> None:
    assistant = make()
    noting = watched(assistant)
    assistant.ask(QUESTION)
    told = [request for request in server.requests if not request.get("stream")]
    assert len(told) > 1
    (outcome,) = noting.outcomes
    assert (outcome.tokens_in, outcome.tokens_out) == (100 * len(told), 7 * len(told))


def test_where_no_server_says_how_many_tokens_there_are_none(
    make: Make, server: FakeServer
) -> None:
    server.usage = None
    assistant = make()
    noting = watched(assistant)
    assistant.ask(QUESTION)
    assert noting.outcomes[0].tokens_in is None


def test_a_refusal_has_its_status(make: Make) -> None:
    assistant = make(threshold=100.0)
    noting = watched(assistant)
    assistant.ask("Who won?")
    assert noting.outcomes[0].status == "not_in_corpus"
    assert noting.outcomes[0].claims == 0


def test_an_error_has_its_kind(make: Make, server: FakeServer) -> None:
    assistant = make()
    noting = watched(assistant)
    server.replies = [(500, {})] * 5
    with pytest.raises(ModelError):
        assistant.ask(QUESTION)
    (outcome,) = noting.outcomes
    assert outcome.status == "model"
    assert outcome.seconds["total"] > 0


def test_an_error_that_nobody_has_foreseen_is_internal(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    assistant = make()
    noting = watched(assistant)

    def broken(*_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(assistant, "_retrieve", broken)
    with pytest.raises(RuntimeError):
        assistant.ask(QUESTION)
    assert noting.outcomes[0].status == "internal"


def test_one_that_is_left_says_so(make: Make) -> None:
    assistant = make()
    noting = watched(assistant)
    events = assistant.stream(QUESTION)
    assert next(events) == StageStarted(stage="understand")
    events.close()
    assert noting.outcomes[0].status == "left"
    assert noting.steps == 2


@in_a_loop
async def test_at_the_desk_kept_answers_and_refusals_are_watched_too(article: Document) -> None:
    assistant = ScriptedAssistant([article], [("It rained.", [(0, 1)])])
    assistant.settings = assistant.settings.model_copy(
        update={"answer_cache": 1, "max_waiting": -1}
    )
    noting = watched(assistant)
    desk = Desk(cast(Assistant, assistant))
    with pytest.raises(BusyError):
        await answered(desk, "request-1")
    desk._most_waiting = 1
    await answered(desk, "request-2")  # by an assistant that does not watch
    await answered(desk, "request-3")
    assert noting.requests == ["request-1", "request-3"]
    refused, kept = noting.outcomes
    assert (refused.status, refused.seconds) == ("busy", {})
    assert (kept.status, kept.claims, set(kept.seconds)) == ("answered", 1, {"kept", "total"})


async def answered(desk: Desk, request: str) -> None:
    async with desk.asking(Ask(question="Who?"), request=request) as events:
        await answer_of(events)


def test_where_nothing_is_asked_for_nothing_is_watched(make: Make) -> None:
    assert make().watch == Watch()
    events = make().stream(QUESTION)
    assert Watch().follow(QUESTION, events) is events


def test_what_is_off_is_not_imported() -> None:
    code = (
        "import sys, onrecord.cli\n"
        "from onrecord import Assistant, Document\n"
        "from onrecord.terminal import logging_progress\n"
        "Assistant([Document(id='a', title='A', text='The bridge opened in May.')])\n"
        "logging_progress()\n"
        "off = 'prometheus_client', 'pythonjsonlogger', 'opentelemetry', 'onrecord.observe.logs'\n"
        "print(*(name for name in off if name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
