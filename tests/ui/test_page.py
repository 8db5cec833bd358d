"""How the page is put together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

import pytest

from onrecord import Assistant
from onrecord.conversations import Conversations
from onrecord.ui import build_page
from onrecord.ui.session import Session
from tests.scripted import ScriptedAssistant
from tests.ui.seeing import press

PUT = Session().asking("Who?")
CALLS: Mapping[str, tuple[Any, ...]] = {
    "Handlers.open_page": (),
    "Handlers.ask": ("Who?", Session()),
    "Handlers.ask_again": (Session(),),
    "Handlers.press": (Session(), press()),
    "Handlers.answer": (PUT,),
    "Handlers.stop": (PUT,),
    "Handlers.edit": (Session(),),
    "Handlers.begin": (Session(),),
    "Shelf.open_document": (press(),),
    "Shelf.add": (None, Session()),
    "Shelf.write": ("A title", "A text.", Session()),
    "Shelf.press": (Session(), press()),
    "Archive.search": (Session(), ""),
    "Archive.press": (Session(), "", press()),
}


@pytest.fixture
def wired(assistant: ScriptedAssistant, conversations: Conversations) -> dict[str, Any]:
    """Return what answers to the presses, by name."""
    page = build_page(cast(Assistant, assistant), conversations)
    functions = [each for each in page.fns.values() if each.fn is not None]
    return {each.fn.__qualname__: each for each in functions}


def test_every_press_is_answered_by_one_of_these(wired: dict[str, Any]) -> None:
    assert set(wired) == set(CALLS)


@pytest.mark.parametrize("name", CALLS)
def test_what_a_press_brings_fits_the_parts_that_show_it(wired: dict[str, Any], name: str) -> None:
    brought = wired[name].fn(*CALLS[name])
    views = list(brought) if isinstance(brought, Iterator) else [brought]
    assert views
    for view in views:
        assert len(view if isinstance(view, tuple) else (view,)) == len(wired[name].outputs)


def test_no_press_is_open_to_programs(wired: dict[str, Any]) -> None:
    assert {each.api_visibility for each in wired.values()} == {"private"}


def test_where_nothing_is_kept_there_is_nothing_to_look_for(assistant: ScriptedAssistant) -> None:
    page = build_page(cast(Assistant, assistant))
    names = {each.fn.__qualname__ for each in page.fns.values() if each.fn is not None}
    assert names == {name for name in CALLS if not name.startswith("Archive.")}
