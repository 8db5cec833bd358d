from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import gradio as gr
import pytest

from onrecord.types import Answer, Document, Status
from onrecord.ui import words
from onrecord.ui.parts import Answering
from onrecord.ui.session import Session
from onrecord.ui.turns import Turn
from onrecord.ui.view import changed, unchanged, welcome, whole
from tests.ui.seeing import SKIP, Seen

NAMES = [field.name for field in fields(Answering)]
DONE = Turn("Who?", answer=Answer(question="Who?", text="No.", status=Status.NOT_IN_CORPUS))
KEPT = replace(DONE, exchange="1")


def named(view: tuple[Any, ...]) -> dict[str, Any]:
    names = NAMES if len(view) == len(NAMES) else [name for name in NAMES if name != "earlier"]
    return dict(zip(names, view, strict=True))


@pytest.mark.parametrize(
    ("session", "seen"),
    [
        (Session(), {"ask"}),
        (Session((Turn("Who?"),)), {"stop"}),
        (Session((DONE,)), {"ask", "retry", "edit", "new"}),
        (Session((Turn("Who?", problem="No."),)), {"ask", "retry", "edit", "new"}),
        (Session((KEPT,), replaces="old"), {"ask", "new"}),
    ],
)
def test_the_buttons_are_those_that_do_something(session: Session, seen: set[str]) -> None:
    for view in (whole(session, ()), changed(session)):
        buttons = {name: named(view)[name] for name in ("ask", "stop", "retry", "edit", "new")}
        assert {name for name, update in buttons.items() if update["visible"]} == seen


def test_the_whole_of_it_is_the_value_of_every_part(article: Document) -> None:
    session = Session((DONE, Turn("And when?")))
    view = named(whole(session, [article]))
    assert view["session"] is session
    assert "Who?" in view["earlier"]
    assert "And when?" not in view["earlier"]
    assert "And when?" in view["latest"]
    assert "Who?" not in view["latest"]
    assert SKIP not in view.values()


def test_examples_are_offered_before_the_first_question_only(article: Document) -> None:
    assert words.SHIPPED_EXAMPLES[0] in named(whole(Session(), [article]))["latest"]
    assert words.SHIPPED_EXAMPLES[0] not in named(whole(Session((DONE,)), [article]))["latest"]


def test_while_an_answer_comes_in_only_what_changes_is_sent() -> None:
    session = Session((DONE, Turn("When?")))
    view = named(changed(session))
    assert "earlier" not in view
    assert SKIP not in view.values()
    assert view["session"] is session
    assert "When?" in view["latest"]


def test_other_documents_have_other_examples(article: Document) -> None:
    assert welcome([article]) == named(whole(Session(), [article]))["latest"]
    assert welcome([]) != welcome([article])


def test_what_is_unchanged_is_not_sent() -> None:
    assert list(named(unchanged()).values()) == [gr.skip()] * len(NAMES)


@pytest.mark.parametrize(
    ("turn", "spoken"),
    [
        (Turn("Who?", stage="read"), words.ANSWERING),
        (Turn("Who?", stage="word", drafted="It was not"), words.ANSWERING),
        (DONE, ""),  # but the answer itself
        (Turn("Who?", stopped=True), words.STOPPED),
        (Turn("Who?", problem="It failed."), ""),  # an alert says so
    ],
)
def test_an_answer_is_read_aloud_once_and_whole(turn: Turn, spoken: str) -> None:
    latest = Seen(named(whole(Session((turn,)), ()))["latest"])
    assert latest.attributes["data-spoken"] == [spoken]
    assert latest.attributes["data-is-whole"] == ["yes" * (turn is DONE)]
    assert "aria-live" not in latest.attributes
