"""Good enough? A report's figures against the thresholds that were promised."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Self

from pydantic import TypeAdapter, ValidationError, model_validator

from onrecord.evals.facts import EvalError
from onrecord.evals.report import Report
from onrecord.types import Value


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


def gate(report: Report, thresholds: Path) -> tuple[str, ...]:
    """Return the thresholds that a report misses, each in words; none when it passes.

    A figure that applies to no question of the run has not been shown to pass, and fails.

    Args:
        report: A run.
        thresholds: A TOML file with a table for each bounded figure: min, max or both.

    Raises:
        EvalError: The file cannot be read, or bounds something that is no figure.
    """
    promised = _read(thresholds)
    unknown = promised.keys() - report.figures.keys()
    if unknown:
        raise EvalError(
            f"{thresholds} bounds {', '.join(sorted(unknown))}, which no report has. "
            f"Name one of: {', '.join(report.figures)}."
        )
    return tuple(
        failure
        for name, threshold in promised.items()
        for failure in _misses(name, report.figures[name].value, threshold)
    )


def _misses(name: str, value: float | None, threshold: Threshold) -> Iterator[str]:
    if value is None:
        yield f"{name} applies to no question of this run"
        return
    if threshold.min is not None and not value >= threshold.min:
        yield f"{name} is {value:.3f}, below the least allowed, {threshold.min:g}"
    if threshold.max is not None and not value <= threshold.max:
        yield f"{name} is {value:.3f}, above the most allowed, {threshold.max:g}"


def _read(path: Path) -> dict[str, Threshold]:
    try:
        return TypeAdapter(dict[str, Threshold]).validate_python(
            tomllib.loads(path.read_text(encoding="utf-8"))
        )
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise EvalError(
            f"{path} cannot be read as thresholds: {error}. Give each figure a table "
            "with min, max or both, such as [right] and below it min = 0.85."
        ) from error
