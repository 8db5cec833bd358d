"""A conversation as values: what was asked, and what has come of it so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from onrecord.types import (
    Answer,
    AnswerReady,
    Claim,
    ClaimVerified,
    Decided,
    Event,
    Evidence,
    EvidenceFound,
    StageStarted,
    Status,
)


@dataclass(frozen=True)
class Turn:
    """One question and its answer, which may be on its way.

    Attributes:
        question: As it was typed.
        stage: What is being done; "waiting" before anything is.
        evidence: The candidates, once they are found.
        claims: The sentences of the answer that have passed the check.
        answer: The whole answer, at the end.
        problem: What went wrong, in words for the reader.
        stopped: Whether the reader stopped it.
        receipt: The answer's receipt as JSON, at the end.
    """

    question: str
    stage: str = "waiting"
    evidence: tuple[Evidence, ...] = ()
    claims: tuple[Claim, ...] = ()
    answer: Answer | None = None
    problem: str = ""
    stopped: bool = False
    receipt: str = ""

    @property
    def working(self) -> bool:
        """Whether more is to come."""
        return self.answer is None and not self.problem and not self.stopped

    def after(self, event: Event) -> Turn:
        """Return the turn as it is when `event` has happened."""
        match event:
            case StageStarted():
                return replace(self, stage=event.stage)
            case EvidenceFound():
                return replace(self, evidence=event.evidence)
            case Decided():
                return self
            case ClaimVerified():
                return replace(self, claims=(*self.claims, event.claim))
            case AnswerReady():
                return replace(self, claims=event.answer.claims, answer=event.answer)


Turns = tuple[Turn, ...]


def is_working(turns: Turns) -> bool:
    """Return whether the last question is still without an answer."""
    return bool(turns) and turns[-1].working


def history(turns: Sequence[Turn]) -> list[dict[str, str]]:
    """Return the answered turns in the shape that chat models use, without markers."""
    messages = []
    for turn in turns:
        if turn.answer is not None:
            messages.append({"role": "user", "content": turn.question})
            messages.append({"role": "assistant", "content": plain(turn.answer)})
    return messages


def plain(answer: Answer) -> str:
    """Return an answer's words without markers."""
    if answer.status is Status.ANSWERED:
        return " ".join(claim.text for claim in answer.claims)
    return answer.text
