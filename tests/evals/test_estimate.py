from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.evals.estimate import estimate, median, p95

SHARES = st.lists(st.floats(0, 1), min_size=1, max_size=50)


@settings(max_examples=30, deadline=None)
@given(SHARES)
def test_an_interval_stays_within_what_was_seen(values: list[float]) -> None:
    found = estimate(values)
    assert found.low is not None
    assert found.high is not None
    slack = 1e-9
    assert min(values) - slack <= found.low <= found.high <= max(values) + slack


@settings(max_examples=30, deadline=None)
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
