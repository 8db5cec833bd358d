from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.decide import decide
from onrecord.settings import Settings
from onrecord.types import Evidence, Sentence

SETTINGS = Settings(threshold=0.0)


def read(*supports: float) -> list[Evidence]:
    return [
        Evidence(
            sentence=Sentence(document_id="a", index=place, start=0, end=1), text="x", support=nats
        )
        for place, nats in enumerate(supports)
    ]


def places(question: str, *supports: float, strangers: int = 0) -> list[int]:
    decided = decide(question, read(*supports), strangers, SETTINGS)
    return [item.sentence.index for item in decided.sources]


@pytest.mark.parametrize(
    ("question", "supports", "chosen"),
    [
        ("Who came?", (-3.0, 4.0, 1.0), [1]),
        ("Who came?", (3.5, -9.0, 4.0), [0, 2]),
        ("Who came?", (3.9, 4.0, 3.8), [0, 1]),
        ("Who came, and when was it?", (4.0, -9.0, 1.5), [0, 2]),
        ("Who came, and when was it?", (4.0, -9.0, 0.5), [0]),
        ("Who came?", (-3.0, -4.0, -5.0), []),
        ("Who came?", (-0.5, -0.5, -9.0), [0, 1]),  # together likelier than none
        ("Who came?", (), []),
    ],
)
def test_what_is_chosen(question: str, supports: tuple[float, ...], chosen: list[int]) -> None:
    assert places(question, *supports) == chosen


@pytest.mark.parametrize(
    ("question", "beside", "chosen"),
    [
        ("Who came?", (None, -2.0, 0.5), [0, 2]),
        ("Who came?", (None, -2.0, -0.5), [0]),
        ("Who came, and when was it?", (None, -2.0, -2.5), [0, 1]),
        ("Who came, and when was it?", (None, -4.0, -3.5), [0]),
    ],
)
def test_a_reader_says_itself_what_is_needed_beside_the_best(
    question: str, beside: tuple[float | None, ...], chosen: list[int]
) -> None:
    found = [
        item.model_copy(update={"beside": nats})
        for item, nats in zip(read(4.0, 3.9, -9.0), beside, strict=True)
    ]
    decided = decide(question, found, 0, SETTINGS)
    assert [item.sentence.index for item in decided.sources] == chosen


def test_strangers_count_against_an_answer() -> None:
    assert places("Who came?", 0.7) == [0]
    assert places("Who came?", 0.7, strangers=2) == []


@given(st.lists(st.floats(-15, 15), min_size=1, max_size=40))
def test_the_best_is_always_among_what_is_chosen(supports: list[float]) -> None:
    decided = decide("Who came?", read(*supports), 0, SETTINGS)
    assert decided.confidence >= max(supports) - 1e-9
    if decided.sources:
        assert max(supports) in [item.support for item in decided.sources]
        assert decided.confidence >= 0


@pytest.mark.parametrize("nats", [float("nan"), float("inf"), float("-inf")])
def test_a_support_that_is_no_number_is_no_answer(nats: float) -> None:
    decided = decide("Who came?", read(4.0, nats), 0, SETTINGS)
    assert (decided.sources, decided.confidence) == ((), float("-inf"))


def test_what_leaves_open_who_is_no_answer_however_much_it_is_liked() -> None:
    liked = read(6.0)[0].model_copy(update={"text": "It was carried, with four abstentions."})
    assert not decide("Who abstained?", [liked], 0, SETTINGS).sources
    assert decide("How was it carried?", [liked], 0, SETTINGS).sources


def test_a_second_sentence_may_say_who() -> None:
    liked, other = read(6.0, 5.5)
    pair = [
        liked.model_copy(update={"text": "It was carried, with four abstentions."}),
        other.model_copy(update={"text": "These were Lee and Ward."}),
    ]
    assert len(decide("Who abstained?", pair, 0, SETTINGS).sources) == 2
