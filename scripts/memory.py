"""What the system says of the memory of a process."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal


def kibibytes(of: Literal["VmRSS", "VmHWM"], process: int | Literal["self"]) -> int | None:
    """Return what a process has resident, now or at its peak, in KiB.

    Args:
        of: VmRSS: now; VmHWM: at its peak.
        process: Its id.

    Returns:
        None where the system does not say.
    """
    status = Path(f"/proc/{process}/status")
    if not status.exists():
        return None
    found = re.search(rf"^{of}:\s+(\d+) kB", status.read_text(encoding="utf-8"), re.MULTILINE)
    return int(found[1]) if found else None
