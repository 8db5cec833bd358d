"""Whose question is answered when, and what is answered at once."""

from __future__ import annotations

from collections.abc import Hashable
from threading import Timer
from typing import Any, cast

import anyio
import pytest

from onrecord import Assistant
from onrecord.desk import MOST_OF_ONE, Ask, BusyError, Desk, EndingError, ImpatientError, Waiting
from onrecord.errors import ModelError, StoreError
from onrecord.types import Answer, AnswerReady, ClaimDrafted, Document, Event, EvidenceFound
from tests.loops import in_a_loop
from tests.scripted import ScriptedAssistant

SCRIPT = [("Charles Michel mediated the talks.", [(0, 1)])]


class Asking:
    """Asks a desk in tasks of its own.

    Attributes:
        events: What has happened, by question.
    """

    def __init__(self, desk: Desk, tasks: anyio.abc.TaskGroup) -> None:
        self.desk = desk
        self.events: dict[str, list[Event | Waiting]] = {}
        self._tasks = tasks

    async def ask(self, question: str, person: Hashable | None = None) -> None:
        """Ask, and return once the question is answered or waits."""
        begun = self.events[question] = []
        self._tasks.start_soon(self._ask, question, person)
        while not begun:
            await anyio.sleep(0.01)

    def places(self, question: str) -> list[int]:
        return [event.before for event in self.events[question] if isinstance(event, Waiting)]

    async def _ask(self, question: str, person: Hashable | None) -> None:
        async with self.desk.asking(Ask(question=question), person) as events:
            async for event in events:
                self.events[question].append(event)


async def events_of(desk: Desk, question: str) -> list[Event]:
    async with desk.asking(Ask(question=question)) as events:
        return [event async for event in events if not isinstance(event, Waiting)]


async def answer_to(desk: Desk, question: str) -> Answer:
    last = (await events_of(desk, question))[-1]
    assert isinstance(last, AnswerReady)
    return last.answer


@pytest.fixture
def assistant(article: Document) -> ScriptedAssistant:
    return ScriptedAssistant([article], SCRIPT)


def desk_of(assistant: ScriptedAssistant, **settings: Any) -> Desk:
    assistant.settings = assistant.settings.model_copy(update=settings)
    return Desk(cast(Assistant, assistant))


