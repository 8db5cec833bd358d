"""A figure over questions, and how sure it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from onrecord.types import Value

RESAMPLES = 2_000
SEED = 20_250_101


class Estimate(Value):
    """A figure and how sure it is.

    Attributes:
        value: The figure; None where it applies to no question.
        low: Lower end of its 95% interval.
        high: Upper end.
        n: Questions that it is over.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int


Statistic = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""Reduces the last axis of an array to one figure."""


def mean(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean over the last axis."""
    return np.asarray(np.mean(values, axis=-1))


def median(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the median over the last axis."""
    return np.asarray(np.median(values, axis=-1))


def p95(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the 95th percentile over the last axis, linearly interpolated."""
    return np.asarray(np.percentile(values, 95, axis=-1))


def estimate(values: Sequence[float], statistic: Statistic = mean) -> Estimate:
    """Return a figure over questions, with its 95% percentile bootstrap interval.

    The questions are resampled with replacement (Efron 1979), with a fixed seed: the same
    values give the same interval.

    Args:
        values: One number for each question that the figure applies to.
        statistic: What makes one figure of them.
    """
    if not values:
        return Estimate(value=None, low=None, high=None, n=0)
    observed = np.asarray(values, dtype=np.float64)
    drawn = np.random.default_rng(SEED).integers(len(observed), size=(RESAMPLES, len(observed)))
    low, high = np.percentile(statistic(observed[drawn]), [2.5, 97.5])
    return Estimate(
        value=float(statistic(observed)), low=float(low), high=float(high), n=len(observed)
    )
