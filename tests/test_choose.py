"""What the trained reader is shown, and what is read of its answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.choose import LABELS, MOST, choose, lettered
from onrecord.types import Evidence, Sentence
from tests.fakes import FakeModel


def evidence(document: str, index: int, text: str) -> Evidence:
    sentence = Sentence(document_id=document, index=index, start=0, end=len(text))
    return Evidence(sentence=sentence, text=text, title=document.upper())


FOUND = [evidence("b", 4, "He came."), evidence("a", 7, "It rained."), evidence("b", 1, "Dahl.")]


def test_sentences_are_shown_in_their_documents_order_and_the_question_last() -> None:
    model = FakeModel(chances=[{"A": -3.0, "B": -2.0, "C": -0.5, "None": -1.5}])
    done = choose("Who came?", FOUND, model)
    text, question = model.prompts
    assert text == "# A\n[A] It rained.\n# B\n[B] Dahl.\n[C] He came."
    assert question == "Who came?"
    assert [item.text for item in done] == ["It rained.", "Dahl.", "He came."]
    assert [item.support for item in done] == [-1.5, -0.5, 1.0]
    assert model.asked_for == [("A", "B", "C", "None")]


def test_the_text_does_not_depend_on_how_it_was_ranked() -> None:
    model = FakeModel(chances=[{"None": 0.0}])
    choose("Who came?", FOUND, model)
    choose("When?", FOUND[::-1], model)
    assert model.prompts[0] == model.prompts[2]


def test_more_than_can_be_shown_is_left_out() -> None:
    model = FakeModel(chances=[{"None": 0.0}])
    many = [evidence("a", place, "It rained.") for place in range(MOST + 20)]
    assert len(choose("Why?", many, model)) == MOST <= len(LABELS)


@given(st.text(), st.text(), st.text())
def test_untrusted_text_stays_on_its_line(title: str, text: str, question: str) -> None:
    model = FakeModel(chances=[{"None": 0.0}])
    sentence = Sentence(document_id="a", index=0, start=0, end=1)
    choose(question, [Evidence(sentence=sentence, text=text, title=title)], model)
    shown, asked = model.prompts
    assert shown.count("\n") == 1
    assert shown.startswith("# ")
    assert "\n[A] " in shown
    assert "\n" not in asked


@pytest.mark.parametrize("length", [10, 100_000])
def test_a_sentence_without_end_is_cut(length: int) -> None:
    assert len(lettered([("T", "x" * length)])) < 1500


MANY = [evidence("a", place, f"It rained {place}.") for place in range(5)]


def test_in_doubt_the_three_best_are_read_once_more_and_both_readings_count() -> None:
    whole = {"A": -9.0, "B": -2.0, "C": -1.0, "D": -1.5, "E": -9.0, "None": -1.0}
    closely = {"A": -3.0, "B": -0.1, "C": -4.0, "None": -5.0}
    model = FakeModel(chances=[whole, closely])
    done = choose("When?", MANY, model)
    assert model.prompts[2] == "# A\n[A] It rained 1.\n[B] It rained 2.\n[C] It rained 3."
    assert [item.support for item in done] == [-8.0, 0.5, 2.45, 0.25, -8.0]


@pytest.mark.parametrize(
    "plain",
    [
        {"A": -0.1, "B": -5.0, "None": -4.0},  # this one, and no other
        {"A": -12.0, "None": -0.1},  # none of them
    ],
)
def test_without_doubt_there_is_no_second_reading(plain: dict[str, float]) -> None:
    model = FakeModel(chances=[plain])
    choose("When?", MANY, model)
    assert len(model.asked_for) == 1
