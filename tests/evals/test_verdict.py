from pathlib import Path

import pytest

from onrecord.evals import EvalError, Verdict, compare, promises
from onrecord.evals.verdict import expected
from tests.evals.reports import REFUSED, RIGHT, WRONG, reported

REPORT = reported({"a": RIGHT, "b": WRONG})


def bounds(folder: Path, text: str) -> Path:
    path = folder / "thresholds.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_bound_is_a_promise_kept_or_missed(tmp_path: Path) -> None:
    text = (
        "[right]\nmin = 0.9\n[errors]\nmax = 0\n[false_refusal]\nmin = 0.5\nmax = 1\n"
        "[category.how_many.right]\nmin = 0.6\n[category.how_many.right_overall]\nmin = 0.7\n"
    )
    found = {promise.name: promise.miss for promise in promises(REPORT, bounds(tmp_path, text))}
    assert list(found) == [
        "right",
        "errors",
        "false_refusal",
        "right of category how_many",
        "right_overall of category how_many",
    ]
    assert [name for name, miss in found.items() if miss] == [
        "right",
        "false_refusal",
        "right of category how_many",
        "right_overall of category how_many",
    ]
    assert found["right"] == "right is 0.500, below the least allowed, 0.9"


def test_both_bounds_of_a_figure_are_one_promise(tmp_path: Path) -> None:
    (promise,) = promises(REPORT, bounds(tmp_path, "[right]\nmin = 0.9\nmax = 0.1\n"))
    assert "below the least" in promise.miss
    assert "above the most" in promise.miss


def test_bounds_that_cannot_be_used(tmp_path: Path) -> None:
    with pytest.raises(EvalError, match="which no report has"):
        promises(REPORT, bounds(tmp_path, "[colour]\nmin = 1\n"))


def test_a_regression_fails_a_strict_verdict_alone() -> None:
    names = [str(place) for place in range(8)]
    now, before = (reported(dict.fromkeys(names, given)) for given in (WRONG, RIGHT))
    comparison = compare(now, before)
    lenient = Verdict(report=now, comparison=comparison)
    assert lenient.failures == ()
    assert lenient.regressions
    assert Verdict(report=now, comparison=comparison, strict=True).failures == lenient.regressions


def test_what_is_expected_is_said_in_words() -> None:
    two = reported({"a": REFUSED}, answers=[["three", "3"], ["machines"]]).rows[0]
    assert expected(two) == "three or 3 and machines"
    none = reported({"a": REFUSED}, answerable=False, answers=[], gold=[]).rows[0]
    assert expected(none) == "that the corpus does not say"
