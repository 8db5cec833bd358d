"""Ask a news article anything: every sentence of the answer cites the sentence it rests on."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from onrecord.errors import OnrecordError
from onrecord.settings import Settings
from onrecord.types import Answer, Citation, Claim, Document, Passage, Scope

if TYPE_CHECKING:
    from onrecord.assistant import Assistant, aask, ask
    from onrecord.receipt import Receipt, verify

__all__ = [
    "Answer",
    "Assistant",
    "Citation",
    "Claim",
    "Document",
    "OnrecordError",
    "Passage",
    "Receipt",
    "Scope",
    "Settings",
    "aask",
    "ask",
    "verify",
]

_LATE = dict.fromkeys(("Assistant", "aask", "ask"), "onrecord.assistant")
_LATE |= dict.fromkeys(("Receipt", "verify"), "onrecord.receipt")


def __getattr__(name: str) -> object:
    """Import at first use what takes long to import (PEP 562), and many commands never need."""
    if name not in _LATE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = found = getattr(import_module(_LATE[name]), name)
    return found
