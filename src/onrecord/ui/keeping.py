"""Whether conversations are kept, and where."""

from __future__ import annotations

from pathlib import Path

from onrecord.conversations import DATABASE, Conversations
from onrecord.hosts import is_loopback


def conversations_at(host: str, folder: Path) -> Conversations | None:
    """Return where the page's conversations are kept; None where other people can open it.

    Args:
        host: The address that the page listens on.
        folder: Where its database is, or will be.
    """
    return Conversations(folder / DATABASE) if is_loopback(host) else None
