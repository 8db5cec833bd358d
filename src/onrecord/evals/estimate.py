"""A figure over questions, and how sure it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from onrecord.types import Value

RESAMPLES = 2_000
SEED = 20_250_101
FEWEST_DOCUMENTS = 3  # of which resampling whole documents says anything

_BATCH = 200  # resamples at a time, so that thousands of questions fit into memory

Numbers = NDArray[np.float64]

Statistic = Callable[[Numbers, Numbers], Numbers]
"""Makes figures of questions: from one row of numbers for each question, and how often each
resample drew each question (resamples x questions), one figure for each resample."""


class Estimate(Value):
    """A figure and how sure it is.

    Attributes:
        value: The figure; None where it applies to no question.
        low: Lower end of its 95% interval.
        high: Upper end.
        n: Questions that it is over.
        resampled: What the interval comes of drawing again: whole documents with all their
            questions, or single questions.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    resampled: Literal["documents", "questions"] = "questions"


def mean(values: Numbers, drawn: Numbers) -> Numbers:
    """Return the mean of each resample."""
    return np.asarray(drawn @ values / drawn.sum(axis=1))


def median(values: Numbers, drawn: Numbers) -> Numbers:
    """Return the median of each resample."""
    return _quantile(values, drawn, 0.5)


def p95(values: Numbers, drawn: Numbers) -> Numbers:
    """Return the 95th percentile of each resample, linearly interpolated."""
    return _quantile(values, drawn, 0.95)


def estimate(
    values: ArrayLike, statistic: Statistic = mean, documents: Sequence[str] = ()
) -> Estimate:
    """Return a figure over questions, with its 95% percentile bootstrap interval.

    Questions about one document stand and fall together. So whole documents are drawn with
    replacement, each with all its questions, where there are three or more (the cluster
    bootstrap: Davison & Hinkley 1997, "Bootstrap Methods and their Application", 3.8); and
    single questions otherwise (Efron 1979). The seed is fixed: the same values give the same
    interval. Resamples in which the figure is not defined are left out.

    Args:
        values: A number, or a row of numbers, for each question that the figure applies to.
        statistic: What makes one figure of them.
        documents: The document that each question is about; a question about none ("") is
            drawn by itself. Left out, questions are drawn.
    """
    observed = np.asarray(values, dtype=np.float64)
    n = len(observed)
    names = [name or f"\0{place}" for place, name in enumerate(documents)]
    by_document = len({name for name in documents if name}) >= FEWEST_DOCUMENTS
    resampled: Literal["documents", "questions"] = "documents" if by_document else "questions"
    value = float(statistic(observed, np.ones((1, n)))[0]) if n else np.nan
    if np.isnan(value):
        return Estimate(value=None, low=None, high=None, n=n, resampled=resampled)
    clusters = np.unique(names, return_inverse=True)[1] if by_document else np.arange(n)
    figures = np.concatenate(
        [statistic(observed, drawn[:, clusters]) for drawn in _draws(int(clusters.max()) + 1)]
    )
    low, high = np.nanpercentile(figures, [2.5, 97.5])
    return Estimate(value=value, low=float(low), high=float(high), n=n, resampled=resampled)


def _draws(clusters: int) -> list[Numbers]:
    """Return how often each resample draws each cluster, in batches of resamples."""
    chances = np.full(clusters, 1 / clusters)
    drawn = np.random.default_rng(SEED).multinomial(clusters, chances, size=RESAMPLES)
    return np.split(drawn.astype(np.float64), RESAMPLES // _BATCH)


def _quantile(values: Numbers, drawn: Numbers, share: float) -> Numbers:
    order = np.argsort(values, kind="stable")
    ranked, counts = values[order], drawn[:, order].cumsum(axis=1)
    place = share * (counts[:, -1] - 1)
    below, above = (
        ranked[np.argmax(counts > rank[:, None], axis=1)]
        for rank in (np.floor(place), np.ceil(place))
    )
    return np.asarray(below + (place - np.floor(place)) * (above - below))
