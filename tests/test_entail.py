"""Whether a claim is carried is asked of the reader as a question is."""

from __future__ import annotations

import pytest

from onrecord.entail import carries, certainty
from onrecord.types import Evidence, Sentence
from tests.fakes import FakeModel

READ = [
    Evidence(sentence=Sentence(document_id="a", index=place, start=0, end=9), text=text, title="A")
    for place, text in enumerate(["It rained.", "Dahl came.", "He left."])
]


@pytest.mark.parametrize(
    ("chances", "carried"),
    [
        ({"B": -0.1, "None": -3.0}, True),
        ({"B": -0.7, "None": -0.8}, False),  # not sure
        ({"B": -3.0, "None": -0.1}, False),
        ({"B": -1.5, "C": -0.3}, False),  # another sentence says it
    ],
)
def test_only_its_own_sentence_carries_a_claim(chances: dict[str, float], carried: bool) -> None:
    model = FakeModel(chances=[chances])
    assert carries("Dahl\ncame in.", READ[1], READ, model) is carried
    assert model.prompts == [
        "# A\n[A] It rained.\n[B] Dahl came.\n[C] He left.",
        "Claim: Dahl came in.",
    ]
    assert model.asked_for == [("A", "B", "C", "None")]


def test_certainty_is_against_the_likeliest_other_answer() -> None:
    model = FakeModel(chances=[{"A": -2.0, "B": -0.5, "None": -3.0}])
    assert certainty("Dahl came.", READ[1], READ, model) == pytest.approx(1.5)
