"""A decision's log-odds -> the chance that what is said is right: Platt scaling.

The reader's log-odds are of the corpus answering the question at all, and they are too sure of
themselves. How often an answer that is given at some log-odds is right, and how often a refusal is,
was counted over the tuning halves of the known facts, and a logistic curve fitted to each (Platt
1999, "Probabilistic Outputs for Support Vector Machines"). `scripts/sureness.py` fits them, and
compares what they promise with other questions.
"""

from __future__ import annotations

import math
from typing import NamedTuple


class Curve(NamedTuple):
    """A logistic curve: log-odds of being right = offset + slope x confidence."""

    offset: float
    slope: float

    def at(self, confidence: float) -> float:
        """Return the chance of being right, 0 to 1, at a confidence (nats; it may be infinite)."""
        bounded = min(max(confidence, -_FAR), _FAR)
        return 1 / (1 + math.exp(-(self.offset + self.slope * bounded)))


_FAR = 12.0  # nats; hardly a question that the curves were fitted to lies farther out

ANSWERED = Curve(offset=1.14, slope=0.214)
REFUSED = Curve(offset=1.86, slope=-0.245)


def chance_right(confidence: float, *, answered: bool) -> float:
    """Return the chance that an answer, or a refusal, of the trained reader's is right.

    Args:
        confidence: Log-odds (nats) that the corpus answers the question.
        answered: Whether it was answered.
    """
    return (ANSWERED if answered else REFUSED).at(confidence)
