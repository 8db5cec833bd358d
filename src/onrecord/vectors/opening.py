"""A mark beside an index that is being read: where Chroma ends the process, it is still there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


class Opening:
    """Knows whether the last process that read an index for the first time came out of it.

    A vector file that is cut short makes Chroma's own code end the process, or never return, and
    no exception tells of it. Whoever holds the lock of the index's folder, and finds the mark,
    knows that the process which has set it is gone; somebody else may have ended that.

    Args:
        mark: The file that is the mark; None where no index is read from files.
    """

    def __init__(self, mark: Path | None) -> None:
        self._mark = mark

    @property
    def has_ended_a_process(self) -> bool:
        """Whether a process has begun to read the index, and ended before it was through."""
        return self._mark is not None and self._mark.exists()

    @contextmanager
    def marked(self) -> Iterator[None]:
        """Keep the mark there for as long as the block takes."""
        if self._mark is not None:
            with suppress(OSError):  # on a full disk an index can still be read
                self._mark.touch()
        try:
            yield
        finally:
            self.forget()

    def forget(self) -> None:
        """Take the mark away."""
        if self._mark is not None:
            self._mark.unlink(missing_ok=True)
