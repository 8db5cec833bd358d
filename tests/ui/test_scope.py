"""What the next question is asked of, and how it is said."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.conversations import Conversations
from onrecord.errors import QuestionError
from onrecord.types import EVERYTHING, Document, Passage, Scope
from onrecord.ui import words
from onrecord.ui.handlers import Handlers
from onrecord.ui.reopening import reopened
from onrecord.ui.scope import scope_html, wished
from onrecord.ui.session import Session
from onrecord.ui.turn_view import turn_html
from onrecord.ui.turns import Turn
from tests.loops import run
from tests.scripted import ScriptedAssistant
from tests.ui.seeing import (
    HERE,
    HOSTILE,
    SKIP,
    Seen,
    again,
    answered,
    asked,
    check_only_text,
    press,
    put,
    sent,
)

A = Document(id="a.txt", title="A ferry", text="The ferry\n  sank. Nobody was hurt.")
B = Document(id="b.txt", title="A bridge", text="The bridge opened.")


def of_passage(document: str, start: int, end: int) -> Scope:
    return Scope(passage=Passage(document_id=document, start=start, end=end))


def test_nothing_is_said_where_everything_is_asked_of() -> None:
    seen = Seen(scope_html(EVERYTHING, [A, B]))
    assert seen.text == ""
    assert "button" not in {tag for tag, *_ in seen.skeleton}


@pytest.mark.parametrize(
    ("scope", "said"),
    [
        (Scope(documents=("a.txt",)), "Asking A ferry"),
        (Scope(documents=("gone.txt",)), "Asking gone.txt"),
        (Scope(documents=("a.txt", "b.txt")), "Asking 2 documents"),
        (of_passage("a.txt", 4, 17), "Asking “ferry sank.”"),
        (of_passage("gone.txt", 4, 17), "Asking “”"),
    ],
)
def test_what_is_asked_of_is_named_and_can_be_ended(scope: Scope, said: str) -> None:
    seen = Seen(scope_html(scope, [A, B]))
    assert seen.text.startswith(said)
    assert seen.attributes["class"][-1] == "unscope"
    assert seen.attributes["aria-label"] == [words.ASK_ALL]


@pytest.mark.parametrize(("length", "said"), [(90, "w" * 90), (91, f"{'w' * 90}…")])
def test_a_long_passage_is_cut(length: int, said: str) -> None:
    document = A.model_copy(update={"text": "w" * length})
    seen = Seen(scope_html(of_passage("a.txt", 0, length), [document]))
    assert seen.text.startswith(f"{words.ASKING_OF} “{said}”×")


@pytest.mark.parametrize(
    "scope", [EVERYTHING, Scope(documents=("a.txt", HOSTILE)), of_passage("a.txt", 0, 9)]
)
def test_the_pages_script_knows_what_is_asked_of(scope: Scope) -> None:
    (known,) = Seen(scope_html(scope, [A, B])).attributes["data-scope"]
    assert Scope.model_validate_json(known) == scope
    assert list(json.loads(known)) == ["documents", "passage"]  # as the script puts them


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
    wish = of_passage(article.id, 0, 60)
    passage, shown = handlers.narrow(press(scope=wish.model_dump_json()))
    assert passage == wish
    assert article.text[:40] in Seen(shown).text
    session = asked(handlers, "Who?", scope=passage)
    session = answered(handlers, again(handlers, session))
    everything, shown = handlers.narrow(press(scope=EVERYTHING.model_dump_json()))
    assert (everything, Seen(shown).text) == (EVERYTHING, "")
    asked(handlers, "And elsewhere?", session, everything)
    assert assistant.scopes == [passage, passage, EVERYTHING]


def test_what_the_page_shows_is_what_a_question_and_an_example_are_asked_of(
    handlers: Handlers, assistant: ScriptedAssistant, article: Document
) -> None:
    shown = of_passage(article.id, 0, 60)
    session = asked(handlers, "Who?", scope=shown)
    said = press(do="ask", question="And when?")
    session = answered(handlers, run(handlers.press(session, sent(shown), said, HERE))[0])
    asked(handlers, "Where?", session)
    assert assistant.scopes == [shown, shown, EVERYTHING]


@pytest.mark.parametrize(
    ("scope", "said"),
    [
        (Scope(documents=("a.txt", "gone.txt")), "gone.txt is no longer among the documents"),
        (of_passage("gone.txt", 0, 9), "gone.txt is no longer among the documents"),
        (of_passage("b.txt", 0, len(B.text) + 1), "no longer in A bridge"),
        (of_passage("b.txt", -1, 9), "no longer in A bridge"),
        (of_passage("b.txt", 9, 9), "no longer in A bridge"),
        (of_passage("b.txt", 9, 4), "no longer in A bridge"),
    ],
)
def test_what_is_not_there_is_not_asked_and_said_to_be_gone(
    handlers: Handlers, assistant: ScriptedAssistant, scope: Scope, said: str
) -> None:
    assistant.documents = (A, B, A.model_copy(update={"id": "c.txt"}))
    with pytest.raises(QuestionError, match=f"{said}.* Choose anew what to ask of"):
        put(handlers, "Who?", scope=scope)
    assert assistant.asked == assistant.glanced == []
    whole = of_passage("b.txt", 0, len(B.text))
    assert put(handlers, "Who?", scope=whole).turns[-1].scope == whole


def test_a_question_is_asked_again_of_what_it_was_asked_of(
    handlers: Handlers, assistant: ScriptedAssistant, article: Document
) -> None:
    first, wish = of_passage(article.id, 0, 60), of_passage(article.id, 60, 90)
    session = asked(handlers, "Who?", scope=first)
    answered(handlers, run(handlers.ask_again(session, sent(wish), HERE))[0])
    assert assistant.scopes == [first, first]


def test_a_question_that_is_taken_back_brings_what_it_was_asked_of(
    handlers: Handlers, conversations: Conversations, assistant: ScriptedAssistant
) -> None:
    passage = of_passage(assistant.documents[0].id, 0, 60)
    kept = asked(handlers, "Who?", asked(handlers, "When?"), passage).conversation
    session = reopened(conversations, kept, assistant.documents)
    _box, session, *_, scope, shown = handlers.edit("", session, "", HERE)
    assert scope == passage
    assert Seen(shown).text.startswith(f"{words.ASKING_OF} “{assistant.documents[0].text[:40]}")
    *_, scope, shown = handlers.edit("", asked(handlers, "Why?"), "", HERE)
    assert (scope, shown) == (SKIP, SKIP)  # what is chosen since then stays


def test_what_is_chosen_after_a_question_was_put_is_for_the_next(
    handlers: Handlers, assistant: ScriptedAssistant, article: Document
) -> None:
    scope = of_passage(article.id, 0, 60)
    session = put(handlers, "Who?", scope=scope)
    handlers.narrow(press(scope=EVERYTHING.model_dump_json()))
    answered(handlers, session)
    assert assistant.scopes == [scope]


def test_a_question_says_what_it_is_asked_of(handlers: Handlers, article: Document) -> None:
    turn = put(handlers, "Who?", scope=of_passage(article.id, 0, 9)).turns[-1]
    assert f"{words.ASKED_OF} “{article.text[:9]}”" in Seen(turn_html(turn)).text
    assert words.ASKED_OF not in turn_html(put(handlers, "Who?").turns[-1])
    check_only_text(lambda text: turn_html(Turn("Who?", asked_of=text)))


@pytest.mark.parametrize(
    ("said", "scope"),
    [
        ('{"documents": ["b.txt"]}', Scope(documents=("b.txt",))),
        ('{"documents": ["b.txt", "a.txt"], "passage": null}', EVERYTHING),
        ('{"documents": ["gone.txt"]}', Scope(documents=("gone.txt",))),
        (of_passage("a.txt", 0, 9).model_dump_json(), of_passage("a.txt", 0, 9)),
        ("{}", EVERYTHING),
    ],
)
def test_what_is_wished_for_is_all_documents_or_what_it_says(said: str, scope: Scope) -> None:
    assert wished(said, [A, B]) == scope


@pytest.mark.parametrize(
    "said",
    [
        "",
        None,
        "null",
        "<b>",
        "[" * 10_000,
        '{"documents": "b.txt"}',
        '{"documents": [5]}',
        '{"documents": ["\ud800"]}',
        '{"documents": [], "more": 1}',
        '{"passage": {"document_id": "a.txt", "start": 0}}',
        '{"passage": {"document_id": "a.txt", "start": "<b>", "end": 5}}',
        {"documents": ["b.txt"]},
    ],
)
def test_what_no_page_shows_is_not_asked_of(
    handlers: Handlers, assistant: ScriptedAssistant, said: Any
) -> None:
    assert wished(said, [A, B]) is None
    for told in (said, json.dumps({"scope": said})):
        with pytest.raises(QuestionError, match=words.MALFORMED):
            run(handlers.ask("Who?", Session(), told, HERE))
    assert assistant.asked == []
    scope, shown = handlers.narrow(press(scope=said))
    assert (scope, Seen(shown).text) == (EVERYTHING, "")
