"""Files that were sent to the page, and that nobody has added yet: of so many bytes at most."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from starlette.types import Message

from onrecord.errors import OnrecordError

MOST_PENDING = 250_000_000
MOST_PENDING_OF_ONE = 100_000_000


class FullError(OnrecordError):
    """There is no room for another file before others are added, or removed."""

    kind = "full"


@dataclass(frozen=True)
class _Sent:
    person: str | None
    size: int
    path: Path | None = None  # None while it is on its way

    @property
    def is_pending(self) -> bool:
        return self.path is None or self.path.exists()


class Pending:
    """Knows what waits to be added. A file leaves when it is added; Gradio removes it in time."""

    def __init__(self) -> None:
        self._sent: list[_Sent] = []

    @contextmanager
    def room_for(self, person: str | None, size: int) -> Iterator[Arrival]:
        """Have room for what somebody sends, until the end of the block; yields what comes of it.

        Args:
            person: Who sends it; None for somebody at this machine, who has all the room.
            size: How many bytes, at most.

        Raises:
            FullError: There is none.
        """
        self._sent = [each for each in self._sent if each.is_pending]
        theirs = sum(each.size for each in self._sent if each.person == person)
        if person is not None and theirs + size > MOST_PENDING_OF_ONE:
            raise FullError(_said(f"You have sent {theirs / 1e6:.0f} MB of files"))
        everybodys = sum(each.size for each in self._sent)
        if everybodys + size > MOST_PENDING:
            raise FullError(_said(f"{everybodys / 1e6:.0f} MB of files were sent here"))
        coming, arrival = _Sent(person, size), Arrival()
        self._sent.append(coming)
        try:
            yield arrival
        finally:
            self._sent.remove(coming)
            for path in arrival.paths():
                if path.is_file():
                    self._sent.append(_Sent(person, path.stat().st_size, path))


class Arrival:
    """Where Gradio has put the files of one request, which its response says."""

    def __init__(self) -> None:
        self._is_taken = False
        self._said = b""

    def saw(self, message: Message) -> None:
        """Note a message of the response."""
        if message["type"] == "http.response.start":
            self._is_taken = message["status"] == 200
        elif self._is_taken:
            self._said += message.get("body", b"")

    def paths(self) -> list[Path]:
        """Return where they are."""
        return [Path(path) for path in json.loads(self._said)] if self._said else []


def _said(what: str) -> str:
    return f"{what} that nobody has added yet. Add them, or send this again in an hour or two."
