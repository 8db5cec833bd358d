from __future__ import annotations

from onrecord.queries import queries
from onrecord.types import Asked, Message

HISTORY = (
    Message(role="user", content="Who runs the ferry?"),
    Message(role="assistant", content="Norlines runs the ferry [1]."),
)


def test_a_question_is_searched_for_as_it_is_and_in_its_parts() -> None:
    asked = Asked(question="Who won the race, and when was the vote?", history=HISTORY)
    assert queries(asked) == (asked.question, "Who won the race", "when was the vote?")


def test_a_question_that_leans_is_searched_for_with_what_it_leans_on() -> None:
    asked = Asked(question="And how many work there?", history=HISTORY)
    assert queries(asked) == (
        "Who runs the ferry? And how many work there?",
        "Norlines runs the ferry. And how many work there?",
        "And how many work there?",
    )


def test_a_question_by_itself_leans_on_nothing() -> None:
    assert queries(Asked(question="And how many work there?")) == ("And how many work there?",)
