"""Which questions are to be answered "Yes" or "No"."""

import pytest

from onrecord.polarity import is_yes_no


@pytest.mark.parametrize(
    "question",
    [
        "Was the bridge closed?",
        "And did she agree?",
        "In summer, does the brook dry up?",
        "Won't he come back?",
        "Couldn’t they use the other cable?",
        "Can't it be raised?",
    ],
)
def test_a_question_to_say_yes_or_no_to(question: str) -> None:
    assert is_yes_no(question)


@pytest.mark.parametrize(
    "question",
    [
        "When was the bridge closed?",
        "In summer, when does the brook dry up?",
        "Was it the mayor or the bishop?",
        "Can you tell me who came?",
        "In your view, couldn't you say who came?",
        "In which city, was he born?",
        "Canal boats?",
        "",
    ],
)
def test_a_question_to_say_something_else_to(question: str) -> None:
    assert not is_yes_no(question)
