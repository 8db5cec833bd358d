"""Page and programs wait in one line, in which each has a place of the own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import aclosing, asynccontextmanager
from typing import cast

import gradio as gr
import httpx
import pytest

from onrecord import Assistant
from onrecord.desk import Desk
from onrecord.types import Document
from onrecord.ui import build_page
from onrecord.ui.launch import launch
from tests.load.people import BusyNow, seen
from tests.load.towns import Fact
from tests.load.visitor import Visitor
from tests.loops import in_a_loop
from tests.scripted import ScriptedAssistant

WAITING = 2


@pytest.fixture
def assistant(article: Document) -> Iterator[ScriptedAssistant]:
    assistant = ScriptedAssistant([article], [("Charles Michel mediated the talks.", [(0, 1)])])
    assistant.settings = assistant.settings.model_copy(update={"max_waiting": WAITING})
    yield assistant
    assistant.go.set()


@pytest.fixture
def desk(assistant: ScriptedAssistant, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr("onrecord.desk._TOLD_EVERY", 0.1)
    return Desk(cast(Assistant, assistant))


@pytest.fixture
def page(desk: Desk) -> gr.Blocks:
    return build_page(desk.assistant, None, desk)


@pytest.fixture
def address(page: gr.Blocks, desk: Desk) -> Iterator[str]:
    yield launch(page, "127.0.0.1", 0, desk=desk)
    page.close(verbose=False)


@asynccontextmanager
async def page_at(address: str) -> AsyncIterator[Visitor]:
    async with httpx.AsyncClient(base_url=address, timeout=20) as client:
        visitor = Visitor(client)
        await visitor.open()
        yield visitor


async def eventually(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not holds():
            await asyncio.sleep(0.01)


async def until(said: str, views: AsyncGenerator[str]) -> None:
    """Look at a page until it says something."""
    async for html in views:
        if said in html:
            return
    raise AssertionError(f"it has never said: {said}")


async def ask(address: str, question: str) -> int:
    """Ask as a program does, and return the response's status."""
    async with httpx.AsyncClient(base_url=address, timeout=20) as client:
        return (await client.post("api/v1/ask", json={"question": question})).status_code


@in_a_loop
async def test_page_and_programs_wait_in_one_line_and_whoever_leaves_gives_up_the_place(
    address: str, assistant: ScriptedAssistant
) -> None:
    async with page_at(address) as anna, page_at(address) as bo, asyncio.TaskGroup() as tasks:
        program = tasks.create_task(ask(address, "wait"))
        await eventually(lambda: len(assistant.asked) == 1)
        async with aclosing(bo.ask("Who is Bo?")) as to_bo:
            async with aclosing(anna.ask("Who is Anna?")) as to_anna:
                await until("1 question before yours…", to_anna)
                await until("2 questions before yours…", to_bo)
            await until("1 question before yours…", to_bo)  # Anna has closed the page
            assistant.go.set()
            await until('class="foot"', to_bo)
        assert await program == 200
    assert [question for question, _ in assistant.asked] == ["wait", "Who is Bo?"]


@in_a_loop
async def test_beyond_the_limit_the_page_says_that_it_is_busy_and_answers_later(
    address: str, assistant: ScriptedAssistant
) -> None:
    fact = Fact("Who mediated?", assistant.documents[0].id)
    async with page_at(address) as anna, asyncio.TaskGroup() as tasks:
        programs = [tasks.create_task(ask(address, f"wait {n}")) for n in range(1 + WAITING)]
        await eventually(lambda: len(assistant.asked) == 1)
        await asyncio.sleep(0.2)  # for the others
        busy = [html async for html in anna.ask(fact.question)][-1]
        assert "Too many questions wait already (at most 2 may). Ask again in a minute." in busy
        with pytest.raises(BusyNow):
            seen(busy, fact)
        assistant.go.set()
        assert [await program for program in programs] == [200] * (1 + WAITING)
        answer = [html async for html in anna.ask(fact.question)][-1]
        assert seen(answer, fact) == ("answered", "")


@in_a_loop
async def test_gradio_keeps_as_much_of_a_page_however_much_is_asked(
    address: str, page: gr.Blocks
) -> None:
    kept = []
    async with page_at(address) as anna:
        for number in range(4):
            assert [html async for html in anna.ask(f"Who is {number}?")]
            (state,) = page.state_holder.session_data.values()
            kept.append((len(state.config_values), len(state.blocks_config.blocks)))
    assert kept[1:] == [kept[1]] * 3
