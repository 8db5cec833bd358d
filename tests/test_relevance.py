"""Of a claim that leaves much of its sentence out, the reader is asked whether it still stands."""

from __future__ import annotations

import pytest

from onrecord.reader import TrainedReader
from onrecord.relevance import answers, leaves_much_out
from onrecord.types import Asked, Evidence, Message, Sentence
from tests.fakes import FakeModel

SAID = "Its owner, Ida Holm, denied it and said that a pump had broken on Monday."
SOURCE = Evidence(
    sentence=Sentence(document_id="a", index=0, start=0, end=len(SAID)), text=SAID, title="A"
)


@pytest.mark.parametrize(
    ("claim", "much"),
    [
        ("Ida Holm denied it.", True),  # owner, said, pump, broken, Monday
        ("Ida Holm said that a pump had broken on Monday.", False),
        ("The owner said that pumps were broken on Monday.", False),  # Ida, Holm, denied
        (SAID, False),
    ],
)
def test_much_is_four_words_of_content(claim: str, much: bool) -> None:
    assert leaves_much_out(claim, SAID) is much


@pytest.mark.parametrize(
    ("chances", "answered"),
    [({"A": -0.5, "None": -0.9}, True), ({"A": -0.9, "None": -0.5}, False)],
)
def test_the_claim_alone_is_read_for_the_question(
    chances: dict[str, float], answered: bool
) -> None:
    model = FakeModel(chances=[chances])
    asked = Asked(question="Why?", history=(Message(role="user", content="Who was late?"),))
    assert answers(asked, "Ida Holm denied it.", SOURCE, model) is answered
    assert model.prompts == ["# A\n[A] Ida Holm denied it.", "Q: Who was late?\nQ: Why?"]


OTHER = SOURCE.model_copy(update={"text": "It rained."})
CARRIED, TWISTED = {"A": -0.1, "B": -9.0, "None": -9.0}, {"A": -1.5, "B": -9.0, "None": -0.3}
ANSWERED, BESIDE = {"A": -0.1, "None": -3.0}, {"A": -3.0, "None": -0.1}


@pytest.mark.parametrize(
    ("chances", "stands"),
    [([CARRIED, ANSWERED], True), ([CARRIED, BESIDE], False), ([TWISTED, ANSWERED], False)],
    ids=["true and to the point", "beside the point", "not true"],
)
def test_it_stands_where_its_sentence_carries_it_and_it_answers(
    chances: list[dict[str, float]], stands: bool
) -> None:
    reader = TrainedReader(FakeModel(chances=chances))
    asked = Asked(question="Why?")
    assert reader.stands_alone(asked, (SOURCE, OTHER), "Ida Holm denied it.", SOURCE) is stands


def test_the_address_of_a_link_is_nothing_that_is_left_out() -> None:
    source = "[Ida Holm](https://example.org/people/ida-holm-of-the-harbour) denied it."
    assert not leaves_much_out("Ida Holm denied it.", source)
