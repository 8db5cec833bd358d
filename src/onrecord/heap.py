"""What glibc, the C library of most Linux systems, keeps of the memory that was freed.

It gives threads up to eight heaps for each core, and keeps in each what was once needed there at
a time. Embedding a question takes some 22 MB for a moment, in whichever thread is free: so one heap
after the other grew by them, and a server seemed to leak.
"""

from __future__ import annotations

import ctypes
import os
import sys
from contextlib import suppress

_ARENA_MAX = -8  # of malloc.h


def share_heap() -> None:
    """Have all threads take memory from one heap; to be called before there are threads.

    Nothing happens where MALLOC_ARENA_MAX says how many there may be, or the library is another.
    """
    if sys.platform == "linux" and "MALLOC_ARENA_MAX" not in os.environ:
        with suppress(AttributeError):
            ctypes.CDLL(None).mallopt(_ARENA_MAX, 1)


def give_back() -> None:
    """Give the system back what is free, where the library can."""
    if sys.platform == "linux":
        with suppress(AttributeError):
            ctypes.CDLL(None).malloc_trim(0)
