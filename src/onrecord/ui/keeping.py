"""Whether conversations are kept, and where."""

from __future__ import annotations

from pathlib import Path

from onrecord.access import ONLY_HERE, Access
from onrecord.conversations import DATABASE, Conversations


def conversations_at(host: str, folder: Path, access: Access = ONLY_HERE) -> Conversations | None:
    """Return where the page's conversations are kept; None where other people can open it.

    Args:
        host: The address that the page listens on.
        folder: Where its database is, or will be.
        access: Who may open it.
    """
    return Conversations(folder / DATABASE) if access.is_for_one(host) else None
