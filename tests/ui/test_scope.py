"""What the next question is asked of, and how it is said."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.types import EVERYTHING, Document, Passage, Scope
from onrecord.ui import words
from onrecord.ui.handlers import Handlers
from onrecord.ui.scope import scope_html
from tests.scripted import ScriptedAssistant
from tests.ui.seeing import HOSTILE, Seen, answered, asked, check_only_text, press

A = Document(id="a.txt", title="A ferry", text="The ferry\n  sank. Nobody was hurt.")
B = Document(id="b.txt", title="A bridge", text="The bridge opened.")


def of_passage(document: str, start: int, end: int) -> Scope:
    return Scope(passage=Passage(document_id=document, start=start, end=end))


def test_nothing_is_said_where_everything_is_asked_of() -> None:
    seen = Seen(scope_html(EVERYTHING, [A, B]))
    assert seen.text == ""
    assert "data-do" not in seen.attributes


@pytest.mark.parametrize(
    ("scope", "said"),
    [
        (Scope(documents=("a.txt",)), "Asking A ferry"),
        (Scope(documents=("gone.txt",)), "Asking gone.txt"),
        (Scope(documents=("a.txt", "b.txt")), "Asking 2 documents"),
        (of_passage("a.txt", 4, 17), "Asking ferry sank."),
        (of_passage("gone.txt", 4, 17), "Asking "),
    ],
)
def test_what_is_asked_of_is_named_and_can_be_ended(scope: Scope, said: str) -> None:
    seen = Seen(scope_html(scope, [A, B]))
    assert seen.text.startswith(said)
    assert seen.attributes["data-do"] == ["unscope"]
    assert seen.attributes["aria-label"] == [words.ASK_ALL]


@pytest.mark.parametrize(("length", "said"), [(90, "w" * 90), (91, f"{'w' * 90}…")])
def test_a_long_passage_is_cut(length: int, said: str) -> None:
    document = A.model_copy(update={"text": "w" * length})
    seen = Seen(scope_html(of_passage("a.txt", 0, length), [document]))
    assert seen.text.startswith(f"{words.ASKING_OF} {said}×")


@pytest.mark.parametrize(
    "scope", [EVERYTHING, Scope(documents=("a.txt", HOSTILE)), of_passage("a.txt", 0, 9)]
)
def test_the_pages_script_knows_the_documents(scope: Scope) -> None:
    (known,) = Seen(scope_html(scope, [A, B])).attributes["data-documents"]
    assert json.loads(known) == list(scope.documents)


@pytest.mark.parametrize("text", [HOSTILE, "<q>&amp;\"'"])
def test_hostile_titles_ids_and_passages_are_only_text(text: str) -> None:
    def titled(title: str) -> str:
        return scope_html(Scope(documents=("a.txt",)), [A.model_copy(update={"title": title})])

    def passage(words_of: str) -> str:
        document = A.model_copy(update={"text": words_of})
        return scope_html(of_passage("a.txt", 0, len(words_of)), [document])

    check_only_text(titled, text)
    check_only_text(passage, text)
    check_only_text(lambda name: scope_html(Scope(documents=(name,)), [A]), text)


@given(st.integers(), st.integers(), st.text())
def test_whatever_stretch_is_named_something_is_said(start: int, end: int, text: str) -> None:
    seen = Seen(scope_html(of_passage("a.txt", start, end), [A.model_copy(update={"text": text})]))
    assert seen.text.startswith(words.ASKING_OF)


def test_a_selected_passage_is_asked_of_until_that_is_ended(
    handlers: Handlers, assistant: ScriptedAssistant, article: Document
) -> None:
    said = press(do="select", document_id=article.id, start=0, end=60)
    passage, shown = handlers.narrow(said)
    assert passage == of_passage(article.id, 0, 60)
    assert article.text[:40] in Seen(shown).text
    session = asked(handlers, "Who?", scope=passage)
    session = answered(handlers, handlers.ask_again(session)[0], passage)
    everything, shown = handlers.narrow(press(do="unscope"))
    assert (everything, Seen(shown).text) == (EVERYTHING, "")
    asked(handlers, "And elsewhere?", session, everything)
    assert assistant.scopes == [passage, passage, EVERYTHING]


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"document_id": "a.txt"},
        {"document_id": "a.txt", "start": 0},
        {"document_id": "a.txt", "start": "<b>", "end": 5},
        {"document_id": 5, "start": 0, "end": 5},
        {"document_id": "a.txt", "start": 0.5, "end": None},
    ],
)
def test_a_selection_that_is_none_asks_everything(handlers: Handlers, said: dict[str, Any]) -> None:
    scope, shown = handlers.narrow(press(do="select", **said))
    assert (scope, Seen(shown).text) == (EVERYTHING, "")


@pytest.mark.parametrize("said", [{}, {"do": "narrow"}, {"do": ["select"]}])
def test_a_press_that_is_no_choice_asks_everything(
    handlers: Handlers, article: Document, said: dict[str, Any]
) -> None:
    where = {"document_id": article.id, "start": 0, "end": 60}
    assert handlers.narrow(press(**where, **said))[0] == EVERYTHING
