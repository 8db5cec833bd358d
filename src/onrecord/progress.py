"""How slow work shows itself: a callable that is told what is being done and how far it is."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, float | None], None]
"""Called with a short text ("joining weights") and the share done, 0 to 1, or None."""


def silent(_message: str, _fraction: float | None) -> None:
    """Show nothing."""
