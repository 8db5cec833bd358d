"""Counts wrong passwords by client, so that nobody can go on guessing."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

MOST_WRONG = 8
PAUSE_SECONDS = 300
_MOST_CLIENTS = 4096


@dataclass
class _Wrong:
    until: float
    proofs: set[bytes] = field(default_factory=set)


class Tries:
    """What was tried and was wrong, forgotten `PAUSE_SECONDS` after a client's first such try.

    The same wrong password, sent again and again by a program that was set up with an old one, is
    one try: it is no guessing, and would shut out the people at the same address.

    Args:
        clock: Returns the time in seconds.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._clients: dict[str, _Wrong] = {}

    def pause(self, client: str) -> int:
        """Return for how many seconds a client may try nothing more; 0 where it may."""
        wrong = self._of(client)
        if wrong is None or len(wrong.proofs) < MOST_WRONG:
            return 0
        return math.ceil(wrong.until - self._clock())

    def was_wrong(self, client: str, proof: bytes) -> bool:
        """Tell whether a client has tried this before."""
        wrong = self._of(client)
        return wrong is not None and proof in wrong.proofs

    def add(self, client: str, proof: bytes) -> None:
        """Note that what a client has tried was wrong."""
        wrong = self._of(client)
        if wrong is None:
            if len(self._clients) >= _MOST_CLIENTS:
                del self._clients[next(iter(self._clients))]  # the one that began first
            wrong = self._clients[client] = _Wrong(self._clock() + PAUSE_SECONDS)
        wrong.proofs.add(proof)

    def _of(self, client: str) -> _Wrong | None:
        wrong = self._clients.get(client)
        if wrong is not None and wrong.until <= self._clock():
            del self._clients[client]
            return None
        return wrong
