"""All that may be cut off at any moment."""

from tests.faults.compiling import COMPILING
from tests.faults.evaluating import EVALUATING
from tests.faults.indexing import INDEXING
from tests.faults.joining import JOINING
from tests.faults.noting import NOTING
from tests.faults.shelving import SHELVING
from tests.faults.talking import TALKING

QUICK = (SHELVING, TALKING, NOTING)
SLOW = (JOINING, INDEXING, COMPILING, EVALUATING)
