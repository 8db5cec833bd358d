"""The last answers, so that what has been asked already need not be answered again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from onrecord.types import AnswerReady, Event, Writing


class KeptAnswers:
    """Keeps the events of so many answers, and forgets the one that was wanted longest ago.

    Args:
        most: How many, at most; 0 keeps none.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._events: OrderedDict[str, Sequence[Event]] = OrderedDict()

    def find(self, key: str) -> Sequence[Event] | None:
        """Return the events of an answer, if it was kept; its timings say that it was."""
        if key not in self._events:
            return None
        self._events.move_to_end(key)
        return self._events[key]

    def keep(self, key: str, events: Sequence[Event]) -> None:
        """Keep an answer's events, but those that only show how it is being written.

        Args:
            key: What stands for all that determines the answer.
            events: What has happened, the answer last.
        """
        *before, last = events
        assert isinstance(last, AnswerReady)
        # It is found as long as the documents are those that it was answered from.
        now = {"timings": {"kept": 0.0, "total": 0.0}, "is_behind": False}
        answer = last.answer.model_copy(update=now)
        lasting = [event for event in before if not isinstance(event, Writing)]
        self._events[key] = (*lasting, last.model_copy(update={"answer": answer}))
        while len(self._events) > self.most:
            self._events.popitem(last=False)
