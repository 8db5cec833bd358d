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
from onrecord.ui.judgement import Judged, judgement_html
from onrecord.ui.judging import Judging
from onrecord.ui.session import Session
from onrecord.ui.turns import Turn
from tests.ui.seeing import HERE, HOSTILE, Seen, asked, check_only_text, press

QUOTED = [{"document_id": "a.txt", "text": "So."}]


def feedback(conversations: Conversations, session: Session) -> list[Feedback | None]:
    kept = conversations.load(session.conversation)
    return [exchange.feedback for exchange in kept.exchanges]


def test_there_is_nothing_to_judge_before_the_answer_is_kept() -> None:
    assert judgement_html(Turn("Who?")) == ""


def test_a_kept_answer_can_be_judged() -> None:
    seen = Seen(judgement_html(Turn("Who?", exchange="7")))
    assert seen.attributes["data-do"] == ["unjudge", "like", "dislike"]
    assert seen.attributes["data-exchange"] == ["7"]
    assert seen.attributes["data-verdict"] == [""]
    assert seen.attributes["name"] == ["reason", "right_answer", "not_in_corpus", "quotations"]


@pytest.mark.parametrize(
    ("liked", "short", "said"),
    [(True, "right", words.JUDGED_RIGHT), (False, "wrong", words.JUDGED_WRONG)],
)
def test_what_was_said_before_is_shown(liked: bool, short: str, said: str) -> None:
    html = judgement_html(Turn("Who?", exchange="7", feedback=Feedback(liked=liked)))
    assert said in html
    assert Seen(html).attributes["data-verdict"] == [short]


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
    handlers: Handlers, judging: Judging, conversations: Conversations
) -> None:
    session = asked(handlers, "When?", asked(handlers, "Who?"))
    exchange = session.turns[0].exchange
    said, html = judging.judge({}, press(do="like", exchange=exchange), HERE)
    assert said == {exchange: Judged("right")}
    assert Seen(html).attributes["data-exchange"] == [exchange]
    assert words.JUDGED_RIGHT in html
    assert feedback(conversations, session) == [Feedback(liked=True), None]
    said, html = judging.judge(said, press(do="unjudge", exchange=exchange), HERE)
    assert said == {exchange: Judged("")}
    assert words.JUDGED_RIGHT not in html
    assert feedback(conversations, session) == [None, None]


def test_what_is_said_of_one_answer_leaves_what_is_said_of_another(
    handlers: Handlers, judging: Judging
) -> None:
    first, second = (each.exchange for each in asked(handlers, "B?", asked(handlers, "A?")).turns)
    said, _html = judging.judge({}, press(do="like", exchange=first), HERE)
    said, html = judging.judge(said, press(do="dislike", exchange=second), HERE)
    assert said == {first: Judged("right"), second: Judged("wrong")}
    assert Seen(html).attributes["data-verdict"] == ["right", "wrong"]


def test_what_is_wrong_is_kept_as_it_was_said(
    handlers: Handlers, judging: Judging, conversations: Conversations, article: Document
) -> None:
    session = asked(handlers, "Who?")
    quotation = {"document_id": article.id, "text": article.text[:40]}
    form = {"reason": HOSTILE, "right_answer": "Michel", "quotations": json.dumps([quotation])}
    judging.judge({}, press(do="dislike", exchange=session.turns[0].exchange, **form), HERE)
    assert feedback(conversations, session) == [
        Feedback(
            liked=False,
            reason=HOSTILE,
            right_answer="Michel",
            quotations=(Quotation.model_validate(quotation),),
        )
    ]


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
    handlers: Handlers,
    judging: Judging,
    conversations: Conversations,
    form: dict[str, Any],
    said: Feedback,
) -> None:
    session = asked(handlers, "Who?")
    judging.judge({}, press(do="dislike", exchange=session.turns[0].exchange, **form), HERE)
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
def test_a_malformed_form_is_not_kept_and_what_was_said_before_stands(
    handlers: Handlers, judging: Judging, conversations: Conversations, quotations: object
) -> None:
    session = asked(handlers, "Who?")
    exchange = session.turns[0].exchange
    before, _html = judging.judge({}, press(do="like", exchange=exchange), HERE)
    form = {"do": "dislike", "exchange": exchange}
    said, html = judging.judge(before, press(**form, quotations=quotations), HERE)
    assert said == {exchange: Judged("right", words.unkept(words.MALFORMED))}
    assert words.unkept(words.MALFORMED) in Seen(html).text
    assert "<img" not in html
    assert feedback(conversations, session) == [Feedback(liked=True)]
    said, html = judging.judge(said, press(**form, quotations=json.dumps(QUOTED)), HERE)
    assert words.MALFORMED not in html
    assert said == {exchange: Judged("wrong")}


@pytest.mark.parametrize("said", [{}, {"do": "ask"}, {"do": ["like"]}])
def test_a_press_that_is_none_of_the_forms_keeps_nothing(
    handlers: Handlers, judging: Judging, conversations: Conversations, said: dict[str, Any]
) -> None:
    session = asked(handlers, "Who?")
    _said, html = judging.judge({}, press(**said, exchange=session.turns[0].exchange), HERE)
    assert words.MALFORMED in html
    assert feedback(conversations, session) == [None]


@pytest.mark.parametrize("exchange", ["", "unknown", None, ["1"], HOSTILE])
def test_an_answer_that_is_not_kept_is_not_judged(
    handlers: Handlers, judging: Judging, conversations: Conversations, exchange: object
) -> None:
    session = asked(handlers, "fail", asked(handlers, "Who?"))
    _said, html = judging.judge({}, press(do="like", exchange=exchange), HERE)
    assert "This could not be saved. There is no answer" in Seen(html).text
    assert "img" not in {tag for tag, *_ in Seen(html).skeleton}
    assert feedback(conversations, session) == [None]


def test_what_cannot_be_kept_is_said_and_leaves_what_stands(
    handlers: Handlers, judging: Judging, tmp_path: Path
) -> None:
    session = asked(handlers, "Who?")
    for part in tmp_path.glob("conversations.db*"):
        part.unlink()
    _said, html = judging.judge({}, press(do="like", exchange=session.turns[0].exchange), HERE)
    assert "This could not be saved. There is no answer" in Seen(html).text
    assert "data-verdict" not in Seen(html).attributes
    assert words.JUDGED_RIGHT not in html
