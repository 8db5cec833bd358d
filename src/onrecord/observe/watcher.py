"""What can be done while a question is answered: the base of what counts, logs and traces it."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

from onrecord.observe.outcome import Outcome
from onrecord.types import Event


class Watcher:
    """Watches one question. What a kind of watcher has no use for, it leaves as it is here."""

    def step(self) -> AbstractContextManager[object]:
        """Return what surrounds a step of the work, in whatever thread does it."""
        return nullcontext()

    def saw(self, event: Event) -> None:
        """Be told of an event."""

    def ended(self, outcome: Outcome) -> None:
        """Be told what came of it."""
