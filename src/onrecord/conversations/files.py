"""Exports, written whole or not at all."""

from __future__ import annotations

from pathlib import Path

from onrecord import files
from onrecord.conversations.errors import ConversationsError


def write_whole(path: Path, text: str) -> None:
    """Write a file of UTF-8 text; one that is there already stays until the new one is whole.

    Raises:
        ConversationsError: It cannot be written there.
    """
    try:
        files.write_whole(path, text)
    except OSError as error:
        raise ConversationsError(
            f"{path} cannot be written ({error.strerror or error}). Choose another file."
        ) from error
