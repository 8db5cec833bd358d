"""What was said before a question, as far as a model is told of it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from onrecord.prompts import one_line
from onrecord.types import Message
from onrecord.words import POINTERS, content_stems, fold, tokens

_REMEMBERED = 4  # messages: the last two questions and their answers
_LONGEST = 400  # characters of one of them
_MARKER = re.compile(r"\s*\[\d+\]")
_LEADS = re.compile(
    r"^\s*(?:and|but|or|also|what about|how about|why not|who else|what else)\b", re.I
)
_FEW = 2  # words of content: "The foreign minister?" is a question about what was said
_BESIDE = frozenset("also too else another other others rest remainder both two all well".split())
"""What is said of one thing beside another: "Did the chairwoman vote as well?"."""


def remembered(history: Sequence[Message]) -> tuple[Message, ...]:
    """Return the last messages, each on one line, without markers and of a sensible length."""
    return tuple(
        Message(role=turn.role, content=one_line(_MARKER.sub("", turn.content))[:_LONGEST])
        for turn in history[-_REMEMBERED:]
    )


def transcript(history: Sequence[Message]) -> list[str]:
    """Return what is remembered in lines: "Q: Who won?", "A: Berg won."."""
    return [
        f"{'Q' if turn.role == 'user' else 'A'}: {turn.content}" for turn in remembered(history)
    ]


def points_back(question: str) -> bool:
    """Tell whether a question may lean on what was said before it."""
    words = [fold(word) for word in tokens(question)]
    return (
        bool(_LEADS.match(question))
        or any(word in POINTERS for word in words)
        or len(content_stems(question)) <= 1
    )


def is_follow_up(question: str) -> bool:
    """Tell whether a question may have to be understood by what was said before it."""
    is_short = len(content_stems(question)) <= _FEW
    words = map(fold, tokens(question))
    return is_short or points_back(question) or not _BESIDE.isdisjoint(words)
