"""What can go wrong, in words for the person at the keyboard.

Every message says what happened, to which file or setting, and what to do next.
"""

from __future__ import annotations

from typing import ClassVar

INTERNAL = "internal"
"""The kind of an error that nobody has foreseen."""


class OnrecordError(Exception):
    """The base of every error that onrecord raises on purpose.

    Attributes:
        kind: What went wrong, in one word: for programs, the log and metrics.
    """

    kind: ClassVar[str] = "failed"


class CorpusError(OnrecordError):
    """The corpus, or a file of it, cannot be read."""

    kind = "corpus"


class QuestionError(OnrecordError):
    """The question (or its history) cannot be asked as it is."""

    kind = "question"


class WeightsError(OnrecordError):
    """A weight file is missing, partial or not the one that was expected."""

    kind = "weights"


class ModelError(OnrecordError):
    """The language model cannot be reached, refuses, or answers out of form."""

    kind = "model"


class StoreError(OnrecordError):
    """The index (Chroma) cannot be opened or written."""

    kind = "store"


class BarredIndexError(StoreError):
    """The index cannot be read or written now, and may be whole: no room, no right, or in use."""


class HeldIndexError(BarredIndexError):
    """Another process has been writing the index for long; what has been read of it is whole."""


class LostIndexError(StoreError):
    """What the index had is no longer there; to make it anew helps."""


class ReceiptError(OnrecordError):
    """A receipt cannot be read or written, or is none."""


class UsersError(OnrecordError):
    """The users file is none or cannot be used, or a name or password cannot stand in it."""


class TracingError(OnrecordError):
    """Traces are asked for, and cannot be sent as things are."""


class AccessError(OnrecordError):
    """Others could reach the page, and nobody has said who of them may."""


def kind_of(error: Exception) -> str:
    """Return the kind of any error."""
    return error.kind if isinstance(error, OnrecordError) else INTERNAL
