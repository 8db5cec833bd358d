"""A scripted assistant that says how its claims are grounded, and can be held while it writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from onrecord.types import AnswerReady, Claim, ClaimDropped, ClaimVerified, Document, Event
from tests.scripted import ScriptedAssistant


class SpeakingAssistant(ScriptedAssistant):
    """Answers as scripted, and by one more word in the question: draft (until `go`).

    Args:
        documents, script: As `ScriptedAssistant` takes them.
        grounds: For each claim, the fields that say how it is grounded.
        dropped: What is written and becomes no claim.
        probability: The chance that an answer is right.
    """

    def __init__(
        self,
        documents: Sequence[Document],
        script: Sequence[tuple[str, Sequence[tuple[int, int]]]],
        grounds: Sequence[Mapping[str, Any]],
        dropped: Sequence[ClaimDropped] = (),
        probability: float | None = None,
    ) -> None:
        super().__init__(documents, script)
        self.grounds = grounds
        self.dropped = dropped
        self.probability = probability

    def _events(self, question: str) -> Iterator[Event]:
        for event in super()._events(question):
            if isinstance(event, ClaimVerified) and "draft" in question:
                self.go.wait(20)
            if isinstance(event, AnswerReady):
                yield from self.dropped
                answer = event.answer.model_copy(update={"probability": self.probability})
                event = event.model_copy(update={"answer": answer})
            yield event

    def _claims(self) -> tuple[Claim, ...]:
        claims = zip(super()._claims(), self.grounds, strict=True)
        return tuple(claim.model_copy(update=dict(ground)) for claim, ground in claims)
