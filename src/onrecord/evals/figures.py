"""A run's rows -> its figures, over all questions and by category, and its curves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from onrecord.evals.confidence import (
    Curves,
    auroc,
    calibration_error,
    log_odds,
    reliability,
    risk_coverage,
    risk_coverage_area,
    sureness,
)
from onrecord.evals.estimate import Estimate, Statistic, estimate, mean, median, p95
from onrecord.evals.metrics import METRICS
from onrecord.evals.report import Row

_TOTAL = "total"  # of a row's timings: what its `seconds` say

Rows = Sequence[Row]


def figures(rows: Rows, threshold: float) -> dict[str, Estimate]:
    """Return every figure over a run's rows, by name.

    The metrics come first, then those on confidence, then seconds: of the whole answer, and
    of each stage over the questions that went through it.

    Args:
        rows: All rows of a run.
        threshold: Confidence (nats) below which is refused, for `sureness`.
    """
    stages = dict.fromkeys(stage for row in rows for stage in row.timings if stage != _TOTAL)
    return {
        **_means(rows),
        "confidence_auroc": _estimate(_judged(rows), _answerable, auroc),
        "risk_coverage_area": _estimate(
            _kept(rows), partial(_settled, threshold), risk_coverage_area
        ),
        "calibration_error": _estimate(_judged(rows), _answerable, calibration_error),
        "probability_error": _estimate(_promised(rows), _right, calibration_error),
        "seconds_median": _estimate(rows, _seconds, median),
        "seconds_p95": _estimate(rows, _seconds, p95),
        **{f"seconds_{stage}": _stage(rows, stage) for stage in stages},
    }


def by_category(rows: Rows) -> dict[str, dict[str, Estimate]]:
    """Return the metrics over each category's rows, by category in the order of asking."""
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row.category].append(row)
    return {category: _means(held) for category, held in grouped.items()}


def score(rows: Rows, name: str) -> Estimate:
    """Return the mean of one score over the rows that it applies to."""
    applicable = [row for row in rows if row.scores[name] is not None]
    return _estimate(applicable, lambda row: row.scores[name] or 0.0, mean)


def curves(rows: Rows, threshold: float) -> Curves:
    """Return the curves behind the figures on confidence."""
    settled = np.array([_settled(threshold, row) for row in _kept(rows)])
    answerable = np.array([_answerable(row) for row in _judged(rows)])
    return Curves(
        threshold=threshold,
        risk_coverage=risk_coverage(settled),
        reliability=reliability(answerable),
    )


def _means(rows: Rows) -> dict[str, Estimate]:
    return {name: score(rows, name) for name in METRICS}


def _stage(rows: Rows, stage: str) -> Estimate:
    return _estimate(
        [row for row in rows if stage in row.timings], lambda row: row.timings[stage], median
    )


def _estimate(
    rows: Rows, value: Callable[[Row], float | tuple[float, float]], statistic: Statistic
) -> Estimate:
    return estimate([value(row) for row in rows], statistic, [row.document for row in rows])


def _judged(rows: Rows) -> list[Row]:
    """Return the rows that have a confidence."""
    return [row for row in rows if row.confidence is not None]


def _kept(rows: Rows) -> Rows:
    """Return all rows, if any has a confidence: an error is a question that was not settled."""
    return rows if _judged(rows) else ()


def _answerable(row: Row) -> tuple[float, float]:
    return row.confidence or 0.0, float(row.answerable)


def _promised(rows: Rows) -> list[Row]:
    """Return the rows that were given a chance of being right."""
    return [row for row in rows if row.probability is not None]


def _right(row: Row) -> tuple[float, float]:
    """Return the chance of being right, as log-odds, and whether it is."""
    return log_odds(row.probability or 0.0), row.scores["right_overall"] or 0.0


def _settled(threshold: float, row: Row) -> tuple[float, float]:
    return sureness(row.confidence, threshold), 1.0 - (row.scores["right_overall"] or 0.0)


def _seconds(row: Row) -> float:
    return row.seconds
