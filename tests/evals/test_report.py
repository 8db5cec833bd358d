import json
from io import StringIO
from pathlib import Path

import pytest
from pydantic import ValidationError
from rich.console import Console

from onrecord.evals import EvalError, FactSet, Report, run, save, table
from tests.evals.eval_samples import FakeAssistant, answer, fact, refusal, unanswerable


@pytest.fixture
def report() -> Report:
    known, unknown, broken = fact(), unanswerable(), fact(id="broken", question="Why?")
    assistant = FakeAssistant(
        {
            known.question: answer("Three.", 1),
            unknown.question: refusal(),
            broken.question: RuntimeError("\x1b[2J[bold]gone[/bold]"),
        }
    )
    return run(assistant, FactSet(name="f.jsonl", sha256="ab", facts=(known, unknown, broken)))


def test_the_table_shows_n_figures_categories_and_errors(report: Report) -> None:
    terminal = StringIO()
    Console(width=100, file=terminal).print(table(report))
    shown = terminal.getvalue()
    assert "3 questions of f.jsonl, answered by fake" in shown
    assert "citation precision" in shown
    assert "near_miss" in shown
    assert "does not apply" in shown
    assert "broken: RuntimeError:  [2J[bold]gone[/bold]" in shown
    assert "\x1b[2J" not in shown


def test_a_saved_report_is_read_back_as_it_was(report: Report, tmp_path: Path) -> None:
    path = tmp_path / "out" / "report.json"
    save(report, path)
    assert Report.model_validate_json(path.read_text(encoding="utf-8")) == report
    assert json.loads(path.read_text(encoding="utf-8"))["facts_sha256"] == "ab"


def test_a_report_that_cannot_be_written(report: Report, tmp_path: Path) -> None:
    with pytest.raises(EvalError, match="cannot be written"):
        save(report, tmp_path)


def test_a_report_never_drops_a_question(report: Report) -> None:
    fields = report.model_dump()
    for rows, n in ((fields["rows"][1:], 3), ([], 0)):
        with pytest.raises(ValidationError, match="one row for every question"):
            Report.model_validate(fields | {"rows": rows, "n": n})
