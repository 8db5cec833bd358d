"""A receipt is sent when it is saved, and not with its answer, all of which it says again."""

from __future__ import annotations

from hashlib import sha256
from uuid import uuid4

from onrecord.errors import OnrecordError
from onrecord.ui import words
from onrecord.ui.archive_view import outbox_html
from onrecord.ui.turns import Turns


def key_of(receipt: str) -> str:
    """Return by what the page asks for a receipt."""
    return sha256(receipt.encode("utf-8", "surrogatepass")).hexdigest()


def parcel_html(turns: Turns, key: str) -> str:
    """Return a receipt as a file that the page's script saves.

    Raises:
        OnrecordError: None of the answers has it.
    """
    for turn in turns:
        if turn.receipt and key_of(turn.receipt) == key:
            return outbox_html(words.RECEIPT_FILE, turn.receipt, uuid4().hex)
    raise OnrecordError(words.NO_RECEIPT)
