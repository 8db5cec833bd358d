"""A question -> what is searched for: itself, its parts, and what it leans on."""

from __future__ import annotations

from onrecord.conversation import points_back, remembered
from onrecord.parts import split
from onrecord.types import Asked


def queries(asked: Asked) -> tuple[str, ...]:
    """Return what to search for, of which each may bring up what the others do not.

    What a question of two parts asks for may stand far apart. A question that may lean on what
    was said before is searched for behind the last question, and behind the last answer, too.
    """
    question = asked.question
    said = remembered(asked.history)[-2:] if points_back(question) else ()
    return (*(f"{turn.content} {question}" for turn in said), question, *split(question))
