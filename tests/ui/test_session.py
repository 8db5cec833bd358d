from __future__ import annotations

from dataclasses import replace

import pytest

from onrecord.types import Answer, Status
from onrecord.ui.session import Session
from onrecord.ui.turns import Turn

DONE = Turn("Who?", answer=Answer(question="Who?", text="No.", status=Status.NOT_IN_CORPUS))
KEPT, OTHER = replace(DONE, exchange="1"), replace(DONE, question="When?", exchange="2")


@pytest.mark.parametrize(
    ("turn", "working"),
    [(Turn("Who?"), True), (DONE, False), (Turn("Who?", problem="No."), False)],
)
def test_it_works_while_the_last_question_has_no_answer(turn: Turn, working: bool) -> None:
    assert Session((KEPT, turn)).is_working is working
    assert not Session().is_working


@pytest.mark.parametrize(("last", "replaces"), [(KEPT, "1"), (DONE, "")])
def test_only_an_answer_that_is_kept_is_replaced(last: Turn, replaces: str) -> None:
    session = Session((OTHER, last), "c").without_last()
    assert session == Session((OTHER,), "c", replaces=replaces)


def test_what_is_to_be_replaced_stays_so_when_asking_again_came_to_nothing() -> None:
    stopped = Session((KEPT,), "c").without_last().asking(Turn("Who?"))
    stopped = stopped.with_last(replace(stopped.turns[-1], stopped=True))
    assert stopped.can_go_back
    assert stopped.without_last().replaces


def test_one_kept_answer_at_a_time_is_gone_back_on() -> None:
    session = Session((OTHER, KEPT), "c")
    assert session.can_go_back
    assert not session.without_last().can_go_back


@pytest.mark.parametrize("turns", [(), (Turn("Who?"),), (KEPT, Turn("When?", stage="read"))])
def test_there_is_no_going_back_before_an_answer(turns: tuple[Turn, ...]) -> None:
    assert not Session(turns).can_go_back


def test_the_last_turn_is_changed_and_no_other() -> None:
    assert Session((OTHER, KEPT, DONE), "c").with_last(KEPT) == Session((OTHER, KEPT, KEPT), "c")
