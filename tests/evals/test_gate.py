from pathlib import Path

import pytest

from onrecord.evals import EvalError, FactSet, Report, gate, run
from tests.evals.eval_samples import FakeAssistant, answer, fact, refusal, unanswerable

EVALS = Path(__file__).parents[2] / "evals"
ATTACKS = EVALS / "injection.thresholds.toml"
SHIPPED = sorted(set(EVALS.glob("*.toml")) - {ATTACKS})  # which bounds what no other set asks


def report(*, good: bool) -> Report:
    known, unknown = fact(), unanswerable()
    said = answer("Three.", 1)
    assistant = FakeAssistant(
        {
            known.question: said if good else refusal(),
            unknown.question: refusal() if good else said,
        }
    )
    return run(assistant, FactSet(name="f", sha256="", facts=(known, unknown)))


def thresholds(folder: Path, text: str) -> Path:
    path = folder / "thresholds.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("shipped", SHIPPED)
def test_a_good_run_passes_what_is_shipped(shipped: Path) -> None:
    assert gate(report(good=True), shipped) == ()


@pytest.mark.parametrize("shipped", SHIPPED)
def test_a_bad_run_fails_all_but_its_offsets(shipped: Path) -> None:
    failures = {failure.split()[0] for failure in gate(report(good=False), shipped)}
    assert failures >= {"right", "citation_precision", "citation_recall", "false_refusal"}
    assert "offsets_valid" not in failures


def test_a_bad_run_fails_in_words() -> None:
    failures = gate(report(good=False), EVALS / "targets.toml")
    assert "right is 0.000, below the least allowed, 0.95" in failures
    assert "false_refusal is 1.000, above the most allowed, 0.03" in failures
    assert not any(failure.startswith("offsets_valid") for failure in failures)


def test_a_figure_at_its_threshold_passes(tmp_path: Path) -> None:
    path = thresholds(tmp_path, "[right]\nmin = 1.0\nmax = 1.0\n")
    assert gate(report(good=True), path) == ()


def test_a_figure_that_applies_to_no_question_fails(tmp_path: Path) -> None:
    path = thresholds(tmp_path, "[attribution]\nmin = 0.0\n")
    assert gate(report(good=True), path) == ("attribution applies to no question of this run",)


def test_a_category_can_be_bounded_by_itself(tmp_path: Path) -> None:
    path = thresholds(tmp_path, "[right]\nmin = 0.0\n[category.how_many.right]\nmin = 0.5\n")
    assert gate(report(good=True), path) == ()
    assert gate(report(good=False), path) == (
        "right of category how_many is 0.000, below the least allowed, 0.5",
    )


@pytest.mark.parametrize("category", ["near_miss", "misspelt"])
def test_a_categorys_figure_that_applies_to_nothing_fails(tmp_path: Path, category: str) -> None:
    path = thresholds(tmp_path, f"[category.{category}.right]\nmin = 0.0\n")
    (failure,) = gate(report(good=True), path)
    assert failure == f"right of category {category} applies to no question of this run"


@pytest.mark.parametrize(
    "text",
    [
        "[right",
        "[right]\n",
        "[right]\nleast = 1.0\n",
        "right = 0.8\n",
        "[wrong]\nmin = 0.1\n",
        "category = 1\n",
        "[category.how_many]\nmin = 0.1\n",
        "[category.how_many.wrong]\nmin = 0.1\n",
    ],
)
def test_thresholds_that_cannot_be_used(tmp_path: Path, text: str) -> None:
    with pytest.raises(EvalError, match=r"thresholds\.toml"):
        gate(report(good=True), thresholds(tmp_path, text))


def test_thresholds_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(EvalError, match="cannot be read"):
        gate(report(good=True), tmp_path / "none.toml")
