from __future__ import annotations

import pytest

from onrecord.parts import count_parts, merge, split
from onrecord.types import Evidence, Sentence


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("Who won, and when was the vote?", ("Who won", "when was the vote?")),
        ("How much did it cost and who paid for it?", ("How much did it cost", "who paid for it?")),
        (
            "Where was she born, and in which year did she die?",
            ("Where was she born", "in which year did she die?"),
        ),
        ("When was it built, and by who?", ("When was it built", "by who?")),
        ("Who bid for it, and from where?", ("Who bid for it", "from where?")),
        ("What did he say? And did she agree?", ("What did he say", "did she agree?")),
    ],
)
def test_a_question_of_two_parts(question: str, parts: tuple[str, str]) -> None:
    assert split(question) == parts
    assert count_parts(question) == 2


@pytest.mark.parametrize(
    "question",
    [
        "Who met the king and the queen?",
        "What did Armenia and Azerbaijan do?",
        "Who said that Armenia and Azerbaijan were ready?",
        "How many men and women were killed?",
        "And when was that?",
        "How did the soldiers and people who fled get home?",
        "What did the man and his dog do?",
        "",
        "Why?",
        "Who" + " " * 1900 + "left?",
    ],
)
def test_a_question_of_one_part(question: str) -> None:
    assert split(question) == ()
    assert count_parts(question) == 1


def test_both_asks_for_two_sentences_and_is_not_split() -> None:
    assert split("What did both sides say?") == ()
    assert count_parts("What did both sides say?") == 2


def found(*places: int) -> list[Evidence]:
    return [
        Evidence(sentence=Sentence(document_id="a", index=place, start=0, end=1), text="x")
        for place in places
    ]


def test_what_searches_found_is_merged_by_rank() -> None:
    merged = merge([found(1, 2, 3), found(4, 1), found(5)])
    assert [item.sentence.index for item in merged] == [1, 4, 5, 2, 3]
