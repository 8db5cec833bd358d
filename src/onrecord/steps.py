"""A stream that one thread takes step by step, and that others may leave meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Generator

from onrecord.leaving import until
from onrecord.types import Event


class Steps:
    """A stream of events that one thread may leave while another waits for the next."""

    def __init__(self, events: Generator[Event]) -> None:
        self._events = events
        self._taking = threading.Lock()
        self._left = threading.Event()

    @property
    def are_being_taken(self) -> bool:
        """Whether a thread waits for an event."""
        return self._taking.locked()

    def next(self) -> Event | None:
        """Return the next event; None behind the last, and where the stream was left."""
        try:
            with self._taking, until(self._left):
                return None if self._left.is_set() else next(self._events, None)
        finally:
            if self._left.is_set():
                self.leave()

    def wait(self) -> None:
        """Return when no thread waits for an event any more."""
        with self._taking:
            pass

    def leave(self) -> None:
        """Close the stream: now, or when the thread that waits for its next event has that."""
        self._left.set()
        if self._taking.acquire(blocking=False):
            try:
                self._events.close()
            finally:
                self._taking.release()
