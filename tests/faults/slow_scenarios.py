"""What may be cut off at any moment, and is slow to try, or to import."""

from tests.faults.answering import ANSWERING
from tests.faults.compiling import COMPILING
from tests.faults.evaluating import EVALUATING
from tests.faults.indexing import INDEXING
from tests.faults.joining import JOINING

SLOW = (JOINING, INDEXING, COMPILING, EVALUATING, ANSWERING)
