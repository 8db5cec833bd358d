"""One process of a machine at a time: another is waited for with a word, and not for ever."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from onrecord.leaving import LeftError, is_left
from onrecord.progress import Progress

MOMENT = 5.0  # seconds; most others are through by then
LONGEST = 600.0  # seconds; some thousand sentences are embedded in them on two slow cores


@contextmanager
def alone(
    lock: Path, word: str, too_long: Exception, progress: Progress, longest: float | None = None
) -> Iterator[None]:
    """Do what is inside while nobody else does: no other process, and no other thread of this one.

    One that has ended is not waited for; one that was stopped in the middle still has the lock.

    Args:
        lock: The file that is locked meanwhile.
        word: What is told of the wait, when it is no moment any more.
        too_long: What is raised when it is too long.
        progress: Told so.
        longest: Seconds that are too long; None for `LONGEST`.

    Raises:
        Exception: `too_long`.
        LeftError: Nobody waits for what is inside any more.
        OSError: The file cannot be locked.
    """
    held = FileLock(lock)
    try:
        _acquire(held, word, progress, LONGEST if longest is None else longest)
    except Timeout as error:
        raise (LeftError if is_left() else too_long) from error
    try:
        yield
    finally:
        held.release()


def _acquire(lock: FileLock, word: str, progress: Progress, longest: float) -> None:
    with suppress(Timeout):
        lock.acquire(timeout=MOMENT, cancel_check=is_left)
        return
    progress(word, None)
    lock.acquire(timeout=longest, cancel_check=is_left)
