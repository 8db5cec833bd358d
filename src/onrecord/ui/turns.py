"""A conversation as values: what was asked, and what has come of it so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from onrecord.conversations import Feedback
from onrecord.desk import Waiting
from onrecord.types import (
    EVERYTHING,
    Answer,
    AnswerReady,
    Claim,
    ClaimDrafted,
    ClaimDropped,
    ClaimVerified,
    Decided,
    Event,
    Evidence,
    EvidenceFound,
    Scope,
    StageStarted,
    Status,
)


@dataclass(frozen=True)
class Turn:
    """One question and its answer, which may be on its way.

    Attributes:
        question: As it was typed.
        scope: What it is asked of.
        asked_of: The same in a few words; "" where that is everything.
        stage: What is being done; "waiting" and then "asked" before anything is.
        before: How many questions come before it while it is "asked".
        evidence: The candidates, once they are found.
        claims: The sentences of the answer that have passed the check.
        drafted: What the model has written of the next one, which has not.
        dropped: What it has written and what became no sentence of the answer.
        answer: The whole answer, at the end.
        problem: What went wrong, in words for the reader.
        stopped: Whether the reader stopped it.
        receipt: The answer's receipt as JSON, at the end.
        exchange: The id under which it is kept, once it is.
        unkept: Why it could not be kept, if it could not.
        feedback: What the reader thought of a kept answer when it was opened.
        is_cut_off: Whether the page shows turns before it that are not known any more.
        fallen: What a kept answer quotes and the documents no longer have, in words.
        altered: What of a kept answer does not fit together, in words.
    """

    question: str
    scope: Scope = EVERYTHING
    asked_of: str = ""
    stage: str = "waiting"
    before: int = 0
    evidence: tuple[Evidence, ...] = ()
    claims: tuple[Claim, ...] = ()
    drafted: str = ""
    dropped: tuple[ClaimDropped, ...] = ()
    answer: Answer | None = None
    problem: str = ""
    stopped: bool = False
    receipt: str = ""
    exchange: str = ""
    unkept: str = ""
    feedback: Feedback | None = None
    is_cut_off: bool = False
    fallen: tuple[str, ...] = ()
    altered: tuple[str, ...] = ()

    @property
    def working(self) -> bool:
        """Whether more is to come."""
        return self.answer is None and not self.problem and not self.stopped

    def after(self, event: Event | Waiting) -> Turn:
        """Return the turn as it is when `event` has happened."""
        match event:
            case Waiting():
                return replace(self, before=event.before)
            case StageStarted():
                return replace(self, stage=event.stage)
            case EvidenceFound():
                return replace(self, evidence=event.evidence)
            case Decided():
                return self
            case ClaimDrafted():
                return replace(self, drafted=event.text)
            case ClaimDropped():
                return replace(self, dropped=(*self.dropped, event), drafted="")
            case ClaimVerified():
                return replace(self, claims=(*self.claims, event.claim), drafted="")
            case AnswerReady():
                answer = event.answer
                return replace(self, claims=answer.claims, answer=answer, drafted="")


Turns = tuple[Turn, ...]


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
