"""What came of a question, in kinds and numbers: what log and metrics say of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from onrecord.types import Answer, Value

LEFT = "left"


class Outcome(Value):
    """What came of a question.

    Attributes:
        status: "answered", "not_in_corpus", the kind of an error ("internal" of one that nobody has
            foreseen), or "left" where whoever asked did not wait for the answer.
        seconds: By stage, and in "total", as in the answer's timings; without one the total alone.
        claims: How many sentences the answer has.
        tokens_in: What models have read for it, in tokens; None where none has said.
        tokens_out: What they have written.
        question: The question; it is not to be told without leave.
        answer: The answer's text; the same holds for it.
    """

    status: str
    seconds: Mapping[str, float] = {}
    claims: int = 0
    tokens_in: int | None = None
    tokens_out: int | None = None
    question: str
    answer: str = ""

    @classmethod
    def of(cls, answer: Answer) -> Self:
        """Return what an answer says of itself."""
        return cls(
            status=str(answer.status),
            seconds=answer.timings,
            claims=len(answer.claims),
            question=answer.question,
            answer=answer.text,
        )
