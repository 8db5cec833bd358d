from __future__ import annotations

from contextlib import aclosing
from typing import Any, cast

import pytest

from onrecord import Assistant
from onrecord.desk import Desk
from onrecord.errors import CorpusError
from onrecord.types import Answer, Document, Status
from onrecord.ui import handlers as module
from onrecord.ui import words
from onrecord.ui.handlers import Handlers
from onrecord.ui.session import Session
from onrecord.ui.turns import Turn
from onrecord.ui.view import whole
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
    press,
    put,
    sent,
    views,
)


def buttons(view: tuple[Any, ...]) -> dict[str, bool]:
    names = ("ask", "stop", "retry", "edit", "new")
    return {name: item["visible"] for name, item in zip(names, view[-5:], strict=True)}


def test_a_question_is_put_then_answered(handlers: Handlers) -> None:
    session, _earlier, latest, *_ = view = run(handlers.ask("  Who?  ", Session(), sent(), HERE))
    assert session.turns == (Turn("Who?"),)
    assert "Who?" in latest
    assert buttons(view) == {
        "ask": False,
        "stop": True,
        "retry": False,
        "edit": False,
        "new": False,
    }
    *_, last = views(handlers, session)
    assert last[0].turns[-1].answer is not None
    assert buttons(last) == {"ask": True, "stop": False, "retry": True, "edit": True, "new": True}


def test_claims_appear_one_by_one(handlers: Handlers) -> None:
    shown = views(handlers, Session((Turn("Who?"),)))
    counts = [view[1].count('class="claim"') for view in shown]
    assert counts == sorted(counts)
    assert {0, 1, 2} <= set(counts)


def test_only_the_latest_turn_is_sent_as_it_comes_in(handlers: Handlers) -> None:
    session = asked(handlers, "Who?")
    for view in views(handlers, session.asking(Turn("And when?"))):
        assert Seen(view[1]).attributes["class"].count("question") == 1


