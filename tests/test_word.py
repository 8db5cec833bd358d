"""How an answer is worded by the reader that chose its sentences."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any

import pytest
from langchain_core.messages import BaseMessage

from onrecord.models.base import Written
from onrecord.prompts import one_line
from onrecord.types import Asked, ClaimDrafted, Draft, Evidence, Sentence, Wording
from onrecord.word import word
from tests.fakes import FakeModel

READ = [
    Evidence(sentence=Sentence(document_id="a", index=place, start=0, end=9), text=text, title="A")
    for place, text in enumerate(["It rained.", "Dahl came.", "He left."])
]
UNFINISHED, UNSURE = Wording.UNFINISHED, Wording.UNSURE
ASKED = Asked(question="Who came, and who left?")


def drafts(said: Sequence[str], *places: int) -> list[Draft]:
    made = word(ASKED, [READ[place] for place in places], READ, FakeModel(texts=said))
    return [each for each in made if isinstance(each, Draft)]


@pytest.mark.parametrize(
    ("said", "places", "expected"),
    [
        (["Dahl came."], [1], [Draft(text="Dahl came.", source=1)]),
        (["It was Dahl who"], [1], [Draft(text="It was Dahl who", source=1, wording=UNFINISHED)]),
        (["Dahl came"], [1], [Draft(text="Dahl came.", source=1)]),
        (["Yes, Dahl came."], [1], [Draft(text="Dahl came.", source=1)]),
        (
            ["Dahl came.\nHe left.\nMore.", "\n\nHe left."],
            [1, 2],
            [Draft(text="Dahl came.", source=1), Draft(text="He left.", source=2)],
        ),
        ([""], [1, 2], [Draft(text="Dahl came.", source=1), Draft(text="He left.", source=2)]),
        ([" \n "], [0], [Draft(text="It rained.", source=1)]),
    ],
)
def test_each_source_has_its_line(
    said: list[str], places: list[int], expected: list[Draft]
) -> None:
    assert drafts(said, *places) == expected


class Saying(FakeModel):
    """Writes these pieces, each as likely as it says, for whatever it is asked."""

    def __init__(self, *pieces: tuple[str, float]) -> None:
        super().__init__()
        self.pieces = pieces
        self.taken = 0

    def stream_reader(self, messages: Sequence[BaseMessage], max_tokens: int) -> Generator[Written]:
        self.prompts.append(str(messages[-1].content))
        for text, chance in self.pieces:
            self.taken += 1
            yield Written(text, chance)


@pytest.mark.parametrize(
    ("pieces", "draft", "taken"),
    [
        ([("Dahl", -0.7), (" came", -0.7), (".", -0.1)], Draft(text="Dahl came.", source=1), 3),
        (
            [("Dahl", -0.1), (" did", -0.9), (" it.", 0.0)],
            Draft(text="Dahl", source=1, wording=UNSURE),
            2,
        ),
        ([("He", -0.9), (" came.", 0.0)], Draft(text="", source=1, wording=UNSURE), 1),
        (
            [("Dahl came", -0.1), (".", -0.4), ("\n", 0.0)],
            Draft(text="Dahl came.", source=1, wording=UNSURE),
            3,
        ),
        (
            [("Dahl came.", -0.1), ("\n", -0.9)],
            Draft(text="Dahl came.", source=1, wording=UNSURE),
            2,
        ),
        (
            [("Mr.", -0.4), (" Dahl came.", 0.0), ("\n", -0.1)],
            Draft(text="Mr. Dahl came.", source=1),
            3,
        ),
    ],
    ids=["sure", "in the middle", "at once", "cut short", "would go on", "no end"],
)
def test_a_wording_is_given_up_where_the_model_is_not_sure_of_it(
    pieces: list[tuple[str, float]], draft: Draft, taken: int
) -> None:
    model = Saying(*pieces)
    *_, made = word(ASKED, READ[1:2], READ, model)
    assert made == draft
    assert model.taken == taken


def test_the_next_line_goes_on_from_the_source_of_one_that_was_given_up() -> None:
    model = Saying(("Dahl may", -0.1), (" have", -2.0))
    list(word(ASKED, READ[1:], READ, model))
    assert model.prompts == ["B C\n", "B C\nDahl came.\n"]


@pytest.mark.parametrize("begun", ["Dahl c", ""])
def test_the_next_line_goes_on_from_the_source_of_one_that_was_only_begun(begun: str) -> None:
    model = FakeModel(texts=[begun, "He left."])
    list(word(ASKED, READ[1:], READ, model))
    assert model.prompts == ["B C\n", "B C\nDahl came.\n"]


def test_each_line_goes_on_from_the_one_before() -> None:
    model = FakeModel(texts=["Dahl came.\n", "He left."])
    list(word(ASKED, READ[1:], READ, model))
    assert model.prompts == ["B C\n", "B C\nDahl came.\n"]


@pytest.mark.parametrize(
    ("chances", "said", "draft"),
    [
        ({"Yes": -0.1, "No": -2.0}, " he came.", Draft(text="he came.", source=1, lead="Yes,")),
        ({"Yes": -2.0, "No": -0.1}, "", Draft(text="Dahl came.", source=1, lead="No,")),
        ({"Yes": -0.7, "No": -0.7}, "Yes, he came.", Draft(text="he came.", source=1)),
        ({"Yes": -9.0, "No": -12.0}, "Dahl came.", Draft(text="Dahl came.", source=1)),
        ({"Yes": -0.7, "No": -0.7}, "No. 10 came.", Draft(text="No. 10 came.", source=1)),
    ],
)
def test_yes_or_no_is_asked_before_the_words(
    chances: dict[str, float], said: str, draft: Draft
) -> None:
    model = FakeModel(texts=[said], chances=[chances])
    *written, done = word(Asked(question="Did he come?"), READ[1:2], READ, model)
    assert done == draft
    assert all(isinstance(each, ClaimDrafted) for each in written)
    assert model.asked_for == [("Yes", "No")]
    assert model.prompts[0].startswith("# A\n[A] It rained.")
    assert model.prompts[2] == "B\n"
    assert model.prompts[-1] == f"B\n{draft.lead}"


def test_nothing_is_being_written_while_a_line_is_handed_on() -> None:
    class Busy(FakeModel):
        busy = False

        def stream_reader(self, *_: object, **__: object) -> Generator[Written]:
            self.busy = True
            try:
                yield Written("Dahl ca", 0.0)
                yield Written("me.\nHe l", 0.0)
                raise AssertionError("the first line is all that was wanted")
            finally:
                self.busy = False

    model = Busy()
    for made in word(ASKED, READ[1:], READ, model):
        assert isinstance(made, ClaimDrafted) or made.text == "Dahl came."
        assert model.busy is (made.text == "Dahl ca")


def test_what_is_being_written_can_be_followed() -> None:
    asked = Asked(question="Did he come?")
    model = FakeModel(texts=["Dahl came.\n"], chances=[{"Yes": -0.1, "No": -2.0}])
    written = [
        each.text for each in word(asked, READ[1:2], READ, model) if isinstance(each, ClaimDrafted)
    ]
    assert written == ["Yes, Dahl ca", "Yes, Dahl came."]


@pytest.mark.parametrize(
    ("question", "said", "shown"),
    [
        ("Did he come?", "No, he came.", "Yes, he came."),
        ("Did you come?", "Yes, he came.", "Yes, he came."),
        ("Who came?", "Yes. Dahl came.", "Dahl came."),
        ("Who came?", "No one came.", "No one came."),
        ("Who came?", "No-one came.", "No-one came."),
    ],
)
def test_what_is_shown_of_a_line_only_grows(question: str, said: str, shown: str) -> None:
    class LetterByLetter(FakeModel):
        def stream_reader(self, *given: Any, **more: Any) -> Generator[Written]:
            for piece in super().stream_reader(*given, **more):
                yield from (Written(letter, piece.chance) for letter in piece.text)

    model = LetterByLetter(texts=[said], chances=[{"Yes": -0.1, "No": -2.0}])
    *written, draft = word(Asked(question=question), READ[1:2], READ, model)
    assert isinstance(draft, Draft)
    assert one_line(f"{draft.lead} {draft.text}") == shown
    assert len(written) > 3
    assert all(shown.startswith(each.text) for each in written)
