"""A finished run with all that is said about it: what every kind of output is made of."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import cast

from onrecord.evals.compare import Comparison
from onrecord.evals.gate import gate
from onrecord.evals.report import Report, Row
from onrecord.types import Value


class Promise(Value):
    """A bound on a figure, and whether it is kept.

    Attributes:
        name: The figure, and the category where it is over one alone.
        miss: In words how it is missed; empty where it is kept.
    """

    name: str
    miss: str = ""


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


def promises(report: Report, bounds: Path) -> tuple[Promise, ...]:
    """Return every bound of a thresholds file, each with what `gate` says of it.

    Raises:
        EvalError: The file cannot be used; as for `gate`.
    """
    misses = gate(report, bounds)
    names = tuple(_bounded(tomllib.loads(bounds.read_text(encoding="utf-8"))))
    by_name = {name: [miss for miss in misses if _named(miss, names) == name] for name in names}
    return tuple(Promise(name=name, miss="; ".join(found)) for name, found in by_name.items())


def _bounded(tables: Mapping[str, Mapping[str, object]]) -> Iterator[str]:
    """Yield what is bounded, as `gate` names it."""
    for name in tables:
        if name != "category":
            yield name
    for category, figures in tables.get("category", {}).items():
        yield from (f"{name} of category {category}" for name in cast("dict[str, object]", figures))


def _named(miss: str, names: Iterable[str]) -> str:
    """Return the bound that a miss is about: the longest name that it begins with."""
    return max((name for name in names if miss.startswith(f"{name} ")), key=len)