@in_a_loop
async def test_whoever_waits_is_told_how_many_come_before(
    assistant: ScriptedAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("onrecord.desk._TOLD_EVERY", 0.02)
    async with anyio.create_task_group() as tasks:
        asking = Asking(desk_of(assistant), tasks)
        for question in ("wait 1", "wait 2", "wait 3"):
            await asking.ask(question)
        await anyio.sleep(0.2)
        assert len(asking.places("wait 3")) > 2
        told = {question: set(asking.places(question)) for question in asking.events}
        assert told == {"wait 1": set(), "wait 2": {1}, "wait 3": {2}}
        assistant.go.set()
    assert all(isinstance(events[-1], AnswerReady) for events in asking.events.values())


@in_a_loop
async def test_whoever_waits_sees_what_is_likely_to_be_read(
    assistant: ScriptedAssistant,
) -> None:
    async with anyio.create_task_group() as tasks:
        asking = Asking(desk_of(assistant), tasks)
        for question in ("wait 1", "glance and wait", "wait 3"):
            await asking.ask(question)
        await anyio.sleep(0.1)
        kinds = {question: [*map(type, events)] for question, events in asking.events.items()}
        assert kinds["glance and wait"][:2] == [Waiting, EvidenceFound]
        assert kinds["wait 3"] == [Waiting] * len(kinds["wait 3"])
        assistant.go.set()
    assert assistant.glanced == ["glance and wait", "wait 3"]


@in_a_loop
async def test_a_glance_that_takes_long_or_fails_is_of_nothing(
    assistant: ScriptedAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desk_of(assistant)
    assert len(await desk.glance(Ask(question="glance"), 5.0)) == 3

    def fail(*_: object) -> None:
        raise StoreError("Chroma cannot be read.")

    for slow in (lambda *_: assistant.go.wait(5), fail):
        monkeypatch.setattr(assistant, "glance", slow)
        assert await desk.glance(Ask(question="glance"), 0.05) == ()
    assistant.go.set()


@in_a_loop
async def test_a_person_with_many_questions_keeps_no_other_waiting(
    assistant: ScriptedAssistant,
) -> None:
    async with anyio.create_task_group() as tasks:
        asking = Asking(desk_of(assistant), tasks)
        await asking.ask("wait")
        for question in ("greedy 1", "greedy 2", "greedy 3"):
            await asking.ask(question, "anna")
        await asking.ask("modest", "bo")
        assistant.go.set()
    asked = [question for question, _ in assistant.asked]
    assert asked == ["wait", "greedy 1", "modest", "greedy 2", "greedy 3"]


@in_a_loop
async def test_beyond_the_limit_it_is_busy_and_of_one_person_sooner(
    assistant: ScriptedAssistant,
) -> None:
    async with anyio.create_task_group() as tasks:
        asking = Asking(desk_of(assistant, max_waiting=MOST_OF_ONE), tasks)
        for number in range(MOST_OF_ONE):
            await asking.ask(f"wait {number}", "anna")
        with pytest.raises(ImpatientError, match="4 of your questions"):
            await events_of_person(asking.desk, "anna")
        await asking.ask("wait", "bo")
        with pytest.raises(BusyError, match="at most 4 may"):
            await events_of_person(asking.desk, "clara")
        assistant.go.set()
    assert (await answer_to(asking.desk, "Who?")).claims


async def events_of_person(desk: Desk, person: str) -> None:
    async with desk.asking(Ask(question="Who?"), person):
        raise AssertionError("it was taken")


@in_a_loop
async def test_whoever_waits_is_told_when_the_server_ends(
    assistant: ScriptedAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("onrecord.desk._TOLD_EVERY", 0.01)
    desk = desk_of(assistant)
    with desk._line.place("somebody"):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(expect_the_end, desk)
            await anyio.sleep(0.05)
            desk.end()
    assert assistant.asked == []
    await expect_the_end(desk)  # nor is anything taken then
    assert assistant.asked == []


async def expect_the_end(desk: Desk) -> None:
    with pytest.raises(EndingError):
        await events_of(desk, "Who?")


@in_a_loop
async def test_what_was_answered_is_answered_at_once_and_says_so(
    assistant: ScriptedAssistant,
) -> None:
    desk = desk_of(assistant, answer_cache=1)
    first = await events_of(desk, "draft")
    again = await events_of(desk, "draft")
    assert [question for question, _ in assistant.asked] == ["draft"]
    assert again[:-1] == [event for event in first[:-1] if not isinstance(event, ClaimDrafted)]
    one, other = (events[-1] for events in (first, again))
    assert isinstance(one, AnswerReady)
    assert isinstance(other, AnswerReady)
    assert one.answer.timings == {"total": 1.43}
    assert set(other.answer.timings) == {"kept", "total"}
    assert other.answer.model_copy(update={"timings": one.answer.timings}) == one.answer


@in_a_loop
async def test_what_was_answered_is_answered_however_many_wait(
    assistant: ScriptedAssistant,
) -> None:
    async with anyio.create_task_group() as tasks:
        asking = Asking(desk_of(assistant, answer_cache=9, max_waiting=0), tasks)
        await answer_to(asking.desk, "Who?")
        await asking.ask("wait")
        assert (await answer_to(asking.desk, "Who?")).claims
        assistant.go.set()


@in_a_loop
async def test_no_file_is_looked_at_for_what_is_refused(
    assistant: ScriptedAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with anyio.create_task_group() as tasks:
        asking = Asking(desk_of(assistant, answer_cache=9, max_waiting=0), tasks)
        await asking.ask("wait")
        monkeypatch.delattr(assistant.__class__, "edition")
        with pytest.raises(BusyError):
            await answer_to(asking.desk, "Who?")
        monkeypatch.undo()
        assistant.go.set()


@in_a_loop
async def test_what_many_ask_at_once_is_answered_once(assistant: ScriptedAssistant) -> None:
    desk = desk_of(assistant, answer_cache=9)
    async with anyio.create_task_group() as tasks:
        for _ in range(5):
            tasks.start_soon(answer_to, desk, "Who?")
    assert len(assistant.asked) == 1


@in_a_loop
async def test_of_kept_answers_the_one_that_is_wanted_least_is_forgotten(
    assistant: ScriptedAssistant,
) -> None:
    desk = desk_of(assistant, answer_cache=2)
    for question in ("one", "two", "one", "three", "one", "two"):
        await answer_to(desk, question)
    assert [question for question, _ in assistant.asked] == ["one", "two", "three", "two"]


@in_a_loop
async def test_another_history_scope_or_text_is_another_question(
    assistant: ScriptedAssistant, article: Document
) -> None:
    desk = desk_of(assistant, answer_cache=9)
    history = ({"role": "user", "content": "Who?"}, {"role": "assistant", "content": "He."})
    for asked in (
        Ask(question="Why?"),
        Ask.model_validate({"question": "Why?", "history": history}),
        Ask.model_validate({"question": "Why?", "scope": {"documents": [article.id]}}),
    ):
        for _ in range(2):
            async with desk.asking(asked) as events:
                assert [event async for event in events]
    assert len(assistant.asked) == 3
    assistant.documents = (article.model_copy(update={"date": "2022-04-07"}),)
    await answer_to(desk, "Why?")
    assert len(assistant.asked) == 4


@in_a_loop
async def test_an_answer_during_which_a_text_has_changed_is_not_kept(
    assistant: ScriptedAssistant, article: Document
) -> None:
    desk = desk_of(assistant, answer_cache=9)
    async with desk.asking(Ask(question="Who?")) as events:
        async for _ in events:
            assistant.documents = (article.model_copy(update={"date": "2022-04-07"}),)
    await answer_to(desk, "Who?")
    assert len(assistant.asked) == 2


@in_a_loop
async def test_an_answer_of_an_older_edition_is_not_given_for_one_of_this(
    assistant: ScriptedAssistant,
) -> None:
    desk = desk_of(assistant, answer_cache=9)
    assistant.behind = "before"  # a document is being indexed meanwhile
    await answer_to(desk, "Who?")
    assistant.behind = ""
    for _ in range(2):
        await answer_to(desk, "Who?")
    assert len(assistant.asked) == 2


@in_a_loop
async def test_an_answer_that_was_behind_is_not_where_its_documents_are_back(
    assistant: ScriptedAssistant, article: Document
) -> None:
    desk = desk_of(assistant, answer_cache=9)
    before, assistant.behind = assistant.documents, assistant.edition()
    assistant.documents = (article.model_copy(update={"date": "2022-04-07"}),)
    assert (await answer_to(desk, "Who?")).is_behind
    assistant.documents = before
    assert not (await answer_to(desk, "Who?")).is_behind
    assert len(assistant.asked) == 1


@in_a_loop
async def test_neither_failures_nor_what_was_left_are_kept(assistant: ScriptedAssistant) -> None:
    desk = desk_of(assistant, answer_cache=9)
    for _ in range(2):
        with pytest.raises(ModelError):
            await answer_to(desk, "fail")
        async with desk.asking(Ask(question="Who?")) as events:
            await anext(events)
    assert [question for question, _ in assistant.asked] == ["fail", "Who?"] * 2


@pytest.mark.parametrize(("is_local", "most"), [(False, 9), (True, 0)])
@in_a_loop
async def test_answers_of_a_hosted_model_are_not_kept_and_none_where_there_is_no_room(
    assistant: ScriptedAssistant,
    is_local: bool,
    most: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assistant.is_local = is_local
    monkeypatch.setattr("onrecord.desk._key", None)  # nor is it worked out what they would go by
    desk = desk_of(assistant, answer_cache=most)
    for _ in range(2):
        await answer_to(desk, "Who?")
    assert len(assistant.asked) == 2


async def leave_while_it_waits(desk: Desk, assistant: ScriptedAssistant) -> None:
    async with anyio.create_task_group() as tasks:
        asking = Asking(desk, tasks)
        await asking.ask("wait")
        while not assistant.waits.is_set():
            await anyio.sleep(0.01)
        tasks.cancel_scope.cancel()


@in_a_loop
async def test_who_leaves_keeps_no_other_waiting_even_where_the_model_hangs(
    assistant: ScriptedAssistant,
) -> None:
    desk = desk_of(assistant)
    await leave_while_it_waits(desk, assistant)
    with anyio.fail_after(5):
        assert (await answer_to(desk, "Who?")).claims
    assert not assistant.go.is_set()
    assert assistant.closed == 1  # of two
    assistant.go.set()
    with anyio.fail_after(5):
        while assistant.closed < 2:
            await anyio.sleep(0.01)


@in_a_loop
async def test_beyond_some_who_have_left_the_next_who_leaves_waits_for_the_model(
    assistant: ScriptedAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("onrecord.desk._MOST_LEFT", 0)
    desk = desk_of(assistant)
    Timer(0.3, assistant.go.set).start()
    await leave_while_it_waits(desk, assistant)
    assert assistant.go.is_set()
