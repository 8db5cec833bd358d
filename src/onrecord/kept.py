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

    def has(self, key: str) -> bool:
        """Tell whether an answer is kept, of these documents or of what they were before."""
        return key in self._events

    def find(self, key: str, edition: str) -> Sequence[Event] | None:
        """Return the events of an answer, if it was kept; its timings say that it was.

        Args:
            key: As for `keep`.
            edition: Of the documents: to what they were before there may be another answer.
        """
        events = self._events.get(key, ())
        if not any(isinstance(event, AnswerReady) and event.edition == edition for event in events):
            return None
        self._events.move_to_end(key)
        return events

    def keep(self, key: str, events: Sequence[Event]) -> None:
        """Keep an answer's events, but those that only show how it is being written.

        Args:
            key: What stands for all that determines the answer, but the documents.
            events: What has happened, the answer last.
        """
        *before, last = events
        assert isinstance(last, AnswerReady)
        # It is found as long as the documents are those that it was answered from.
        now = {"timings": {"kept": 0.0, "total": 0.0}, "is_behind": False}
        answer = last.answer.model_copy(update=now)
        lasting = [event for event in before if not isinstance(event, Writing)]
        self._events[key] = (*lasting, last.model_copy(update={"answer": answer}))
        self._events.move_to_end(key)
        while len(self._events) > self.most:
            self._events.popitem(last=False)
