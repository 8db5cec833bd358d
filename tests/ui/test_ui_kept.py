"""Answers are kept as they are given, in a real database."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import gradio as gr
import pytest

from onrecord import Assistant, Receipt
from onrecord.conversations import Conversations, Feedback
from onrecord.desk import Desk
from onrecord.errors import OnrecordError
from onrecord.ui import words
from onrecord.ui.handlers import Handlers
from onrecord.ui.session import Session
from onrecord.ui.turn_view import turn_html
from onrecord.ui.turns import Turn
from onrecord.ui.view import COMING, unchanged
from tests.loops import run
from tests.scripted import ScriptedAssistant
from tests.ui.seeing import HERE, SKIP, Seen, again, answered, asked, press, put, sent, views


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "conversations.db"


def questions(conversations: Conversations, session: Session) -> list[str]:
    kept = conversations.load(session.conversation)
    return [exchange.receipt.answer.question for exchange in kept.exchanges]


def on_page(session: Session) -> list[str]:
    return [turn.question for turn in session.turns if turn.exchange]


def break_(file: Path) -> None:
    """Put something that is no database in the place of one, which is kept aside."""
    for part in file.parent.glob(f"{file.name}*"):
        part.replace(part.with_name(f"aside-{part.name}"))
    file.write_bytes(b"No database. " * 100)


def mend(file: Path) -> None:
    file.unlink()
    for part in file.parent.glob("aside-*"):
        part.replace(part.with_name(part.name.removeprefix("aside-")))


def test_an_answer_is_kept_as_its_receipt(handlers: Handlers, conversations: Conversations) -> None:
    session = asked(handlers, "Who?")
    kept = conversations.load(session.conversation).exchanges[0]
    assert session.turns[0].exchange == kept.id
    assert Receipt.model_validate_json(session.turns[0].receipt) == kept.receipt
    assert kept.receipt.answer == session.turns[0].answer


def test_a_conversation_is_kept_with_what_was_said_before(
    handlers: Handlers, conversations: Conversations
) -> None:
    session = asked(handlers, "refuse", asked(handlers, "Who?"))
    first, second = conversations.load(session.conversation).exchanges
    assert first.receipt.history == ()
    assert [message.role for message in second.receipt.history] == ["user", "assistant"]
    assert second.receipt.history[0].content == "Who?"
    assert questions(conversations, session) == on_page(session) == ["Who?", "refuse"]


def test_a_new_conversation_is_kept_as_another(
    handlers: Handlers, conversations: Conversations
) -> None:
    first = asked(handlers, "Who?")
    second = asked(handlers, "When?", handlers.begin()[0])
    assert {each.id for each in conversations.search()} == {
        first.conversation,
        second.conversation,
    }


def test_only_answers_are_kept(handlers: Handlers, conversations: Conversations) -> None:
    session = asked(handlers, "fail")
    assert conversations.search() == ()
    session = handlers.stop(put(handlers, "Who?", session))[0]
    assert views(handlers, session) == [unchanged(COMING)]
    assert conversations.search() == ()
    session = asked(handlers, "When?", session)
    assert questions(conversations, session) == ["When?"]


def test_an_answer_asked_for_again_takes_the_place_of_the_last(
    handlers: Handlers, conversations: Conversations
) -> None:
    session = asked(handlers, "When?", asked(handlers, "Who?"))
    exchange = session.turns[-1].exchange
    session = answered(handlers, again(handlers, session))
    assert questions(conversations, session) == on_page(session) == ["Who?", "When?"]
    assert session.turns[-1].exchange != exchange
    session = asked(handlers, "Why?", session)
    assert questions(conversations, session) == ["Who?", "When?", "Why?"]


def test_an_answer_of_which_something_was_said_stays_kept_where_it_is_asked_for_again(
    handlers: Handlers, conversations: Conversations
) -> None:
    session = asked(handlers, "When?", asked(handlers, "Who?"))
    conversations.judge(session.turns[-1].exchange, Feedback(liked=False, right_answer="Now"))
    session = answered(handlers, again(handlers, session))
    assert on_page(session) == ["Who?", "When?"]
    kept = conversations.load(session.conversation).exchanges
    assert [each.feedback is not None for each in kept] == [False, True, False]


def test_an_edited_question_takes_the_place_of_the_last(
    handlers: Handlers, conversations: Conversations
) -> None:
    session = asked(handlers, "When?", asked(handlers, "Who?"))
    session = asked(handlers, "Why?", handlers.edit("", session, "", HERE)[1])
    assert questions(conversations, session) == on_page(session) == ["Who?", "Why?"]


def test_the_only_question_can_be_edited(handlers: Handlers, conversations: Conversations) -> None:
    session = asked(handlers, "Why?", handlers.edit("", asked(handlers, "Who?"), "", HERE)[1])
    assert questions(conversations, session) == on_page(session) == ["Why?"]
    assert [each.title for each in conversations.search()] == ["Why?"]


def test_no_more_is_taken_back_than_can_be_replaced(
    handlers: Handlers, conversations: Conversations
) -> None:
    session = asked(handlers, "When?", asked(handlers, "Who?"))
    session = handlers.edit("", session, "", HERE)[1]
    assert (
        handlers.edit("", session, "", HERE)[1]
        == run(handlers.ask_again(session, "", HERE))[0]
        == SKIP
    )
    session = asked(handlers, "Why?", session)
    assert questions(conversations, session) == on_page(session) == ["Who?", "Why?"]


def test_what_was_stopped_when_asked_again_is_replaced_by_what_comes_next(
    handlers: Handlers, conversations: Conversations
) -> None:
    session = handlers.stop(again(handlers, asked(handlers, "Who?")))[0]
    session = asked(handlers, "When?", session)
    assert questions(conversations, session) == on_page(session) == ["When?"]


def test_a_failed_question_that_is_asked_again_replaces_nothing(
    handlers: Handlers, conversations: Conversations
) -> None:
    session = asked(handlers, "fail", asked(handlers, "Who?"))
    session = asked(handlers, "When?", handlers.edit("", session, "", HERE)[1])
    assert questions(conversations, session) == on_page(session) == ["Who?", "When?"]


def test_an_answer_that_cannot_be_kept_is_shown_and_says_so(handlers: Handlers, file: Path) -> None:
    file.write_bytes(b"No database. " * 100)
    *_, last = views(handlers, Session((Turn("Who?"),)))
    assert "Charles Michel" in last[1]
    assert words.unkept(f"{file} is no database") in Seen(last[1]).text
    assert 'data-do="like"' not in last[1]
    assert last[0].conversation == ""
    assert last[0].turns[-1].receipt
    assert file.read_bytes() == b"No database. " * 100


def test_what_comes_after_the_trouble_is_kept(
    handlers: Handlers, conversations: Conversations, file: Path
) -> None:
    file.write_bytes(b"No database. " * 100)
    session = asked(handlers, "Who?")
    file.unlink()
    session = asked(handlers, "When?", session)
    assert questions(conversations, session) == on_page(session) == ["When?"]


def test_what_could_not_be_replaced_is_replaced_by_what_comes_next(
    handlers: Handlers, conversations: Conversations, file: Path
) -> None:
    session = asked(handlers, "When?", asked(handlers, "Who?"))
    break_(file)
    session = answered(handlers, again(handlers, session))
    assert session.turns[-1].unkept
    mend(file)
    session = answered(handlers, again(handlers, session))
    assert session.turns[-1].unkept == ""
    assert questions(conversations, session) == on_page(session) == ["Who?", "When?"]


def test_a_conversation_that_was_deleted_meanwhile_is_said_to_be(
    handlers: Handlers, conversations: Conversations
) -> None:
    session = asked(handlers, "Who?")
    conversations.delete(session.conversation)
    session = asked(handlers, "When?", session)
    assert "There is no conversation" in turn_html(session.turns[-1])
    assert conversations.search() == ()


def test_where_nothing_is_kept_a_receipt_is_offered_and_no_judgement(
    assistant: ScriptedAssistant,
) -> None:
    handlers = Handlers(Desk(cast(Assistant, assistant)))
    session = asked(handlers, "Who?")
    html = turn_html(session.turns[-1])
    assert 'data-do="like"' not in html
    assert "data-receipt" in html
    session = answered(handlers, again(handlers, session))
    assert [turn.question for turn in session.turns] == ["Who?"]


def test_a_receipt_is_handed_over_when_it_is_wanted_and_to_a_forgotten_session_too(
    handlers: Handlers,
) -> None:
    session = asked(handlers, "When?", asked(handlers, "Who?"))
    told = sent(conversation=session.conversation, shown=2)
    for turn in session.turns:
        (key,) = Seen(turn_html(turn)).attributes["data-receipt"]
        for known in (session, Session()):
            parcel = Seen(handlers.hand_over(known, told, press(receipt=key), HERE)).attributes
            assert parcel["data-content"] == [turn.receipt]
    for other in (Session(), session):
        with pytest.raises(OnrecordError, match="no longer known"):
            handlers.hand_over(other, sent(), press(receipt=[key, "x"]), HERE)
    assert "data-receipt" not in turn_html(Turn("Who?"))


def test_a_session_that_was_forgotten_goes_on_where_its_conversation_is_kept(
    handlers: Handlers, conversations: Conversations
) -> None:
    before = asked(handlers, "When?", asked(handlers, "Who?"))
    told = sent(conversation=before.conversation, shown=2)
    session, *_ = run(handlers.ask("Why?", Session(), told, HERE))
    session = answered(handlers, session)
    assert questions(conversations, session) == on_page(session) == ["Who?", "When?", "Why?"]
    session = answered(handlers, run(handlers.ask_again(Session(), told, HERE))[0])
    assert questions(conversations, session) == on_page(session) == ["Who?", "When?", "Why?"]
    box, session, *_ = handlers.edit("", Session(), told, HERE)
    assert (box, on_page(session)) == ("Why?", ["Who?", "When?"])


def test_a_conversation_of_somebody_else_is_not_gone_on_with(
    handlers: Handlers, conversations: Conversations
) -> None:
    theirs = asked(handlers, "Who?").conversation
    told = sent(conversation=theirs, shown=1)
    other = gr.Request(username="bo")
    session = run(handlers.ask("Why?", Session(), told, other))[0]
    assert [turn.question for turn in session.turns] == ["Why?"]
    assert session.conversation == ""
