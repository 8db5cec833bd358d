"""What the trained reader is shown, and what is read of its answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.choose import _HOPELESS, LABELS, MOST, choose, lettered
from onrecord.decide import decide
from onrecord.settings import Settings
from onrecord.types import Asked, Evidence, Message, Sentence
from tests.fakes import FakeModel


def evidence(document: str, index: int, text: str) -> Evidence:
    sentence = Sentence(document_id=document, index=index, start=0, end=len(text))
    return Evidence(sentence=sentence, text=text, title=document.upper())


def asked(question: str, *said: str) -> Asked:
    """Return a question behind what was said, in turns that begin with the user's."""
    roles = ("user", "assistant")
    history = [Message(role=roles[place % 2], content=text) for place, text in enumerate(said)]
    return Asked(question=question, history=tuple(history))


FOUND = [evidence("b", 4, "He came."), evidence("a", 7, "It rained."), evidence("b", 1, "Dahl.")]


def test_sentences_are_shown_in_their_documents_order_and_the_question_last() -> None:
    model = FakeModel(chances=[{"A": -3.0, "B": -2.0, "C": -0.5, "None": -1.5}])
    done = choose(asked("Who came?"), [FOUND], model)
    text, question = model.prompts[:2]
    assert text == "# A\n[A] It rained.\n# B\n[B] Dahl.\n[C] He came."
    assert question == "Who came?"
    assert [item.text for item in done] == ["It rained.", "Dahl.", "He came."]
    assert [item.support for item in done] == [-1.5, -0.5, 1.0]
    assert model.asked_for[0] == ("A", "B", "C", "None")


def test_what_was_said_comes_before_the_question_and_its_markers_do_not() -> None:
    model = FakeModel(chances=[{"None": 0.0}])
    before = ["Old?", "Old.", "Who sailed?", "Dahl\nsailed [1]. x\n" + "y" * 900]
    choose(asked("And who came?", "Oldest?", "Oldest.", *before), [FOUND], model)
    lines = model.prompts[1].split("\n")
    assert lines[:3] == ["Q: Old?", "A: Old.", "Q: Who sailed?"]
    assert lines[3].startswith("A: Dahl sailed. x y")
    assert len(lines[3]) < 410
    assert lines[4:] == ["Q: And who came?"]


def test_the_best_sentence_is_asked_for_what_is_needed_beside_it() -> None:
    whole = {"A": -12.0, "B": -0.1, "C": -12.0, "None": -9.0}
    model = FakeModel(chances=[whole, {"\n": -3.0, " A": -0.5, " C": -2.5}])
    done = choose(asked("Who came, and when?"), [FOUND], model)
    assert model.prompts[-1] == "B"
    assert set(model.asked_for[1]) == {"\n", " A", " C"}
    assert [item.beside for item in done] == [2.5, None, 0.5]


def test_the_text_does_not_depend_on_how_it_was_ranked() -> None:
    model = FakeModel(chances=[{"None": 0.0}])
    choose(asked("Who came?"), [FOUND], model)
    choose(asked("When?"), [FOUND[::-1]], model)
    assert model.prompts[0] == model.prompts[2]


FIRST = {"A": -0.1, "B": -9.0, "None": -2.5}
BOTH = {"A": -3.0, "B": -9.0, "C": -0.2, "None": -5.0}


def test_where_the_most_promising_settle_it_the_others_are_not_read() -> None:
    model = FakeModel(chances=[FIRST, {"\n": -0.1, " B": -5.0}])
    done = choose(asked("Who came?"), [FOUND[:2], FOUND[2:]], model)
    assert [item.text for item in done] == ["It rained.", "He came."]
    assert "Dahl." not in "".join(model.prompts)


