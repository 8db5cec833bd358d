"""A line of people who wait: round by round, in each of which everybody has one turn."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from itertools import chain, zip_longest

from anyio import Event, move_on_after


class Line:
    """Gives turns to those who wait, so many at once. Belongs to one event loop.

    Whoever waits for several turns waits with the second until everybody who waits by then has had
    one, and so on: so nobody is kept waiting by all that another has asked for.

    Args:
        at_once: How many have their turn at the same time.
    """

    def __init__(self, at_once: int) -> None:
        self.at_once = at_once
        self._having: list[Place] = []
        self._waiting: dict[Hashable, list[Place]] = {}  # who is to have the next turn comes first

    @property
    def length(self) -> int:
        """How many places there are, those whose turn it is included."""
        return len(self._having) + self.waiting

    @property
    def waiting(self) -> int:
        """How many wait for their turn."""
        return sum(map(len, self._waiting.values()))

    def places_of(self, person: Hashable) -> int:
        """Return how many places somebody has, those whose turn it is included."""
        having = sum(place.person == person for place in self._having)
        return having + len(self._waiting.get(person, ()))

    def before(self, place: Place) -> int:
        """Return how many turns come before that of a place, those that are had now included."""
        rounds = chain.from_iterable(zip_longest(*self._waiting.values()))
        return len(self._having) + [*filter(None, rounds)].index(place)

    @contextmanager
    def place(self, person: Hashable) -> Iterator[Place]:
        """Take a place at the end of the line, until the end of the block."""
        place = Place(self, person)
        self._waiting.setdefault(person, []).append(place)
        self._move_up()
        try:
            yield place
        finally:
            self._leave(place)
            self._move_up()

    def _leave(self, place: Place) -> None:
        if place.has_turn:
            self._having.remove(place)
            return
        others = self._waiting[place.person]
        others.remove(place)
        if not others:
            del self._waiting[place.person]

    def _move_up(self) -> None:
        while self._waiting and len(self._having) < self.at_once:
            person = next(iter(self._waiting))
            first, *others = self._waiting.pop(person)
            if others:
                self._waiting[person] = others  # behind all who wait by now
            self._having.append(first)
            first.give_turn()


class Place:
    """A place in a line; see `Line.place`.

    Attributes:
        person: Whose it is.
    """

    def __init__(self, line: Line, person: Hashable) -> None:
        self.person = person
        self._line = line
        self._turn = Event()

    @property
    def has_turn(self) -> bool:
        """Whether it is its turn."""
        return self._turn.is_set()

    @property
    def before(self) -> int:
        """How many turns come before its own, while it is not its turn."""
        return self._line.before(self)

    def give_turn(self) -> None:
        """Let it be its turn."""
        self._turn.set()

    async def turn(self, seconds: float) -> None:
        """Return when it is its turn, and after so many seconds in any case."""
        with move_on_after(seconds):
            await self._turn.wait()
