"""Right or wrong: the form under an answer, and what is kept of it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from onrecord.conversations import Conversations, Feedback, Quotation
from onrecord.types import Document
from onrecord.ui import words
from onrecord.ui.handlers import Handlers
from onrecord.ui.judgement import judgement_html
from onrecord.ui.session import Session
from onrecord.ui.turns import Turn
from tests.ui.seeing import HOSTILE, Seen, asked, check_only_text, press

QUOTED = [{"document_id": "a.txt", "text": "So."}]


def feedback(conversations: Conversations, session: Session) -> list[Feedback | None]:
    kept = conversations.load(session.conversation)
    return [exchange.feedback for exchange in kept.exchanges]


def test_there_is_nothing_to_judge_before_the_answer_is_kept() -> None:
    assert judgement_html(Turn("Who?")) == ""


def test_a_kept_answer_can_be_judged() -> None:
    seen = Seen(judgement_html(Turn("Who?", exchange="7")))
    assert seen.attributes["data-do"] == ["like", "dislike"]
    assert set(seen.attributes["data-exchange"]) == {"7"}
    assert seen.attributes["name"] == ["reason", "right_answer", "not_in_corpus", "quotations"]


@pytest.mark.parametrize(
    ("liked", "said"), [(True, words.JUDGED_RIGHT), (False, words.JUDGED_WRONG)]
)
def test_what_was_said_is_shown_and_can_be_taken_back(liked: bool, said: str) -> None:
    html = judgement_html(Turn("Who?", exchange="7", feedback=Feedback(liked=liked)))
    assert said in html
    assert Seen(html).attributes["data-do"] == ["unjudge"]
    assert Seen(html).attributes["data-exchange"] == ["7"]


@pytest.mark.parametrize("given", [None, Feedback(liked=True)])
def test_a_hostile_id_is_only_text(given: Feedback | None) -> None:
    check_only_text(lambda text: judgement_html(Turn("Who?", exchange=text, feedback=given)))


def test_nothing_of_what_was_said_is_shown_again() -> None:
    said = Feedback(
        liked=False,
        reason=HOSTILE,
        right_answer=HOSTILE,
        quotations=(Quotation(document_id=HOSTILE, text=HOSTILE),),
    )
    turn = Turn("Who?", exchange="7", feedback=Feedback(liked=False))
    assert judgement_html(replace(turn, feedback=said)) == judgement_html(turn)


def test_a_right_answer_is_marked_and_the_mark_taken_back(
    handlers: Handlers, conversations: Conversations
) -> None:
    session = asked(handlers, "When?", asked(handlers, "Who?"))
    exchange = session.turns[0].exchange
    session, earlier, latest, *_ = handlers.press(session, press(do="like", exchange=exchange))
    assert words.JUDGED_RIGHT in earlier
    assert words.JUDGED_RIGHT not in latest
    assert feedback(conversations, session) == [Feedback(liked=True), None]
    session, earlier, *_ = handlers.press(session, press(do="unjudge", exchange=exchange))
    assert words.JUDGED_RIGHT not in earlier
    assert [turn.feedback for turn in session.turns] == [None, None]
    assert feedback(conversations, session) == [None, None]


def test_what_is_wrong_is_kept_as_it_was_said(
    handlers: Handlers, conversations: Conversations, article: Document
) -> None:
    session = asked(handlers, "Who?")
    quotation = {"document_id": article.id, "text": article.text[:40]}
    form = {"reason": HOSTILE, "right_answer": "Michel", "quotations": json.dumps([quotation])}
    exchange = session.turns[0].exchange
    session, *_ = handlers.press(session, press(do="dislike", exchange=exchange, **form))
    said = Feedback(
        liked=False,
        reason=HOSTILE,
        right_answer="Michel",
        quotations=(Quotation.model_validate(quotation),),
    )
    assert session.turns[0].feedback == said
    assert feedback(conversations, session) == [said]


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({}, Feedback(liked=False)),
        ({"not_in_corpus": "yes"}, Feedback(liked=False, not_in_corpus=True)),
        ({"reason": 5}, Feedback(liked=False, reason="5")),
        ({"quotations": "[]", "another": "field"}, Feedback(liked=False)),
    ],
)
def test_a_form_may_be_left_empty(
    handlers: Handlers, conversations: Conversations, form: dict[str, Any], said: Feedback
) -> None:
    session = asked(handlers, "Who?")
    exchange = session.turns[0].exchange
    session, *_ = handlers.press(session, press(do="dislike", exchange=exchange, **form))
    assert feedback(conversations, session) == [said]


@pytest.mark.parametrize(
    "quotations",
    [
        "",
        "{}",
        "<b>",
        "[" * 10_000,
        '[{"document_id": "a.txt"}]',
        '[{"document_id": "a.txt", "text": 5}]',
        '[{"document_id": "a.txt", "text": "\ud800"}]',
        json.dumps([{**QUOTED[0], "more": "<img src=x>"}]),
        QUOTED,
        None,
    ],
)
def test_a_malformed_form_is_not_kept_and_says_so_under_its_answer(
    handlers: Handlers, conversations: Conversations, quotations: object
) -> None:
    session = asked(handlers, "When?", asked(handlers, "Who?"))
    said = {"do": "dislike", "exchange": session.turns[1].exchange}
    session, earlier, latest, *_ = handlers.press(session, press(**said, quotations=quotations))
    assert words.unkept(words.MALFORMED) in Seen(latest).text
    assert words.MALFORMED not in earlier
    assert "<img" not in latest
    assert feedback(conversations, session) == [None, None]
    form = press(**said, quotations=json.dumps(QUOTED))
    session, _earlier, latest, *_ = handlers.press(session, form)
    assert words.MALFORMED not in latest
    assert words.JUDGED_WRONG in latest


@pytest.mark.parametrize("exchange", ["", "unknown", None, ["1"]])
def test_only_answers_on_the_page_are_judged(
    handlers: Handlers, conversations: Conversations, exchange: object
) -> None:
    session = asked(handlers, "fail", asked(handlers, "Who?"))
    assert handlers.press(session, press(do="like", exchange=exchange))[0] == session
    assert feedback(conversations, session) == [None]


def test_an_answer_of_another_conversation_is_not_judged(
    handlers: Handlers, conversations: Conversations
) -> None:
    other, session = asked(handlers, "Who?"), asked(handlers, "When?")
    said = press(do="like", exchange=other.turns[0].exchange)
    assert handlers.press(session, said)[0] == session
    assert feedback(conversations, other) == [None]


def test_what_cannot_be_kept_is_said_under_its_answer(handlers: Handlers, tmp_path: Path) -> None:
    session = asked(handlers, "Who?")
    for part in tmp_path.glob("conversations.db*"):
        part.unlink()
    said = press(do="like", exchange=session.turns[0].exchange)
    session, _earlier, latest, *_ = handlers.press(session, said)
    assert "This could not be saved. There is no answer" in Seen(latest).text
    assert words.JUDGED_RIGHT not in latest
    assert session.turns[0].feedback is None
