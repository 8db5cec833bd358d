"""Better or worse than before? A run beside an earlier one, question by question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from pydantic import ValidationError
from scipy.stats import binomtest

from onrecord.evals.estimate import Estimate, Numbers, estimate
from onrecord.evals.facts import EvalError
from onrecord.evals.metrics import METRICS
from onrecord.evals.report import Report, Row
from onrecord.types import Value

_SIGNIFICANT = 0.05


class Change(Value):
    """One question in both runs.

    Attributes:
        before: What came of it in the baseline.
        now: What comes of it.
    """

    before: Row
    now: Row


class Difference(Value):
    """How a mean figure differs between two runs over the shared questions.

    Attributes:
        before: The baseline's figure over them; None where it applies to none.
        now: This run's.
        change: `now - before` with its interval, over the shared questions that the figure
            applies to in at least one of the runs.
    """

    before: float | None
    now: float | None
    change: Estimate


class Comparison(Value):
    """A run beside its baseline. Only shared questions (same id, same words) are compared.

    Attributes:
        baseline: Name of the facts that the baseline was asked.
        same_facts: Whether both runs were asked the same file, by its SHA-256.
        shared: How many questions are compared.
        only_now: Ids that the baseline lacks.
        only_before: Ids that this run lacks.
        reworded: Ids that ask something else now than in the baseline; not compared.
        lost: Right before, wrong now.
        won: Wrong before, right now.
        changed: As right or as wrong as before, with another answer or other citations.
        p_value: Two-sided, of McNemar's exact test on `right_overall`.
        differences: By figure.
    """

    baseline: str
    same_facts: bool
    shared: int
    only_now: tuple[str, ...]
    only_before: tuple[str, ...]
    reworded: tuple[str, ...]
    lost: tuple[Change, ...]
    won: tuple[Change, ...]
    changed: tuple[Change, ...]
    p_value: float
    differences: Mapping[str, Difference]

    @property
    def regressions(self) -> tuple[str, ...]:
        """What is worse than chance explains, each in words; none when nothing is."""
        return tuple(_regressions(self))


def read_report(path: Path) -> Report:
    """Read a report that `save` wrote.

    Raises:
        EvalError: The file cannot be read, or holds something else.
    """
    try:
        return Report.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, ValidationError) as error:
        raise EvalError(
            f"{path} cannot be read as a report: {error}. "
            "Make it anew: onrecord eval --json FILE, with this version of onrecord."
        ) from error


def compare(report: Report, baseline: Report) -> Comparison:
    """Compare a run with an earlier one, over the questions that both were asked.

    Right and wrong are compared by McNemar's exact test (McNemar 1947; the binomial form of
    Edwards 1948), every mean figure by a paired bootstrap, seeded as `estimate` is: each resample
    draws from the shared questions, or documents, and averages both runs over the same ones.

    Raises:
        EvalError: The runs share no question, or one of them has an id twice.
    """
    now, before = _by_id(report), _by_id(baseline)
    both = [name for name in now if name in before]
    reworded = [name for name in both if _asked(now[name]) != _asked(before[name])]
    pairs = [
        Change(before=before[name], now=now[name]) for name in both if name not in set(reworded)
    ]
    if not pairs:
        raise EvalError(
            f"The baseline (of {baseline.facts}) shares no question with {report.facts}. "
            "Name a report on the same facts."
        )
    lost = tuple(pair for pair in pairs if is_right(pair.before) and not is_right(pair.now))
    won = tuple(pair for pair in pairs if is_right(pair.now) and not is_right(pair.before))
    return Comparison(
        baseline=baseline.facts,
        same_facts=report.facts_sha256 == baseline.facts_sha256,
        shared=len(pairs),
        only_now=tuple(name for name in now if name not in before),
        only_before=tuple(name for name in before if name not in now),
        reworded=tuple(reworded),
        lost=lost,
        won=won,
        changed=tuple(
            pair
            for pair in pairs
            if is_right(pair.before) == is_right(pair.now) and _said(pair.before) != _said(pair.now)
        ),
        p_value=mcnemar(len(lost), len(won)),
        differences={name: _difference(name, pairs) for name in METRICS},
    )


def mcnemar(lost: int, won: int) -> float:
    """Return the two-sided p of McNemar's exact test: as many lost as won, but for chance."""
    return float(binomtest(lost, lost + won).pvalue) if lost + won else 1.0


def is_right(row: Row) -> bool:
    """Tell whether a question was answered right, or refused where nothing is known."""
    return row.scores.get("right_overall") == 1.0


def _by_id(report: Report) -> dict[str, Row]:
    rows = {row.id: row for row in report.rows}
    if len(rows) != len(report.rows):
        raise EvalError(
            f"Of {report.facts}, two questions have one id, so that they cannot be told apart. "
            "Find them with onrecord eval --check."
        )
    return rows


def _asked(row: Row) -> tuple[object, ...]:
    return row.question, row.history, row.answerable


def _said(row: Row) -> tuple[object, ...]:
    return row.outcome, row.text, {(c.document_id, c.start, c.end) for c in row.citations}


def _difference(name: str, pairs: Sequence[Change]) -> Difference:
    applies = [
        pair
        for pair in pairs
        if not (pair.before.scores.get(name) is None and pair.now.scores.get(name) is None)
    ]
    scores = np.array(
        [[_number(row.scores.get(name)) for row in (pair.before, pair.now)] for pair in applies]
    ).reshape(-1, 2)
    before, now = _means(scores, np.ones((1, len(scores))))[0]
    change = estimate(scores, _change, [pair.now.document for pair in applies])
    return Difference(before=_known(before), now=_known(now), change=change)


def _change(scores: Numbers, drawn: Numbers) -> Numbers:
    before, now = _means(scores, drawn).T
    return np.asarray(now - before)


def _means(scores: Numbers, drawn: Numbers) -> Numbers:
    """Return both runs' means in each resample; NaN for a run that the figure does not apply to."""
    applies = ~np.isnan(scores)
    counted = drawn @ applies
    totals = drawn @ np.where(applies, scores, 0.0)
    means = np.full(totals.shape, np.nan)
    np.divide(totals, counted, out=means, where=counted > 0)
    return means


def _number(score: float | None) -> float:
    return np.nan if score is None else score


def _known(number: float) -> float | None:
    return float(number) if np.isfinite(number) else None


def _regressions(comparison: Comparison) -> Iterator[str]:
    lost, won = len(comparison.lost), len(comparison.won)
    if lost > won and comparison.p_value < _SIGNIFICANT:
        yield (
            f"right_overall fell: {lost} questions were lost and {won} won "
            f"(McNemar's exact p = {comparison.p_value:.3g})"
        )
    offsets = comparison.differences["offsets_valid"]
    if offsets.now is not None and offsets.before is not None and offsets.now < offsets.before:
        yield f"offsets_valid fell from {offsets.before:.3f} to {offsets.now:.3f}"
