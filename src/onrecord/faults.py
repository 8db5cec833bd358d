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


def of_settings(faults: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return what is wrong with settings, each behind its environment variable.

    Args:
        faults: As `ValidationError.errors()` returns them.
    """
    return [
        f"ONRECORD_{'_'.join(map(str, fault['loc'])).upper()}: {fault['msg']} "
        f"(it is {fault['input']!r})."
        for fault in faults
    ]
