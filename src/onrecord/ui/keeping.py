"""Whether conversations are kept, and where."""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path

from onrecord.conversations import Conversations


def conversations_at(host: str, folder: Path) -> Conversations | None:
    """Return where the page's conversations are kept; None where other people can open it.

    Args:
        host: The address that the page listens on.
        folder: Where its database is, or will be.
    """
    return Conversations(folder / "conversations.db") if _is_loopback(host.strip("[]")) else None


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
