"""What may be cut off at any moment, and is quick to try; see slow_scenarios.py for the others."""

from tests.faults.noting import NOTING
from tests.faults.shelving import SHELVING
from tests.faults.talking import TALKING

QUICK = (SHELVING, TALKING, NOTING)
