"""The trained reader in the real engine, beside the model as it is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from langchain_core.messages import HumanMessage

from onrecord.choose import choose
from onrecord.models import LanguageModel, open_model
from onrecord.settings import Settings
from onrecord.types import Evidence, Sentence

pytestmark = pytest.mark.model

TEXT = (
    "The ferry Halden sank off Tromsø on Monday with 41 people on board.",
    "Its captain, Ingrid Dahl, was the last to leave.",
    "The company has denied that the bow door was open.",
)


@pytest.fixture(scope="module")
def model() -> Iterator[LanguageModel]:
    opened = open_model(Settings())
    yield opened
    opened.close()


def supports(question: str, model: LanguageModel) -> list[float]:
    shown = [
        Evidence(
            sentence=Sentence(document_id="a", index=place, start=0, end=len(text)),
            text=text,
            title="Ferry sinks",
        )
        for place, text in enumerate(TEXT)
    ]
    return [item.support or 0.0 for item in choose(question, shown, model)]


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("How many passengers and crew did the ship carry?", 0),
        ("Who commanded the vessel?", 1),
        ("What does the operator say about the entrance for cars?", 2),
    ],
)
def test_the_reader_chooses_the_sentence_that_answers(
    question: str, place: int, model: LanguageModel
) -> None:
    found = supports(question, model)
    assert max(range(len(found)), key=found.__getitem__) == place
    assert found[place] > 0


@pytest.mark.parametrize(
    "question",
    ["How many of them drowned?", "How old is the captain?", "What is the capital of Peru?"],
)
def test_the_reader_says_none(question: str, model: LanguageModel) -> None:
    assert max(supports(question, model)) < 0


def test_reading_is_repeatable_and_leaves_the_model_as_it_is(model: LanguageModel) -> None:
    asked = [HumanMessage("Name three colours.")]
    before = model.complete(asked, max_tokens=12), supports("Who commanded the vessel?", model)
    after = model.complete(asked, max_tokens=12), supports("Who commanded the vessel?", model)
    assert before[0] == after[0]
    assert before[1] == pytest.approx(after[1], abs=0.05)
