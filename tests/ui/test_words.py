from __future__ import annotations

import pytest

from onrecord.ui import words


@pytest.mark.parametrize(
    ("probability", "answered", "said"),
    [
        (0.85, True, "Clearly stated"),
        (0.84, True, "Probably stated"),
        (0.75, True, "Probably stated"),
        (0.74, True, words.UNSURE),
        (0.0, True, words.UNSURE),
        (0.95, False, ""),
        (0.94, False, words.PERHAPS_NOT),
        (None, True, ""),
        (None, False, ""),
    ],
)
def test_how_sure_an_answer_is_is_said_in_words(
    probability: float | None, answered: bool, said: str
) -> None:
    assert words.sureness(probability, answered=answered) == said


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0 sources"), (1, "1 source"), (12_345, "12,345 sources")]
)
def test_things_are_counted(number: int, said: str) -> None:
    assert words.counted(number, "source") == said


@pytest.mark.parametrize(
    ("before", "said"),
    [(0, words.WAITING), (1, "1 question before yours…"), (12, "12 questions before yours…")],
)
def test_whoever_waits_is_told_how_many_come_before(before: int, said: str) -> None:
    assert words.waiting(before) == said


@pytest.mark.parametrize(
    ("unknown", "of_one", "of_many"),
    [
        (
            (),
            "None of its sentences answers this question.",
            "None of their sentences answers this question.",
        ),
        (("Oslo",), "It never mentions “Oslo”.", "They never mention “Oslo”."),
        (
            ("Oslo", "1931"),
            "It mentions none of “Oslo”, “1931”.",
            "They mention none of “Oslo”, “1931”.",
        ),
    ],
)
def test_a_refusal_says_why(unknown: tuple[str, ...], of_one: str, of_many: str) -> None:
    assert words.because(unknown, of_many=False) == of_one
    assert words.because(unknown, of_many=True) == of_many


@pytest.mark.parametrize(
    ("names", "problems", "said"),
    [
        (["a.txt"], [], "1 document added: a.txt."),
        (
            ["a.txt", "b.txt"],
            ["c.pdf is empty."],
            "2 documents added: a.txt, b.txt. c.pdf is empty.",
        ),
        ([], ["c.pdf is empty."], "c.pdf is empty."),
        ([], [], ""),
    ],
)
def test_what_was_added_and_what_was_not_is_said(
    names: list[str], problems: list[str], said: str
) -> None:
    assert words.added(names, problems) == said


def test_files_that_are_left_out_are_counted_with_their_reasons() -> None:
    assert words.skipped(["a is empty.", "b is not text."]) == (
        "2 files left out. a is empty. b is not text."
    )
