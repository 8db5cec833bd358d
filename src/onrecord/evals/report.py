"""What a run found: one row a question, figures over them, a table and a JSON file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal, Self

from pydantic import JsonValue, model_validator
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from onrecord import Citation
from onrecord.evals.confidence import Curves
from onrecord.evals.estimate import Estimate
from onrecord.evals.facts import EvalError, Place, Span
from onrecord.evals.plain import plain
from onrecord.types import Message, Value


class Row(Value):
    """What came of one question.

    Attributes:
        id: The fact's id.
        split: The fact's split.
        category: The fact's category.
        document: The id of the document that the fact is about; empty for the corpus at large.
        question: As it was asked.
        history: The conversation before it.
        answerable: Whether the corpus states the answer.
        answers: The fact's groups of aliases.
        gold: The fact's gold groups, as they stand in its document.
        outcome: "answered", "refused" or "error".
        text: The answer in words, or what was said on a refusal.
        citations: The cited sentences, each once.
        retrieved: Where the candidates of retrieval stand, best first; none on an error.
        confidence: Log-odds (nats) that the corpus answers, bounded to 100 either way; None
            on an error, and where the assistant does not say.
        probability: The chance that it gave of being right, 0 to 1; None where it gave none.
        error: The kind and message of the error, or empty.
        seconds: Wall-clock time from asking to the whole answer.
        timings: Seconds by stage, and in "total", as the answer has them; none on an error.
        scores: Every per-question metric by name; None where it does not apply.
    """

    id: str
    split: str
    category: str
    document: str
    question: str
    history: tuple[Message, ...]
    answerable: bool
    answers: tuple[tuple[str, ...], ...]
    gold: tuple[tuple[Span, ...], ...]
    outcome: Literal["answered", "refused", "error"]
    text: str
    citations: tuple[Citation, ...]
    retrieved: tuple[Place, ...]
    confidence: float | None
    probability: float | None = None
    error: str
    seconds: float
    timings: Mapping[str, float]
    scores: Mapping[str, float | None]


class Report(Value):
    """A run over known facts.

    Attributes:
        facts: Name of the facts file.
        facts_sha256: Its SHA-256, in hexadecimal.
        model: What answered.
        settings: The settings that were given, without secrets.
        pins: What the run was made of: SHA-256 of the facts, documents, prompts and package,
            versions, the model's name.
        n: How many questions were asked; every one of them has a row.
        figures: Each figure over the questions it applies to, by name.
        categories: The mean figures of each category's questions, by category and name.
        curves: The curves behind the figures on confidence.
        rows: In the order of asking.
    """

    facts: str
    facts_sha256: str
    model: str
    settings: Mapping[str, JsonValue]
    pins: Mapping[str, str]
    n: int
    figures: Mapping[str, Estimate]
    categories: Mapping[str, Mapping[str, Estimate]]
    curves: Curves
    rows: tuple[Row, ...]

    @model_validator(mode="after")
    def _no_question_dropped(self) -> Self:
        if not self.n or self.n != len(self.rows):
            raise ValueError("a report has one row for every question asked, and at least one")
        return self


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
    by_document = any(figure.resampled == "documents" for figure in report.figures.values())
    drawn = "whole documents, or questions where those are few" if by_document else "questions"
    caption = f"Intervals by drawing again: {drawn}."
    figures = Table("", "figure", "95% interval", "questions", title=title, caption=caption)
    for name, figure in report.figures.items():
        figures.add_row(_plain(name.replace("_", " ")), *_shown(figure, digits=3))
    return figures


def _categories(report: Report) -> Table:
    categories = Table("category", "right", "95% interval", "questions", title="Right by category")
    for name, figures in report.categories.items():
        categories.add_row(_plain(name), *_shown(figures["right_overall"], digits=2))
    return categories


def _shown(figure: Estimate, digits: int) -> tuple[str, str, str]:
    if figure.value is None:
        return "does not apply", "", str(figure.n)
    return (
        f"{figure.value:.{digits}f}",
        f"{figure.low:.2f} to {figure.high:.2f}",
        str(figure.n),
    )


def _errors(report: Report) -> list[Text]:
    return [
        _plain(f"{row.id}: {row.error}", style="red")
        for row in report.rows
        if row.outcome == "error"
    ]


def _plain(text: str, style: str = "") -> Text:
    """Text that cannot steer the terminal, whatever an error or a file's name contains."""
    return Text(plain(text), style=style)
