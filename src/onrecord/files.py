"""Files that are written whole or not at all."""

from __future__ import annotations

import errno
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

_PARTS = f".onrecord-{'[0-9a-f]' * 32}.part"
_ABANDONED = 3600.0  # seconds; nobody writes one file for so long, but the clock may jump
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
    with part_beside(path, mode) as part:
        part.write_text(text, encoding="utf-8", newline="\n")
        part.replace(path)


@contextmanager
def part_beside(path: Path, mode: int = 0o666) -> Iterator[Path]:
    """Give an empty hidden file beside a file, for what is to become it; in the end it is gone.

    What processes that were killed have left there under such names is swept away.

    Args:
        path: The file.
        mode: As for `write_whole`.

    Raises:
        OSError: It cannot be made there.
    """
    for left in path.parent.glob(_PARTS):
        with suppress(OSError):  # another process has just done so, or may not be disturbed
            if time.time() - left.stat().st_mtime > _ABANDONED and not _is_held(left):
                left.unlink()
    part = path.with_name(f".onrecord-{uuid4().hex}.part")
    try:
        part.touch(mode, exist_ok=False)
        with _held(part):
            yield part
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _held(part: Path) -> Iterator[None]:
    """Hold a file: whoever finds it knows that its process is at work, whatever the clock says."""
    if sys.platform == "win32":  # where a file that is held cannot be given its name
        yield
        return
    import fcntl

    with part.open("rb") as file:
        with suppress(OSError):  # there are file systems that have no locks
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _is_held(part: Path) -> bool:
    if sys.platform == "win32":
        return False
    import fcntl

    with part.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:
            return False
    return False


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
