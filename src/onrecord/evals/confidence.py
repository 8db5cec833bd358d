"""How much a confidence is worth: does it separate, rank, and count as a probability should?"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from onrecord.evals.estimate import Numbers
from onrecord.types import Value

BINS = 10

_RARE = 1e-6
_UNSURE = -1.0  # sureness of a question without a confidence: below every distance


class CoveragePoint(Value):
    """One point of a risk-coverage curve.

    Attributes:
        coverage: Share of the questions that are kept, the surest first.
        risk: Share of the kept ones that are not right (1 - right_overall).
    """

    coverage: float
    risk: float


class ReliabilityPoint(Value):
    """One bin of a reliability curve.

    Attributes:
        predicted: Mean probability that its questions were given of being answerable.
        observed: Share of its questions that are answerable.
        n: Its questions.
    """

    predicted: float
    observed: float
    n: int


class Curves(Value):
    """The curves behind a run's figures on confidence; empty where no confidence was given.

    Attributes:
        threshold: Confidence (nats) from which distance counts as sureness: the settings'
            own, or 0, even odds, where the run was not told its settings.
        risk_coverage: The surest questions first.
        reliability: The least probable bin first.
    """

    threshold: float = 0.0
    risk_coverage: tuple[CoveragePoint, ...] = ()
    reliability: tuple[ReliabilityPoint, ...] = ()


def sureness(confidence: float | None, threshold: float) -> float:
    """Return how sure it is that a question is settled: the distance from the threshold, in nats.

    That serves refusals and answers alike. A question that raised an error is the least sure.
    """
    return _UNSURE if confidence is None else abs(confidence - threshold)


def auroc(values: Numbers, drawn: Numbers) -> Numbers:
    """Return the chance that an answerable question is given more confidence than another one.

    The area under the receiver operating characteristic, as a rank statistic, ties counting
    half (Hanley & McNeil 1982). Not defined where either kind is missing.

    Args:
        values: Confidence, and 1 for answerable or 0, of each question.
        drawn: As for every `Statistic`.
    """
    order, starts = _tied(values[:, 0])
    answerable = values[order, 1]
    yes, no = (
        np.add.reduceat(drawn[:, order] * kind, starts, axis=1)
        for kind in (answerable, 1 - answerable)
    )
    below = no.cumsum(axis=1) - no / 2
    with np.errstate(invalid="ignore"):
        return np.asarray((yes * below).sum(axis=1) / (yes.sum(axis=1) * no.sum(axis=1)))


def risk_coverage_area(values: Numbers, drawn: Numbers) -> Numbers:
    """Return the mean risk over all coverages: how wrong the surest questions are. Less is better.

    The area under the risk-coverage curve of selective prediction (Geifman & El-Yaniv 2017,
    "Selective Classification for Deep Neural Networks"). Questions that are equally sure are
    kept together.

    Args:
        values: Sureness, and 1 for wrong or 0 for right, of each question.
        drawn: As for every `Statistic`.
    """
    counts, wrong = _kept(values, drawn)
    weights = np.diff(counts, axis=1, prepend=0)
    with np.errstate(invalid="ignore"):  # nothing kept yet: of no weight
        risk = np.nan_to_num(wrong / counts)
    return np.asarray((weights * risk).sum(axis=1) / counts[:, -1])


def log_odds(probability: float) -> float:
    """Return a probability as log-odds (nats), bounded: what is certain is as if in a million."""
    bounded = min(max(probability, _RARE), 1 - _RARE)
    return math.log(bounded / (1 - bounded))


def calibration_error(values: Numbers, drawn: Numbers) -> Numbers:
    """Return how far the probabilities are from the shares that they promise, 0 to 1.

    The expected calibration error over ten bins of equal mass (Naeini et al. 2015; Nguyen &
    O'Connor 2015 for the bins). A confidence is read as log-odds: p = 1 / (1 + exp(-confidence)).
    Each bin counts by its questions. The bins are those of the whole run in every resample.
    Chance adds to it where questions are few, and to its interval's upper end.

    Args:
        values: Log-odds of what is promised (that it is answerable, or right), and 1 where it is
            so or 0, of each question.
        drawn: As for every `Statistic`.
    """
    gaps = (probability(values[:, 0]) - values[:, 1])[:, None] * _members(values[:, 0])
    return np.asarray(np.abs(drawn @ gaps).sum(axis=1) / drawn.sum(axis=1))


def probability(confidence: Numbers) -> Numbers:
    """Return log-odds (nats) as probabilities."""
    return np.asarray(1 / (1 + np.exp(-confidence)))


def risk_coverage(values: Numbers) -> tuple[CoveragePoint, ...]:
    """Return the curve that `risk_coverage_area` is the area under."""
    if not len(values):
        return ()
    counts, wrong = _kept(values, np.ones((1, len(values))))
    return tuple(
        CoveragePoint(coverage=count / len(values), risk=lost / count)
        for count, lost in zip(counts[0].tolist(), wrong[0].tolist(), strict=True)
    )


def reliability(values: Numbers) -> tuple[ReliabilityPoint, ...]:
    """Return the bins that `calibration_error` compares."""
    if not len(values):
        return ()
    predicted, answerable = probability(values[:, 0]), values[:, 1]
    members: Sequence[NDArray[np.bool_]] = [bin_ for bin_ in _members(values[:, 0]).T if bin_.any()]
    return tuple(
        ReliabilityPoint(
            predicted=float(predicted[bin_].mean()),
            observed=float(answerable[bin_].mean()),
            n=int(bin_.sum()),
        )
        for bin_ in members
    )


def _members(confidence: Numbers) -> NDArray[np.bool_]:
    """Tell which bin each question is in (questions x bins); equal confidences share one."""
    edges = np.quantile(confidence, np.arange(1, BINS) / BINS)
    bins = np.searchsorted(edges, confidence, side="right")
    return np.asarray(bins[:, None] == np.arange(BINS))


def _kept(values: Numbers, drawn: Numbers) -> tuple[Numbers, Numbers]:
    """Return how many questions are kept, and wrong, at each sureness from the highest down."""
    order, starts = _tied(-values[:, 0])
    count, wrong = (
        np.add.reduceat(weighed, starts, axis=1).cumsum(axis=1)
        for weighed in (drawn[:, order], drawn[:, order] * values[order, 1])
    )
    return count, wrong


def _tied(keys: Numbers) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the ascending order of keys, and where in it each run of equal keys begins."""
    order = np.argsort(keys, kind="stable")
    return order, np.unique(keys[order], return_index=True)[1]
