"""Question -> its parts: "Who won, and when was the vote?" asks for two sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence

from onrecord.prompts import one_line
from onrecord.types import Evidence, Sentence

_WHAT = (
    r"(?:who|whom|whose|what|when|where|why|how|which|(?:in|on|at|by|for|from|to|with|of|under)"
    r"\s+(?:what|which|whom|whose))"
)
_WHETHER = "(?:did|does|do|is|are|was|were|has|have|had|will)"
_RELATIVE = (
    r"(?!(?:then|also|say|exactly|just|roughly|in|on|at|by|for|from|to|with|of|under)\b)\w+\s+who\b"
    r"|(?!(?:across|towards|besides|does|is|was|has|says)\b)\w+s\s+which\b"
)
# "France and Germany did" is no second part, nor is "soldiers and people who fled".
_SECOND_PART = re.compile(
    rf"\s*(?:,|;|\?)?\s*\b(?:and|but)\s+(?!{_RELATIVE})"
    rf"(?=(?:(?:\w+\s+)?{_WHAT}|{_WHETHER})\b)",
    re.IGNORECASE,
)
_ASKS_FOR_TWO = re.compile(r"\bboth\b", re.I)
_SHORTEST = 2  # words of a part


def count_parts(question: str) -> int:
    """Return how many sentences a question asks for: 2 for "who …, and when …?", else 1."""
    return 2 if split(question) or _ASKS_FOR_TWO.search(question) else 1


def split(question: str) -> tuple[str, ...]:
    """Return the two parts of a question of two parts; nothing for any other."""
    question = one_line(question)  # it may be nothing but space
    found = _SECOND_PART.search(question)
    if not found:
        return ()
    halves = question[: found.start()].strip(), question[found.end() :].strip()
    return halves if all(len(half.split()) >= _SHORTEST for half in halves) else ()


def merge(searches: Sequence[Sequence[Evidence]]) -> tuple[Evidence, ...]:
    """Return what several searches found, each sentence once: the first of each, and so on."""
    places = sorted(
        (rank, number) for number, found in enumerate(searches) for rank in range(len(found))
    )
    best: dict[Sentence, Evidence] = {}
    for rank, number in places:
        item = searches[number][rank]
        best.setdefault(item.sentence, item)
    return tuple(best.values())
