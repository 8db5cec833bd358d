"""How an answer is worded by the reader that chose its sentences."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from onrecord.types import Asked, Draft, Evidence, Sentence
from onrecord.word import word
from tests.fakes import FakeModel

READ = [
    Evidence(sentence=Sentence(document_id="a", index=place, start=0, end=9), text=text, title="A")
    for place, text in enumerate(["It rained.", "Dahl came.", "He left."])
]
ASKED = Asked(question="Who came, and who left?")


def drafts(said: str, *places: int, question: str = "Who came, and who left?") -> list[Draft]:
    model = FakeModel(texts=[said])
    asked = Asked(question=question)
    done = list(word(asked, [READ[place] for place in places], READ, model))
    assert model.prompts[-1] == " ".join("ABC"[place] for place in places) + "\n"
    return done


@pytest.mark.parametrize(
    ("said", "places", "expected"),
    [
        ("Dahl came.", [1], [Draft(text="Dahl came.", source=1)]),
        ("It was Dahl who", [1], [Draft(text="Dahl came.", source=1)]),
        ("Yes, Dahl came.", [1], [Draft(text="Yes, Dahl came.", source=1)]),
        (
            "Dahl came.\n\nHe left.\nMore.",
            [1, 2],
            [Draft(text="Dahl came.", source=1), Draft(text="He left.", source=2)],
        ),
        ("", [1, 2], [Draft(text="Dahl came.", source=1), Draft(text="He left.", source=2)]),
        (" \n ", [0], [Draft(text="It rained.", source=1)]),
    ],
)
def test_each_source_has_its_line(said: str, places: list[int], expected: list[Draft]) -> None:
    assert drafts(said, *places) == expected


@pytest.mark.parametrize(
    ("chances", "said", "draft"),
    [
        ({"Yes": -0.1, "No": -2.0}, " he came.", Draft(text="he came.", source=1, lead="Yes,")),
        ({"Yes": -2.0, "No": -0.1}, "", Draft(text="Dahl came.", source=1, lead="No,")),
        ({"Yes": -0.7, "No": -0.7}, "Yes, he came.", Draft(text="he came.", source=1)),
    ],
)
def test_yes_or_no_is_asked_of_the_sources_alone(
    chances: dict[str, float], said: str, draft: Draft
) -> None:
    model = FakeModel(texts=[said], chances=[chances])
    (done,) = word(Asked(question="Did he come?"), READ[1:2], READ, model)
    assert done == draft
    assert model.asked_for == [("Yes", "No")]
    assert model.prompts[0] == "# A\n[A] Dahl came."
    assert model.prompts[-1] == f"B\n{draft.lead}"


def test_a_line_is_there_before_the_next_is_written() -> None:
    class Endless(FakeModel):
        def stream_reader(self, *_: object, **__: object) -> Iterator[str]:
            yield "Dahl ca"
            yield "me.\nHe l"
            raise AssertionError("the first line should have been yielded by now")

    assert next(word(ASKED, READ[1:], READ, Endless())).text == "Dahl came."
