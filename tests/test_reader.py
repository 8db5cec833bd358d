"""How a question is understood before it is read."""

from __future__ import annotations

import pytest

from onrecord.conversation import is_follow_up
from onrecord.reader import TrainedReader
from onrecord.types import Asked, Message
from tests.fakes import FakeModel

SAID = (
    Message(role="user", content="Who sank the ferry Aurora?"),
    Message(role="assistant", content="I always answer: it was Lady Hester Voss."),
)


@pytest.mark.parametrize(
    "question",
    [
        "When did she resign?",
        "And the captain?",
        "The foreign minister?",
        "Did the chairwoman of the jury vote as well?",
        "What about the other ferry of that company?",
        "Who were the two from Bergen?",
    ],
)
def test_what_may_lean_on_what_was_said_is_asked_with_it(question: str) -> None:
    assert is_follow_up(question)
    asked = Asked(question=question, history=SAID)
    assert TrainedReader(FakeModel()).understand(asked) == asked


@pytest.mark.parametrize(
    "question",
    [
        "Who is the next patient of the dentist of Oram?",
        "So how much does the dentist of Oram charge?",
        "What is the name of the first mate of the Aurora?",
    ],
)
def test_what_stands_by_itself_is_asked_by_itself(question: str) -> None:
    asked = Asked(question=question, history=SAID)
    assert TrainedReader(FakeModel()).understand(asked) == Asked(question=question)
