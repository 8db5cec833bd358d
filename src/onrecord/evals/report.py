"""What a run found: one row a question, figures over them, a table and a JSON file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, Self

from pydantic import JsonValue, model_validator
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from onrecord import Citation
from onrecord.evals.estimate import Estimate, estimate, median, p95
from onrecord.evals.facts import EvalError
from onrecord.evals.metrics import METRICS
from onrecord.types import Value


class Row(Value):
    """What came of one question.

    Attributes:
        id: The fact's id.
        split: The fact's split.
        category: The fact's category.
        question: As it was asked.
        answerable: Whether the corpus states the answer.
        outcome: "answered", "refused" or "error".
        text: The answer in words, or what was said on a refusal.
        citations: The cited sentences, each once.
        error: The kind and message of the error, or empty.
        seconds: Wall-clock time from asking to the whole answer.
        scores: Every per-question metric by name; None where it does not apply.
    """

    id: str
    split: str
    category: str
    question: str
    answerable: bool
    outcome: Literal["answered", "refused", "error"]
    text: str
    citations: tuple[Citation, ...]
    error: str
    seconds: float
    scores: Mapping[str, float | None]


class Report(Value):
    """A run over known facts.

    Attributes:
        facts: Name of the facts file.
        facts_sha256: Its SHA-256, in hexadecimal.
        model: What answered.
        settings: The settings that were given, without secrets.
        n: How many questions were asked; every one of them has a row.
        figures: Each figure over the questions it applies to, by name.
        rows: In the order of asking.
    """

    facts: str
    facts_sha256: str
    model: str
    settings: Mapping[str, JsonValue]
    n: int
    figures: Mapping[str, Estimate]
    rows: tuple[Row, ...]

    @model_validator(mode="after")
    def _no_question_dropped(self) -> Self:
        if not self.n or self.n != len(self.rows):
            raise ValueError("a report has one row for every question asked, and at least one")
        return self


def figures(rows: tuple[Row, ...]) -> dict[str, Estimate]:
    """Return every figure over a run's rows, by name: the metrics, then seconds a question."""
    applicable = {
        name: [score for row in rows if (score := row.scores[name]) is not None] for name in METRICS
    }
    seconds = [row.seconds for row in rows]
    return {name: estimate(scores) for name, scores in applicable.items()} | {
        "seconds_median": estimate(seconds, median),
        "seconds_p95": estimate(seconds, p95),
    }


def table(report: Report) -> RenderableType:
    """Return a report for the terminal: the figures, the categories and the errors."""
    return Group(_figures(report), _categories(report), *_errors(report))


def save(report: Report, path: Path) -> None:
    """Write a report as JSON, its rows included.

    Raises:
        EvalError: The file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(report.model_dump_json(indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise EvalError(
            f"The report cannot be written to {path}: {error}. Choose another file."
        ) from error


def _figures(report: Report) -> Table:
    title = _plain(f"{report.n} questions of {report.facts}, answered by {report.model}")
    figures = Table("", "figure", "95% interval", "questions", title=title)
    for name, figure in report.figures.items():
        interval = "" if figure.low is None else f"{figure.low:.2f} to {figure.high:.2f}"
        value = "does not apply" if figure.value is None else f"{figure.value:.3f}"
        figures.add_row(name.replace("_", " "), value, interval, str(figure.n))
    return figures


def _categories(report: Report) -> Table:
    by_category: dict[str, list[Row]] = defaultdict(list)
    for row in report.rows:
        by_category[row.category].append(row)
    categories = Table("category", "right", "questions", title="Right by category")
    for name, rows in by_category.items():
        share = sum(row.scores["right_overall"] or 0.0 for row in rows) / len(rows)
        categories.add_row(_plain(name), f"{share:.2f}", str(len(rows)))
    return categories


def _errors(report: Report) -> list[Text]:
    return [
        _plain(f"{row.id}: {row.error}", style="red")
        for row in report.rows
        if row.outcome == "error"
    ]


def _plain(text: str, style: str = "") -> Text:
    """Text that cannot steer the terminal, whatever an error or a file's name contains."""
    return Text("".join(char if char.isprintable() else " " for char in text), style=style)
