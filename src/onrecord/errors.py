"""What can go wrong, in words for the person at the keyboard.

Every message says what happened, to which file or setting, and what to do next.
"""


class OnrecordError(Exception):
    """The base of every error that onrecord raises on purpose."""


class CorpusError(OnrecordError):
    """The corpus, or a file of it, cannot be read."""


class QuestionError(OnrecordError):
    """The question (or its history) cannot be asked as it is."""


class WeightsError(OnrecordError):
    """A weight file is missing, partial or not the one that was expected."""


class ModelError(OnrecordError):
    """The language model cannot be reached, refuses, or answers out of form."""


class StoreError(OnrecordError):
    """The index (Chroma) cannot be opened or written."""


class LostIndexError(StoreError):
    """What the index had is no longer there; to make it anew helps."""


class ReceiptError(OnrecordError):
    """A receipt cannot be read or written, or is none."""


class UsersError(OnrecordError):
    """The users file is none or cannot be used, or a name or password cannot stand in it."""


class AccessError(OnrecordError):
    """Others could reach the page, and nobody has said who of them may."""