def test_what_is_drafted_is_shown_until_it_is_verified(
    handlers: Handlers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_BETWEEN_WORDS", 0.0)
    shown = [view[1] for view in views(handlers, Session((Turn("draft"),)))]
    drafts = [html for html in shown if words.UNVERIFIED in html]
    assert "Charles Michel mediated</span> <small>" in drafts[2]
    assert len(drafts) == 5 + 7
    assert words.UNVERIFIED not in shown[-1]


def test_drafts_that_come_too_fast_are_passed_over(
    handlers: Handlers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_BETWEEN_WORDS", float("inf"))
    shown = views(handlers, Session((Turn("draft"),)))
    assert not any(words.UNVERIFIED in view[1] for view in shown)
    assert shown[-1][1].count('class="claim"') == 2


def test_an_empty_question_and_one_too_many_change_nothing(
    handlers: Handlers, assistant: ScriptedAssistant
) -> None:
    working = Session((Turn("Who?", stage="read"),))
    for view in (
        run(handlers.ask("   ", Session(), sent(), HERE)),
        run(handlers.ask("And?", working, sent(), HERE)),
        run(handlers.ask_again(working, "", HERE)),
        handlers.edit("", working, "", HERE),
        run(handlers.press(working, sent(), press(do="ask", question="And?"), HERE)),
    ):
        assert all(part == SKIP for part in view)
    assert assistant.asked == []


@pytest.mark.parametrize(
    "turns",
    [
        (),
        (Turn("Who?", answer=Answer(question="Who?", text="No.", status=Status.NOT_IN_CORPUS)),),
        (Turn("Who?", problem="No."),),
        (Turn("Who?", stopped=True),),
        (Turn("Who?", stage="read"),),
    ],
)
def test_where_no_question_waits_nothing_is_sent_and_nobody_asked(
    handlers: Handlers, assistant: ScriptedAssistant, turns: tuple[Turn, ...]
) -> None:
    (view,) = views(handlers, Session(turns))
    assert all(part == SKIP for part in view)
    assert assistant.asked == []


def test_half_a_surrogate_is_asked_as_what_can_be_shown(handlers: Handlers) -> None:
    session = asked(handlers, "Who\ud800 mediated?")
    assert session.turns[-1].question == "Who? mediated?"
    assert session.turns[-1].answer is not None


def test_the_earlier_turns_are_the_history_and_retry_leaves_out_the_last(
    handlers: Handlers, assistant: ScriptedAssistant
) -> None:
    session = asked(handlers, "Who?")
    session = asked(handlers, "And refuse?", session)
    session = answered(handlers, again(handlers, session))
    assert [question for question, _ in assistant.asked] == ["Who?", "And refuse?", "And refuse?"]
    assert assistant.asked[1][1] == assistant.asked[2][1]
    assert [message["role"] for message in assistant.asked[2][1]] == ["user", "assistant"]
    assert len(session.turns) == 2


def test_edit_takes_the_last_question_back(handlers: Handlers) -> None:
    session = asked(handlers, "And when?", asked(handlers, "Who?"))
    box, edited, earlier, latest, *_ = handlers.edit("", session, "", HERE)
    assert box == "And when?"
    assert edited.turns == session.turns[:1]
    assert "And when?" not in earlier + latest


def test_what_is_typed_already_stays_behind_the_question_that_is_taken_back(
    handlers: Handlers,
) -> None:
    box, *_ = handlers.edit("Oh, and why?", asked(handlers, "When?"), "", HERE)
    assert box == "When?\nOh, and why?"


def test_before_the_first_question_there_is_nothing_to_retry_edit_or_stop(
    handlers: Handlers,
) -> None:
    again = run(handlers.ask_again(Session(), "", HERE))
    for view in (
        again,
        handlers.edit("", Session(), "", HERE),
        handlers.stop(Session()),
    ):
        assert all(part == SKIP for part in view)


def test_stopping_closes_the_stream_and_says_so(
    handlers: Handlers, assistant: ScriptedAssistant
) -> None:
    async def two_views_alone() -> Session:
        async with aclosing(handlers.answer(Session((Turn("Who?"),)), HERE)) as views:
            await anext(views)
            session: Session = (await anext(views))[0]
        return session

    session = run(two_views_alone())
    assert assistant.closed == 1
    stopped, latest, *_ = handlers.stop(session)
    assert stopped.turns[-1].stopped
    assert words.STOPPED in latest


def test_an_answer_that_is_complete_when_it_is_stopped_is_shown(handlers: Handlers) -> None:
    session = asked(handlers, "Who?")
    stopped, latest, *_ = view = handlers.stop(session)
    assert stopped == session
    assert 'class="foot"' in latest
    assert buttons(view) == {"ask": True, "stop": False, "retry": True, "edit": True, "new": True}


def test_an_error_is_shown_in_the_conversation(handlers: Handlers) -> None:
    *_, last = views(handlers, Session((Turn("fail"),)))
    assert "set ONRECORD_MODEL" in last[1]
    assert "<b>nowhere" not in last[1]
    assert buttons(last)["retry"]


def test_an_answer_that_nobody_is_there_to_give_up_is_given_up(handlers: Handlers) -> None:
    session, latest, *_ = view = handlers.fail(put(handlers, "Who?"), "")
    assert words.FAILED in Seen(latest).text
    assert words.WAITING not in latest
    assert buttons(view)["retry"]
    for done in (session, asked(handlers, "Who?"), Session()):
        assert all(part == SKIP for part in handlers.fail(done, ""))


def test_a_question_is_not_given_up_where_the_one_before_it_was_stopped(handlers: Handlers) -> None:
    assert all(part == SKIP for part in handlers.fail(put(handlers, "Who?"), "yes"))


def test_a_page_that_cannot_be_made_ready_says_so_and_not_that_it_starts(
    handlers: Handlers,
) -> None:
    masthead, notice = handlers.leave_unready()
    assert words.STARTING not in masthead
    assert words.UNREADY in Seen(handlers.look_again(notice, "", Session())[0]).text


def test_a_new_conversation_brings_back_the_examples(handlers: Handlers) -> None:
    session, earlier, latest, *_ = view = handlers.begin()
    assert session == Session()
    assert Seen(earlier).text == ""
    assert 'class="example"' in latest
    assert [name for name, seen in buttons(view).items() if seen] == ["ask"]


def test_an_example_is_asked(handlers: Handlers) -> None:
    view = run(handlers.press(Session(), sent(), press(do="ask", question="Who?"), HERE))
    assert view[0].turns == (Turn("Who?"),)
    view = run(handlers.press(Session(), sent(), press(do="ask"), HERE))
    assert all(part == SKIP for part in view)


@pytest.mark.parametrize("said", [{}, {"do": "remove"}, {"do": ["ask"]}, {"question": "Who?"}])
def test_a_press_that_is_none_of_the_pages_changes_nothing(
    handlers: Handlers, said: dict[str, Any]
) -> None:
    view = run(handlers.press(asked(handlers, "Who?"), sent(), press(**said), HERE))
    assert all(part == SKIP for part in view)


def test_a_hostile_question_is_only_text_wherever_it_stands(handlers: Handlers) -> None:
    session = put(handlers, HOSTILE, asked(handlers, HOSTILE))
    _session, *shown = whole(session, ())
    seen = Seen("".join(part for part in shown if isinstance(part, str)))
    assert seen.text.count(HOSTILE) == 2
    assert not {"img", "script"} & {tag for tag, *_ in seen.skeleton}


def test_opening_the_page_shows_the_article_then_refreshes(
    handlers: Handlers, assistant: ScriptedAssistant
) -> None:
    assistant.skipped = {"/far/away/b.txt": "b.txt is a binary file."}
    first, refreshed, last = handlers.open_page()
    assert "Nagorno-Karabakh" in first[1]
    assert first[3] == Session()
    assert words.STARTING in first[0]
    assert words.STARTING not in last[0]
    assert refreshed[2] == "1 file left out. b.txt is a binary file."
    assert (assistant.refreshed, assistant.warmed) == (1, 1)


def test_what_is_asked_while_the_page_gets_ready_is_not_written_over(
    handlers: Handlers, assistant: ScriptedAssistant
) -> None:
    _first, (_masthead, *parts), last = handlers.open_page()
    assert all(part == SKIP for part in (*parts, *last[1:]))
    opening = handlers.open_page()
    next(opening)
    other = assistant.documents[0].model_copy(update={"id": "other.txt"})
    assistant.documents = (other, *assistant.documents)
    _masthead, article, notice, *view = next(opening)
    assert all(part == SKIP for part in (article, *view))
    assert notice == ""
    shown, latest = handlers.look_again(notice, "other.txt", Session())
    assert 'value="other.txt" selected' in shown
    assert 'class="example"' in latest
    assert handlers.look_again(notice, "other.txt", put(handlers, "Who?"))[1] == SKIP


def test_a_glance_comes_with_the_question(handlers: Handlers) -> None:
    (turn,) = put(handlers, "glance").turns
    assert (turn.stage, len(turn.evidence)) == ("waiting", 3)


def test_of_a_long_conversation_only_what_is_new_is_sent(handlers: Handlers) -> None:
    session = asked(handlers, "Where?", asked(handlers, "When?", asked(handlers, "Who?")))
    in_step, behind = (sent(shown=shown) for shown in (3, 1))
    for told, new in ((in_step, ["Where?"]), (behind, ["Who?", "When?", "Where?"])):
        earlier = run(handlers.ask("Why?", session, told, HERE))[1]
        assert [each for each in ("Who?", "When?", "Where?") if f">{each}<" in earlier] == new
        assert f'data-place="{3 - len(new)}"' in earlier
    earlier = run(handlers.ask_again(session, in_step, HERE))[1]
    assert 'data-place="1"' in earlier
    assert (">When?<" in earlier, ">Where?<" in earlier) == (True, False)
    earlier = handlers.edit("", session, in_step, HERE)[2]
    assert 'data-place="0"' in earlier
    assert (">Who?<" in earlier, ">When?<" in earlier) == (True, False)


def test_turns_that_the_page_shows_and_nobody_knows_are_said_to_be_forgotten(
    handlers: Handlers,
) -> None:
    told = sent(conversation="gone", shown=2)
    session, _earlier, latest, *_ = run(handlers.ask("Who?", Session(), told, HERE))
    assert session.turns[-1].is_cut_off
    assert words.FORGOTTEN in latest
    assert not put(handlers, "Who?", asked(handlers, "Who?")).turns[-1].is_cut_off


def test_an_answer_that_does_not_know_what_is_being_read_says_so(
    handlers: Handlers, assistant: ScriptedAssistant
) -> None:
    *_, now = views(handlers, put(handlers, "Who?"))
    assistant.behind = "before"
    *_, before = views(handlers, put(handlers, "Who?"))
    assert [words.BEHIND in view[1] for view in (now, before)] == [False, True]


def test_trouble_with_the_corpus_is_told_above_the_article(
    handlers: Handlers, assistant: ScriptedAssistant
) -> None:
    assistant.trouble = CorpusError("There is no corpus at <x>.")
    *_, last = handlers.open_page()
    shown, _examples = handlers.look_again(last[2], "", Session())
    assert "There is no corpus at &lt;x&gt;." in shown
    assert "Nagorno-Karabakh" in shown
    assert words.STARTING not in last[0]
    assistant.documents = ()
    *_, last = handlers.open_page()
    assert "There is no corpus" in handlers.look_again(last[2], "", Session())[0]


def test_the_examples_follow_the_documents(article: Document) -> None:
    assistant = ScriptedAssistant([article.model_copy(update={"id": "other.txt"})])
    _session, _earlier, latest, *_ = Handlers(Desk(cast(Assistant, assistant))).begin()
    assert "What is said about European Council President Charles Michel?" in latest
