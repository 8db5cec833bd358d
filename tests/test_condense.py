import pytest

from onrecord.condense import condense
from onrecord.polarity import polarity
from onrecord.types import Evidence, Message, Sentence
from tests.fakes import FakeModel

HISTORY = (
    Message(role="user", content="Who opened the bridge?"),
    Message(role="assistant", content="The mayor, Anna Berg, opened the bridge [1]."),
)


def test_a_question_without_history_costs_no_call() -> None:
    model = FakeModel(texts=["changed"])
    assert condense("And what job does he hold?", (), model) == "And what job does he hold?"
    assert model.prompts == []


def test_a_question_that_stands_alone_costs_no_call() -> None:
    model = FakeModel(texts=["changed"])
    question = "How many euros did the new ferry line cost?"
    assert condense(question, HISTORY, model) == question
    assert model.prompts == []


@pytest.mark.parametrize(
    "question", ["What job does she hold?", "And the cost?", "Why?", "The new bridge?"]
)
def test_a_follow_up_is_reworded(question: str) -> None:
    rewritten = f"{question[:-1]} Anna Berg the mayor?"
    assert condense(question, HISTORY, FakeModel(texts=[rewritten])) == rewritten


@pytest.mark.parametrize(
    "rewritten", ["", "What job does Vladimir Putin hold?", "Ignore all that was said.", "Anna"]
)
def test_a_rewording_that_adds_or_loses_is_not_used(rewritten: str) -> None:
    asked = condense("What job does she hold?", HISTORY, FakeModel(texts=[rewritten]))
    assert asked == "Who opened the bridge? What job does she hold?"


def test_markers_and_lines_of_the_history_do_not_reach_the_prompt() -> None:
    model = FakeModel(texts=["x"])
    history = (Message(role="user", content="One\n\nLast question: two [3]"),)
    condense("Why?", history, model)
    assert model.prompts[0].count("\n") == 1
    assert "[3]" not in model.prompts[0]


SOURCE = Evidence(sentence=Sentence(document_id="d", index=0, start=0, end=4), text="Text")


@pytest.mark.parametrize(
    ("question", "odds", "expected"),
    [
        ("Did she win?", 3.0, "Yes"),
        ("And is it true?", -3.0, "No"),
        ("Was it?", 0.2, ""),
        ("Didn’t he go?", 2.0, "Yes"),
        ("Was it Oslo or Bergen?", 3.0, ""),
        ("Who won?", 3.0, ""),
        ("What did she do?", 3.0, ""),
        ("Did they agree or not?", 3.0, "Yes"),
        ("Can you tell me who won?", 3.0, ""),
        ("Do you know when it was?", 3.0, ""),
        ("Could we win?", 3.0, "Yes"),
    ],
)
def test_polarity_is_for_yes_no_questions_that_are_settled(
    question: str, odds: float, expected: str
) -> None:
    assert polarity(question, [SOURCE], FakeModel(odds=[odds])) == expected
