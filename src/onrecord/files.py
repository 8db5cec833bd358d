"""Files that are written whole or not at all."""

from __future__ import annotations

import errno
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

_PARTS = f".onrecord-{'[0-9a-f]' * 32}.part"
_ABANDONED = 3600.0  # seconds; nobody writes one file for so long
_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK, errno.EINVAL}
"""What file systems say that give a file one name alone, or not to this user."""


def write_whole(path: Path, text: str, mode: int = 0o666) -> None:
    """Write a file of UTF-8 text; one that is there already stays until the new one is whole.

    Args:
        path: The file.
        text: What it is to hold.
        mode: Who may read and write it, of those whom the process's umask lets.

    Raises:
        OSError: It cannot be written there.
    """
    with part_beside(path) as part:
        part.touch(mode, exist_ok=False)
        part.write_text(text, encoding="utf-8", newline="\n")
        part.replace(path)


@contextmanager
def part_beside(path: Path) -> Iterator[Path]:
    """Give a hidden name beside a file, for what is to become it; in the end it is gone.

    What processes that were killed have left there under such names is swept away.
    """
    for left in path.parent.glob(_PARTS):
        with suppress(OSError):  # another process has just done so, or may not be disturbed
            if time.time() - left.stat().st_mtime > _ABANDONED:
                left.unlink()
    part = path.with_name(f".onrecord-{uuid4().hex}.part")
    try:
        yield part
    finally:
        part.unlink(missing_ok=True)


def move_to_free(file: Path, path: Path) -> bool:
    """Move a file to a name, if that is free: tell whether it was.

    It has both names for a moment, so that whoever is killed then has lost nothing, and left no
    empty file behind.

    Raises:
        OSError: It cannot be moved there; it is where it was then.
    """
    try:
        path.hardlink_to(file)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        return _claimed(file, path)
    try:
        file.unlink()
    except OSError:
        path.unlink()
        raise
    return True


def _claimed(file: Path, path: Path) -> bool:
    """Do so where a file has one name at a time: an empty one holds the new name meanwhile."""
    try:
        path.open("xb").close()
    except FileExistsError:
        return False
    try:
        file.replace(path)
    except OSError:
        path.unlink(missing_ok=True)
        raise
    return True
