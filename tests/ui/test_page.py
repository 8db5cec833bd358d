"""How the page is put together."""

from __future__ import annotations

from collections.abc import AsyncIterator, Coroutine, Iterator, Mapping
from typing import Any, cast

import pytest

from onrecord import Assistant
from onrecord.conversations import Conversations
from onrecord.types import EVERYTHING, Document
from onrecord.ui import build_page
from onrecord.ui.receipts import key_of
from onrecord.ui.session import Session
from onrecord.ui.shelf import Moved
from onrecord.ui.turns import Turn
from tests.loops import run
from tests.scripted import ScriptedAssistant
from tests.ui.seeing import HERE, press, sent

PUT = Session().asking(Turn("Who?"))
ANSWERED = Session().asking(Turn("Who?", receipt="{}"))
CALLS: Mapping[str, tuple[Any, ...]] = {
    "Handlers.open_page": (),
    "Handlers.look_again": ("", "", Session()),
    "Handlers.leave_unready": (),
    "Handlers.ask": ("Who?", Session(), sent(), HERE),
    "Handlers.ask_again": (Session(), "", HERE),
    "Handlers.press": (Session(), sent(), press(), HERE),
    "Handlers.narrow": (press(),),
    "Handlers.answer": (PUT, HERE),
    "Handlers.fail": (PUT, ""),
    "Handlers.hand_over": (ANSWERED, "", press(receipt=key_of("{}")), HERE),
    "Handlers.stop": (PUT,),
    "Handlers.edit": ("", Session(), "", HERE),
    "Handlers.begin": (),
    "Shelf.open_document": (press(),),
    "Shelf.look": (None, press()),
    "Shelf.add": (None, None),
    "Shelf.write": ("A title", "A text.", None),
    "Shelf.press": (None, press()),
    "Shelf.follow": (EVERYTHING, Moved("a.txt", "b.txt"), ""),
    "Judging.judge": ({}, press(), HERE),
    "Archive.search": (Session(), "", HERE),
    "Archive.press": (Session(), "", press(), HERE),
    "Archive.show": (Session(), None),
}


async def all_of(views: AsyncIterator[Any]) -> list[Any]:
    return [view async for view in views]


def answering(conversations: Conversations | None, article: Document) -> dict[str, Any]:
    """Return what answers to the presses of a page, by name."""
    assistant = cast(Assistant, ScriptedAssistant([article], [("Michel mediated.", [(0, 1)])]))
    functions: list[Any] = list(build_page(assistant, conversations).fns.values())
    return {each.fn.__qualname__: each for each in functions if each.fn is not None}


@pytest.fixture(scope="module")
def wired(article: Document, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return answering(Conversations(tmp_path_factory.mktemp("kept") / "conversations.db"), article)


def test_every_press_is_answered_by_one_of_these(wired: dict[str, Any]) -> None:
    assert set(wired) == set(CALLS)


@pytest.mark.parametrize("name", CALLS)
def test_what_a_press_brings_fits_the_parts_that_show_it(wired: dict[str, Any], name: str) -> None:
    brought = wired[name].fn(*CALLS[name])
    brought = run(brought) if isinstance(brought, Coroutine) else brought
    shown = run(all_of(brought)) if isinstance(brought, AsyncIterator) else brought
    views = list(shown) if isinstance(shown, Iterator | list) else [shown]
    assert views
    assert wired[name].types_generator is isinstance(brought, AsyncIterator | Iterator)
    for view in views:
        assert len(view if isinstance(view, tuple) else (view,)) == len(wired[name].outputs)


def test_nothing_that_takes_long_writes_over_what_was_chosen_or_asked_meanwhile(
    wired: dict[str, Any],
) -> None:
    session, _sent = wired["Handlers.press"].inputs
    scope, *_ = wired["Shelf.follow"].inputs
    shelf = {"Shelf.look", "Shelf.add", "Shelf.write", "Shelf.press"}
    narrows = {name for name in wired if scope in wired[name].outputs}
    assert narrows == {"Handlers.narrow", "Handlers.edit", "Shelf.follow"}
    assert not {name for name in shelf if session in wired[name].outputs}
    assert session not in wired["Handlers.narrow"].outputs
    assert session not in wired["Judging.judge"].outputs
    assert session not in wired["Archive.press"].outputs
    judgements = wired["Judging.judge"].inputs[0]
    assert {name for name in wired if judgements in wired[name].outputs} == {"Judging.judge"}


def test_whoever_waits_leaves_room_at_the_page_for_others(article: Document) -> None:
    assistant = cast(Assistant, ScriptedAssistant([article]))
    page = build_page(assistant)
    assert page.max_threads >= 40 + 1 + assistant.settings.max_waiting
    assert page._queue.max_thread_count == page.max_threads


def test_gradio_remembers_no_more_than_is_of_use(article: Document) -> None:
    page = build_page(cast(Assistant, ScriptedAssistant([article])))
    assert page.state_session_capacity == 1000
    assert page._queue.ANALYTICS_MAX_EVENTS == 1
    assert page._queue.ANAYLTICS_CACHE_FREQUENCY > 1_000_000


def test_no_press_is_open_to_programs(wired: dict[str, Any]) -> None:
    assert {each.api_visibility for each in wired.values()} == {"private"}


def test_where_nothing_is_kept_there_is_nothing_to_look_for(article: Document) -> None:
    kept = {name for name in CALLS if name.startswith(("Archive.", "Judging."))}
    assert set(answering(None, article)) == set(CALLS) - kept
