"""What pydantic finds wrong with a value, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def in_words(faults: Iterable[Mapping[str, Any]], whole: str) -> str:
    """Return faults, each behind the place in the value where it is.

    Args:
        faults: As `ValidationError.errors()` returns them.
        whole: What the value is called, for a fault of all of it.
    """
    return "; ".join(
        f"{'.'.join(map(str, fault['loc'])) or whole}: {fault['msg']}" for fault in faults
    )
