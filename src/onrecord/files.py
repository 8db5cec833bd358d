"""Files that are written whole or not at all."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4


def write_whole(path: Path, text: str, mode: int = 0o666) -> None:
    """Write a file of UTF-8 text; one that is there already stays until the new one is whole.

    Args:
        path: The file.
        text: What it is to hold.
        mode: Who may read and write it, of those whom the process's umask lets.

    Raises:
        OSError: It cannot be written there.
    """
    part = path.with_name(f".{uuid4().hex}.part")
    try:
        part.touch(mode, exist_ok=False)
        part.write_text(text, encoding="utf-8", newline="\n")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
