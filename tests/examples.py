"""How many examples a property is tried on: few in CI, many with `make fuzz`."""

from __future__ import annotations

import os

from hypothesis import settings

TIMES = int(os.environ.get("FUZZ", "1"))


def examples(number: int) -> settings:
    """Return the settings of a property that is tried on so many examples in CI."""
    return settings(max_examples=number * TIMES)
