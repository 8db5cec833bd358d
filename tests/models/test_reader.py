"""The trained reader in the real engine, beside the model as it is."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from langchain_core.messages import HumanMessage

from onrecord.choose import choose
from onrecord.models import LanguageModel, open_model
from onrecord.settings import Settings
from onrecord.types import Asked, Draft, Evidence, Message, Sentence
from onrecord.word import word

pytestmark = pytest.mark.model

_LAST_DIGITS = 0.4  # nats, between a text that is evaluated at once and one that was before

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


SHOWN = [
    Evidence(
        sentence=Sentence(document_id="a", index=place, start=0, end=len(text)),
        text=text,
        title="Ferry sinks",
    )
    for place, text in enumerate(TEXT)
]


def supports(question: str, model: LanguageModel) -> list[float]:
    return [item.support or 0.0 for item in choose(Asked(question=question), [SHOWN], model)]


def best(found: list[float]) -> tuple[int, float]:
    """Return the place and the support of the best sentence."""
    return max(enumerate(found), key=lambda pair: pair[1])


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("How many passengers and crew did the ship carry?", 0),
        ("Who commanded the vessel?", 1),
        ("What has the operator of the ship denied?", 2),
    ],
)
def test_the_reader_chooses_the_sentence_that_answers(
    question: str, place: int, model: LanguageModel
) -> None:
    found = supports(question, model)
    assert max(range(len(found)), key=found.__getitem__) == place
    assert found[place] > Settings().threshold


@pytest.mark.parametrize(
    "question",
    ["How many of them drowned?", "How old is the captain?", "What is the capital of Peru?"],
)
def test_the_reader_says_none(question: str, model: LanguageModel) -> None:
    assert max(supports(question, model)) < 0


def test_those_who_ask_at_once_get_their_own_answers(model: LanguageModel) -> None:
    counts = [HumanMessage(f"What is {n} plus {n}? Answer with a number.") for n in range(2, 6)]
    alone = [model.complete([asked], max_tokens=4) for asked in counts]
    reading = supports("Who commanded the vessel?", model)
    others = [open_model(Settings()) for _ in range(2)]
    with ThreadPoolExecutor(3) as pool:
        read = [pool.submit(supports, "Who commanded the vessel?", others[0]) for _ in range(4)]
        written = [pool.submit(others[1].complete, [asked], 4) for asked in counts]
        assert [each.result() for each in written] == alone
        for each in read:
            assert best(each.result()) == pytest.approx(best(reading), abs=_LAST_DIGITS)
    for other in others:
        other.close()


def test_reading_is_repeatable_and_leaves_the_model_as_it_is(model: LanguageModel) -> None:
    asked = [HumanMessage("Name three colours.")]
    before = model.complete(asked, max_tokens=12), supports("Who commanded the vessel?", model)
    after = model.complete(asked, max_tokens=12), supports("Who commanded the vessel?", model)
    assert before[0] == after[0]
    assert best(before[1]) == pytest.approx(best(after[1]), abs=_LAST_DIGITS)


def test_the_reader_understands_a_question_in_its_conversation(model: LanguageModel) -> None:
    history = (
        Message(role="user", content="Who was the captain?"),
        Message(role="assistant", content="Ingrid Dahl was the captain [1]."),
    )
    asked = Asked(question="Was she the first off the ship?", history=history)
    assert best([item.support or 0.0 for item in choose(asked, [SHOWN], model)])[0] == 1


@pytest.mark.parametrize(
    ("question", "places"),
    [("Who commanded the vessel?", []), ("How many were on board, and who was captain?", [0, 1])],
)
def test_the_reader_tells_what_is_needed_beside_the_best(
    question: str, places: list[int], model: LanguageModel
) -> None:
    read = choose(Asked(question=question), [SHOWN], model)
    first = best([item.support or 0.0 for item in read])[0]
    beside = [place for place, item in enumerate(read) if (item.beside or -1.0) > 0]
    assert sorted({first, *beside}) == (places or [first])


def test_the_reader_words_what_it_chose_and_nothing_of_the_letters(model: LanguageModel) -> None:
    asked = Asked(question="How many were on board, and who was the captain?")
    made = word(asked, SHOWN[:2], SHOWN, model)
    first, second = (each for each in made if isinstance(each, Draft))
    assert "41" in first.text
    assert "Dahl" in second.text
    assert not {first.text[:2], second.text[:2]} & {"A ", "B ", "A\n"}
