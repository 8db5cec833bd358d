"""Doing as a user who may not do everything, also where root runs the tests."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable
from pathlib import Path

NOBODY = 65534


def as_nobody(check: Callable[[], None]) -> None:
    """Run a check as a user without rights: in a process of its own, where root runs this.

    What it imports should be imported before: root's packages may be for root alone.
    """
    if os.geteuid() != 0:
        check()
        return
    child = os.fork()
    if child:
        assert os.waitpid(child, 0)[1] == 0, "the check has failed; stderr says how"
        return
    status = 1
    try:
        os.setgid(NOBODY)
        os.setuid(NOBODY)
        check()
        status = 0
    except BaseException:  # noqa: BLE001 (pytest raises some of its own)
        traceback.print_exc()
    finally:
        os._exit(status)


def locked(folder: Path) -> Path:
    """Return a folder below one, made at the first call, into which nobody without rights gets."""
    place = folder / "locked"
    if not place.exists():
        place.mkdir()
        place.chmod(0)
    return place
