"""How an answer is worded by the reader that chose its sentences."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from onrecord.generate import Draft
from onrecord.types import Asked, Evidence, Sentence
from onrecord.word import word
from tests.fakes import FakeModel

READ = [
    Evidence(sentence=Sentence(document_id="a", index=place, start=0, end=9), text=text, title="A")
    for place, text in enumerate(["It rained.", "Dahl came.", "He left."])
]
ASKED = Asked(question="Who came, and who left?")


def drafts(said: str, *places: int, question: str = "Did Dahl come, and who left?") -> list[Draft]:
    model = FakeModel(texts=[said])
    asked = Asked(question=question)
    done = list(word(asked, [READ[place] for place in places], READ, model))
    assert model.prompts[-1] == " ".join("ABC"[place] for place in places) + "\n"
    return done


@pytest.mark.parametrize(
    ("said", "places", "expected"),
    [
        ("Dahl came.", [1], [Draft(text="Dahl came.", source=1)]),
        ("Yes, Dahl came.\n", [1], [Draft(text="Dahl came.", source=1, lead="Yes,")]),
        ("No, it is", [1], [Draft(text="Dahl came.", source=1, lead="No,")]),
        ("No.", [1], [Draft(text="Dahl came.", source=1, lead="No,")]),
        ("It was Dahl who", [1], [Draft(text="Dahl came.", source=1)]),
        ("Yesterday he left.", [2], [Draft(text="Yesterday he left.", source=1)]),
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


def test_only_what_can_be_answered_by_yes_is() -> None:
    (draft,) = drafts("Yes, Dahl came.", 1, question="Who came?")
    assert draft == Draft(text="Yes, Dahl came.", source=1)
    assert [draft.lead for draft in drafts("Dahl came.\nNo, he left.", 1, 2)] == ["", ""]


def test_a_line_is_there_before_the_next_is_written() -> None:
    class Endless(FakeModel):
        def stream_reader(self, *_: object, **__: object) -> Iterator[str]:
            yield "Dahl ca"
            yield "me.\nHe l"
            raise AssertionError("the first line should have been yielded by now")

    assert next(word(ASKED, READ[1:], READ, Endless())).text == "Dahl came."
