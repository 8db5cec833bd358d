"""How slow work shows itself: a callable that is told what is being done and how far it is."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, float | None], None]
"""Called with a short text ("joining weights") and the share done, 0 to 1, or None.

How far it is in numbers stands behind a colon, where it is said: "indexing 600 sentences: 64 done".
"""


def work_of(message: str) -> str:
    """Return what is being done, without how far it is: so it can be told once."""
    return message.partition(":")[0]


def silent(_message: str, _fraction: float | None) -> None:
    """Show nothing."""