@pytest.mark.parametrize(
    ("question", "first"),
    [("Who came?", {**FIRST, "None": -2.0}), ("Who came, and who was late?", FIRST)],
    ids=["unsure", "two parts"],
)
def test_where_they_do_not_the_others_are_read_behind_them(
    question: str, first: dict[str, float]
) -> None:
    model = FakeModel(chances=[first, BOTH, {"\n": -0.1, " A": -5.0, " B": -5.0}])
    done = choose(asked(question), [FOUND[:2], FOUND[2:]], model)
    shorter, longer = model.prompts[0], model.prompts[2]
    assert longer.startswith(shorter)
    assert [(item.text, item.support) for item in done] == [
        ("It rained.", 2.0),
        ("He came.", -4.0),
        ("Dahl.", 4.8),
    ]


STRETCHES = [
    [evidence("b", 3, "Who?"), FOUND[0], evidence("b", 5, "Then it rained.")],
    [FOUND[1]],
    [FOUND[2]],
]
ALIKE = {"A": -9.0, "B": -9.0, "C": -0.5, "None": -1.5}


def test_what_is_liked_best_is_read_once_more_among_what_stands_around_it() -> None:
    again = {"A": -9.0, "B": -3.0, "C": -9.0, "None": -0.1}
    model = FakeModel(chances=[ALIKE, again, {"\n": -1.0, " A": -9.0, " C": -9.0}])
    done = choose(asked("Who came?"), [FOUND], model, STRETCHES)
    assert model.prompts[2] == "# B\n[A] Who?\n[B] He came.\n[C] Then it rained."
    assert [item.support for item in done] == [-8.9, -2.9, -8.9]


@pytest.mark.parametrize(
    ("question", "chances", "stretches"),
    [
        ("Who came, and when did it rain?", ALIKE, STRETCHES),
        ("Who came?", ALIKE | {"None": -9.0}, STRETCHES),
        ("Who came?", ALIKE | {"C": -13.0, "None": -0.1}, STRETCHES),
        ("Who came?", ALIKE, [[*FOUND, evidence("b", 5, "Then it rained.")]] * 3),
        ("Who came?", ALIKE, []),
    ],
    ids=["two parts", "sure", "hopeless", "among its own already", "a small corpus"],
)
def test_what_that_cannot_change_is_not_read_again(
    question: str, chances: dict[str, float], stretches: list[list[Evidence]]
) -> None:
    model = FakeModel(chances=[chances, {"\n": -1.0, " A": -9.0, " B": -9.0}])
    done = choose(asked(question), [FOUND], model, stretches)
    assert [item.text for item in done] == ["It rained.", "Dahl.", "He came."]


def test_every_sentence_that_is_shown_has_a_letter() -> None:
    model = FakeModel(chances=[{"None": 0.0}])
    many = [evidence("a", place, "It rained.") for place in range(MOST)]
    assert len(choose(asked("Why?"), [many], model)) == MOST <= len(LABELS)


@given(st.text(), st.text(), st.text())
def test_untrusted_text_stays_on_its_line(title: str, text: str, question: str) -> None:
    model = FakeModel(chances=[{"None": 0.0}])
    sentence = Sentence(document_id="a", index=0, start=0, end=1)
    choose(asked(question), [[Evidence(sentence=sentence, text=text, title=title)]], model)
    shown, said = model.prompts[:2]
    assert shown.count("\n") == 1
    assert shown.startswith("# ")
    assert "\n[A] " in shown
    assert "\n" not in said


@pytest.mark.parametrize("length", [10, 100_000])
def test_a_sentence_without_end_is_cut(length: int) -> None:
    assert len(lettered([("T", "x" * length)])) < 1500


def test_what_is_hopeless_is_not_asked_about_further() -> None:
    model = FakeModel(chances=[{"A": -12.0, "None": -0.1}])
    done = choose(asked("When?"), [FOUND], model)
    assert len(model.asked_for) == 1
    assert all(item.beside is None for item in done)


def test_as_many_as_can_be_shown_are_refused_where_each_is_hopeless() -> None:
    each = FOUND[0].model_copy(update={"support": _HOPELESS})
    assert not decide("When?", [each] * len(LABELS), 0, Settings()).sources
