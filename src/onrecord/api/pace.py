"""Counts how often each person does what costs work, so that nobody keeps the others waiting."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from onrecord.errors import OnrecordError

PACE_SECONDS = 60
_MOST_PEOPLE = 4096


class HastyError(OnrecordError):
    """Somebody does something more often than they may.

    Attributes:
        seconds: How long they have to wait.
    """

    kind = "often"

    def __init__(self, seconds: int) -> None:
        super().__init__(f"You have done this too often of late; try again in {seconds} seconds.")
        self.seconds = seconds


@dataclass
class _Done:
    until: float
    times: int = 0


class Pace:
    """How often each person has done one kind of thing, within `PACE_SECONDS` of the first time.

    Args:
        most: How often they may.
        clock: Returns the time in seconds.
    """

    def __init__(self, most: int, clock: Callable[[], float]) -> None:
        self._most, self._clock = most, clock
        self._people: dict[str, _Done] = {}

    def count(self, person: str) -> None:
        """Note that a person does it once more.

        Raises:
            HastyError: They may not yet.
        """
        now = self._clock()
        done = self._people.get(person)
        if done is None or done.until <= now:
            self._people.pop(person, None)
            if len(self._people) >= _MOST_PEOPLE:
                del self._people[next(iter(self._people))]  # the one that began first
            done = self._people[person] = _Done(now + PACE_SECONDS)
        if done.times >= self._most:
            raise HastyError(math.ceil(done.until - now))
        done.times += 1
