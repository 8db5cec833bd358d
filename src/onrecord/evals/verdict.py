"""A finished run with all that is said about it: what every kind of output is made of."""

from __future__ import annotations

from onrecord.evals.compare import Comparison
from onrecord.evals.gate import Promise
from onrecord.evals.report import Report, Row
from onrecord.types import Value


class Verdict(Value):
    """A run and what is made of it.

    Attributes:
        report: The run.
        thresholds: What the run must keep to pass.
        targets: What is aimed at; missing one is said, and fails nothing.
        comparison: The run beside a baseline, if there is one.
        strict: Whether a regression fails the run.
    """

    report: Report
    thresholds: tuple[Promise, ...] = ()
    targets: tuple[Promise, ...] = ()
    comparison: Comparison | None = None
    strict: bool = False

    @property
    def failures(self) -> tuple[str, ...]:
        """Why the run fails, each in words; none when it passes."""
        missed = tuple(promise.miss for promise in self.thresholds if promise.miss)
        return missed + (self.regressions if self.strict else ())

    @property
    def regressions(self) -> tuple[str, ...]:
        """What is worse than in the baseline; none without one."""
        return self.comparison.regressions if self.comparison else ()

    @property
    def shortfalls(self) -> tuple[str, ...]:
        """What falls short of the targets, each in words."""
        return tuple(promise.miss for promise in self.targets if promise.miss)


def expected(row: Row) -> str:
    """Return in words what a right answer to a row's question is."""
    if not row.answerable:
        return "that the corpus does not say"
    return " and ".join(" or ".join(group) for group in row.answers)
