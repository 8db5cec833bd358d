from collections.abc import Mapping
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from onrecord import Answer
from onrecord.evals import EvalError, Report, compare, comparison_table, read_report, save
from onrecord.evals.compare import mcnemar
from tests.evals.eval_samples import answer
from tests.evals.reports import REFUSED, RIGHT, WRONG, hostile, reported

VARIED = reported({"a": RIGHT, "b": WRONG, "c": REFUSED, "d": KeyError("bug")})


def ids(changes: tuple[object, ...]) -> list[str]:
    return [change.now.id for change in changes]  # type: ignore[attr-defined]


def test_lost_won_and_changed_questions_are_told_apart() -> None:
    before = {"kept": RIGHT, "lost": RIGHT, "won": WRONG, "other": WRONG, "cites": RIGHT}
    now = {
        "kept": RIGHT,
        "lost": REFUSED,
        "won": RIGHT,
        "other": REFUSED,
        "cites": answer("Three machines.", 1, 0),
    }
    found = compare(reported(now), reported(before))
    assert ids(found.lost) == ["lost"]
    assert ids(found.won) == ["won"]
    assert ids(found.changed) == ["other", "cites"]
    assert found.shared == 5
    assert found.same_facts
    assert found.regressions == ()


def test_questions_of_one_run_alone_are_named_and_left_out() -> None:
    found = compare(
        reported({"a": RIGHT, "new": WRONG}, sha256="1"),
        reported({"old": RIGHT, "a": RIGHT}, sha256="2"),
    )
    assert (found.only_now, found.only_before, found.shared) == (("new",), ("old",), 1)
    assert not found.same_facts
    assert found.differences["right"].now == 1.0
    assert found.differences["right"].change.n == 1


def test_an_id_that_asks_something_else_is_not_compared() -> None:
    before = reported({"a": RIGHT, "b": RIGHT})
    rows = (before.rows[0].model_copy(update={"question": "Why?"}), before.rows[1])
    found = compare(before.model_copy(update={"rows": rows}), before)
    assert (found.reworded, found.shared) == (("a",), 1)


def test_nothing_shared_and_ids_that_repeat_are_errors() -> None:
    one = reported({"a": RIGHT})
    with pytest.raises(EvalError, match="shares no question"):
        compare(one, reported({"b": RIGHT}))
    twice = one.model_copy(update={"rows": one.rows * 2, "n": 2})
    with pytest.raises(EvalError, match="one id"):
        compare(twice, one)


def many(given: Answer, count: int) -> Mapping[str, Answer]:
    return {f"q{place}": given for place in range(count)}


@pytest.mark.parametrize(("count", "regressed"), [(5, False), (6, True)])
def test_a_loss_is_a_regression_when_chance_does_not_explain_it(
    count: int, regressed: bool
) -> None:
    found = compare(reported(many(WRONG, count)), reported(many(RIGHT, count)))
    assert bool(found.regressions) is regressed
    assert found.p_value == pytest.approx(2 * 0.5**count)


def test_a_gain_is_no_regression() -> None:
    assert compare(reported(many(RIGHT, 9)), reported(many(WRONG, 9))).regressions == ()


def test_one_wrong_offset_more_is_a_regression() -> None:
    (claim,) = RIGHT.claims
    moved = claim.citations[0].model_copy(update={"start": 0})
    off = RIGHT.model_copy(update={"claims": (claim.model_copy(update={"citations": (moved,)}),)})
    found = compare(reported({"a": RIGHT, "b": off}), reported({"a": RIGHT, "b": RIGHT}))
    (regression,) = found.regressions
    assert regression == "offsets_valid fell from 1.000 to 0.500"


def test_a_difference_has_an_interval_that_holds_it_and_repeats() -> None:
    before = reported({**many(RIGHT, 8), "x": WRONG, "y": REFUSED})
    now = reported(
        {**many(RIGHT, 5), "q5": WRONG, "q6": REFUSED, "q7": RIGHT, "x": RIGHT, "y": WRONG}
    )
    first, again = (compare(now, before).differences["right"] for _ in range(2))
    assert first == again
    assert first.change.value == pytest.approx(-0.1)
    assert first.change.low is not None
    assert first.change.high is not None
    assert first.change.low < -0.1 < first.change.high


def test_a_figure_that_applies_to_one_run_alone_has_no_difference() -> None:
    found = compare(reported({"a": REFUSED}), reported({"a": RIGHT}))
    precision = found.differences["refusal_precision"]
    assert (precision.before, precision.now, precision.change.value) == (None, 0.0, None)


@settings(max_examples=10)
@given(st.sets(st.integers(0, len(VARIED.rows) - 1), min_size=1))
def test_a_run_beside_itself_has_changed_nowhere(kept: set[int]) -> None:
    rows = tuple(VARIED.rows[place] for place in kept)
    run = VARIED.model_copy(update={"rows": rows, "n": len(rows)})
    found = compare(run, run)
    assert found.lost == found.won == found.changed == ()
    assert found.p_value == 1.0
    for difference in found.differences.values():
        assert difference.change.value in (0.0, None)
        assert difference.change.low in (0.0, None)


@given(st.integers(0, 40), st.integers(0, 40))
def test_mcnemar_is_a_chance_and_sees_no_sides(lost: int, won: int) -> None:
    assert 0 < mcnemar(lost, won) <= 1
    assert mcnemar(lost, won) == mcnemar(won, lost)


def test_mcnemar_by_hand() -> None:
    assert mcnemar(1, 5) == pytest.approx(2 * (1 + 6) / 64)


def test_a_baseline_is_read_as_it_was_saved(tmp_path: Path) -> None:
    report = reported({"a": RIGHT})
    save(report, tmp_path / "baseline.json")
    assert read_report(tmp_path / "baseline.json") == report


@pytest.mark.parametrize("text", ["{}", "nonsense"])
def test_a_baseline_that_is_no_report(tmp_path: Path, text: str) -> None:
    path = tmp_path / "baseline.json"
    with pytest.raises(EvalError, match="cannot be read as a report"):
        read_report(path)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(EvalError, match="cannot be read as a report"):
        read_report(path)


def shown(report: Report, before: Report) -> str:
    terminal = StringIO()
    Console(width=200, file=terminal).print(comparison_table(compare(report, before)))
    return terminal.getvalue()


def test_the_table_names_what_was_lost_and_what_was_left_out() -> None:
    before = reported({"a": RIGHT, "old": RIGHT}, sha256="other")
    text = shown(reported({"a": WRONG}), before)
    assert "lost  a: How many, a?" in text
    assert "now (answered): Four machines [1]." in text
    assert "Only in the baseline: old" in text
    assert "asked other facts" in text


def test_the_table_cannot_steer_the_terminal() -> None:
    report = hostile()
    rows = tuple(row.model_copy(update={"text": row.text + "!"}) for row in report.rows)
    text = shown(report, report.model_copy(update={"rows": rows}))
    assert "changed" in text
    assert not {"\x1b", "\x00", "\u202e"} & set(text)


def test_questions_of_one_document_are_drawn_together() -> None:
    run = reported({"a": RIGHT, "b": WRONG, "c": RIGHT, "d": REFUSED})
    rows = tuple(
        row.model_copy(update={"document": document})
        for row, document in zip(run.rows, "xxyz", strict=True)
    )
    spread = run.model_copy(update={"rows": rows})
    assert compare(run, run).differences["right"].change.resampled == "questions"
    assert compare(spread, spread).differences["right"].change.resampled == "documents"
