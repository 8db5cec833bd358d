"""Good enough? A report's figures against the thresholds that were promised."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Self

from pydantic import ValidationError, model_validator

from onrecord.evals.estimate import Estimate
from onrecord.evals.facts import EvalError
from onrecord.evals.metrics import METRICS
from onrecord.evals.report import Report
from onrecord.types import Value

_CATEGORY = "category"  # the table that holds the categories' own


class Threshold(Value):
    """The least or the most that a figure may be.

    Attributes:
        min: The figure fails below it.
        max: The figure fails above it.
    """

    min: float | None = None
    max: float | None = None

    @model_validator(mode="after")
    def _bounds_something(self) -> Self:
        if self.min is None and self.max is None:
            raise ValueError("give min or max")
        return self


class _Promised(Value):
    """A thresholds file: bounds on figures over all questions, and on a category's."""

    overall: Mapping[str, Threshold]
    category: Mapping[str, Mapping[str, Threshold]]


class Promise(Value):
    """A bound on a figure, and whether it is kept.

    Attributes:
        name: The figure, and the category where it is over one alone.
        miss: In words how it is missed; empty where it is kept.
    """

    name: str
    miss: str = ""


def promises(report: Report, thresholds: Path) -> tuple[Promise, ...]:
    """Return every bound of a thresholds file, and how the report misses it.

    A figure that applies to no question of the run has not been shown to pass, and fails.

    Args:
        report: A run.
        thresholds: A TOML file with a table for each bounded figure ([right]) or figure of a
            category ([category.reworded.right]): min, max or both.

    Raises:
        EvalError: The file cannot be read, or bounds something that is no figure.
    """
    promised = _read(thresholds)
    _check_names(promised.overall, report.figures, thresholds)
    for bounds in promised.category.values():
        _check_names(bounds, METRICS, thresholds)
    return (
        *_kept(promised.overall, report.figures, ""),
        *(
            promise
            for category, bounds in promised.category.items()
            for promise in _kept(
                bounds, report.categories.get(category, {}), f" of category {category}"
            )
        ),
    )


def gate(report: Report, thresholds: Path) -> tuple[str, ...]:
    """Return how a report misses its thresholds, each in words; none when it passes.

    Args and Raises: as for `promises`.
    """
    return tuple(promise.miss for promise in promises(report, thresholds) if promise.miss)


def _check_names(bounds: Mapping[str, Threshold], known: Iterable[str], path: Path) -> None:
    names = list(known)
    unknown = bounds.keys() - set(names)
    if unknown:
        raise EvalError(
            f"{path} bounds {', '.join(sorted(unknown))}, which no report has. "
            f"Name one of: {', '.join(names)}."
        )


def _kept(
    bounds: Mapping[str, Threshold], figures: Mapping[str, Estimate], whose: str
) -> Iterator[Promise]:
    for figure, threshold in bounds.items():
        value = figures[figure].value if figure in figures else None
        name = f"{figure}{whose}"
        yield Promise(name=name, miss="; ".join(_missed(name, value, threshold)))


def _missed(name: str, value: float | None, threshold: Threshold) -> Iterator[str]:
    if value is None:
        yield f"{name} applies to no question of this run"
        return
    if threshold.min is not None and not value >= threshold.min:
        yield f"{name} is {value:.3f}, below the least allowed, {threshold.min:g}"
    if threshold.max is not None and not value <= threshold.max:
        yield f"{name} is {value:.3f}, above the most allowed, {threshold.max:g}"


def _read(path: Path) -> _Promised:
    try:
        overall = tomllib.loads(path.read_text(encoding="utf-8"))
        return _Promised(category=overall.pop(_CATEGORY, {}), overall=overall)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise EvalError(
            f"{path} cannot be read as thresholds: {error}. Give each figure a table "
            "with min, max or both, such as [right] and below it min = 0.85."
        ) from error
