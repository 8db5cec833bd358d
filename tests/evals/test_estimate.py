import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.evals.estimate import Numbers, Statistic, estimate, mean, median, p95

SHARES = st.lists(st.floats(0, 1), min_size=1, max_size=50)


@settings(max_examples=30)
@given(SHARES)
def test_an_interval_stays_within_what_was_seen(values: list[float]) -> None:
    found = estimate(values)
    assert found.low is not None
    assert found.high is not None
    slack = 1e-9
    assert min(values) - slack <= found.low <= found.high <= max(values) + slack


@settings(max_examples=30)
@given(SHARES)
def test_the_same_values_give_the_same_interval(values: list[float]) -> None:
    assert estimate(values) == estimate(values)


def test_more_questions_make_it_surer() -> None:
    few, many = estimate([0.0, 1.0] * 10), estimate([0.0, 1.0] * 1000)
    assert few.value == many.value == 0.5
    assert few.high is not None
    assert few.low is not None
    assert many.high is not None
    assert many.low is not None
    assert many.high - many.low < few.high - few.low


def test_median_and_95th_percentile() -> None:
    seconds = [float(second) for second in range(101)]
    assert estimate(seconds, median).value == 50.0
    assert estimate(seconds, p95).value == 95.0


def test_nothing_to_estimate() -> None:
    nothing = estimate([])
    assert (nothing.value, nothing.low, nothing.high, nothing.n) == (None, None, None, 0)


@settings(max_examples=50)
@given(
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 4)), min_size=1).filter(
        lambda drawn: any(times for _, times in drawn)
    )
)
def test_a_resample_is_the_questions_drawn_as_often_as_they_were(
    drawn: list[tuple[float, int]],
) -> None:
    values, times = (np.array(column, dtype=float) for column in zip(*drawn, strict=True))
    written_out = np.repeat(values, times.astype(int))
    for statistic, plain in ((mean, np.mean), (median, np.median), (p95, _p95)):
        assert statistic(values, times[None])[0] == pytest.approx(plain(written_out))


def _p95(values: Numbers) -> float:
    return float(np.percentile(values, 95))


def test_questions_about_one_document_are_drawn_together() -> None:
    scores = [float(document % 2) for document in range(6) for _ in range(20)]
    documents = [f"{document}.txt" for document in range(6) for _ in range(20)]
    single, whole = estimate(scores), estimate(scores, documents=documents)
    assert (single.resampled, whole.resampled) == ("questions", "documents")
    assert single.value == whole.value == 0.5
    assert _width(whole) > 2 * _width(single)


@pytest.mark.parametrize("statistic", [mean, median])
def test_two_documents_are_too_few_to_be_drawn(statistic: Statistic) -> None:
    scores = [0.0, 1.0, 1.0, 0.0]
    found = estimate(scores, statistic, ["a", "a", "b", ""])
    assert found == estimate(scores, statistic)
    assert found.resampled == "questions"


def test_a_question_about_no_document_is_drawn_by_itself() -> None:
    scores = [0.0, 1.0] * 20
    loose = estimate(scores, documents=["a", "b", "c", *[""] * 37])
    assert loose.resampled == "documents"
    assert _width(loose) == pytest.approx(_width(estimate(scores)), abs=0.1)


def test_a_figure_that_is_not_defined_has_no_value() -> None:
    def undefined(_values: Numbers, drawn: Numbers) -> Numbers:
        return np.full(len(drawn), np.nan)

    found = estimate([1.0, 0.0], undefined)
    assert (found.value, found.low, found.high, found.n) == (None, None, None, 2)


def _width(found: object) -> float:
    return float(found.high - found.low)  # type: ignore[attr-defined]
