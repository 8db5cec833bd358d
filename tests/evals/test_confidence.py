import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.evals.confidence import (
    auroc,
    calibration_error,
    log_odds,
    reliability,
    risk_coverage,
    risk_coverage_area,
    sureness,
)
from onrecord.evals.estimate import Numbers, Statistic, estimate

JUDGED = st.lists(
    st.tuples(st.integers(-5, 5).map(float), st.sampled_from([0.0, 1.0])), min_size=1, max_size=30
)
STATISTICS = [auroc, risk_coverage_area, calibration_error]


def over(statistic: Statistic, judged: list[tuple[float, float]]) -> float:
    return float(statistic(np.array(judged), np.ones((1, len(judged))))[0])


@given(JUDGED)
def test_auroc_is_the_share_of_pairs_in_the_right_order(judged: list[tuple[float, float]]) -> None:
    pairs = [
        (yes > no) + (yes == no) / 2
        for yes, is_yes in judged
        for no, is_no in judged
        if is_yes and not is_no
    ]
    found = over(auroc, judged)
    assert found == pytest.approx(sum(pairs) / len(pairs)) if pairs else math.isnan(found)


def test_risk_is_among_the_surest() -> None:
    judged = [(3.0, 0.0), (2.0, 1.0), (1.0, 0.0)]
    assert over(risk_coverage_area, judged) == pytest.approx((0 + 1 / 2 + 1 / 3) / 3)
    curve = risk_coverage(np.array(judged))
    assert [point.coverage for point in curve] == pytest.approx([1 / 3, 2 / 3, 1])
    assert [point.risk for point in curve] == pytest.approx([0, 1 / 2, 1 / 3])


@given(JUDGED)
def test_the_curve_ends_at_the_risk_of_all(judged: list[tuple[float, float]]) -> None:
    last = risk_coverage(np.array(judged))[-1]
    assert last.coverage == 1.0
    assert last.risk == pytest.approx(sum(wrong for _, wrong in judged) / len(judged))


def test_questions_that_are_equally_sure_are_kept_together() -> None:
    judged = [(1.0, 1.0), (1.0, 0.0)]
    assert over(risk_coverage_area, judged) == over(risk_coverage_area, judged[::-1]) == 0.5


def test_a_calibrated_confidence_has_no_error() -> None:
    even = [(0.0, 1.0), (0.0, 0.0)]
    sure = [(100.0, 1.0), (-100.0, 0.0)]
    assert over(calibration_error, even * 10) == 0.0
    assert over(calibration_error, sure * 10) == pytest.approx(0.0)
    assert over(calibration_error, [(value, 1 - yes) for value, yes in sure]) == pytest.approx(1.0)


@pytest.mark.parametrize("probability", [0.2, 0.5, 0.97])
def test_a_probability_is_promised_as_log_odds(probability: float) -> None:
    assert 1 / (1 + math.exp(-log_odds(probability))) == pytest.approx(probability)
    assert math.isfinite(log_odds(0.0))
    assert math.isfinite(log_odds(1.0))


@given(JUDGED)
def test_bins_hold_every_question_once_in_order(judged: list[tuple[float, float]]) -> None:
    bins = reliability(np.array(judged))
    assert sum(bin_.n for bin_ in bins) == len(judged)
    assert len(bins) <= 10
    assert [bin_.predicted for bin_ in bins] == sorted(bin_.predicted for bin_ in bins)
    error = sum(bin_.n * abs(bin_.predicted - bin_.observed) for bin_ in bins) / len(judged)
    assert over(calibration_error, judged) == pytest.approx(error)


def test_bins_are_of_equal_mass() -> None:
    judged: Numbers = np.array([(float(value), 1.0) for value in range(50)])
    assert [bin_.n for bin_ in reliability(judged)] == [5] * 10


@settings(max_examples=30)
@given(JUDGED, st.randoms(), st.sampled_from(STATISTICS))
def test_the_order_of_questions_does_not_matter(
    judged: list[tuple[float, float]], random: object, statistic: Statistic
) -> None:
    shuffled = list(judged)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert over(statistic, shuffled) == pytest.approx(over(statistic, judged), nan_ok=True)


@settings(max_examples=50)
@given(
    st.lists(
        st.tuples(st.integers(-5, 5).map(float), st.sampled_from([0.0, 1.0]), st.integers(0, 3)),
        min_size=1,
        max_size=20,
    ).filter(lambda drawn: any(times for *_, times in drawn)),
    st.sampled_from([auroc, risk_coverage_area]),
)
def test_a_resample_is_the_questions_drawn_as_often_as_they_were(
    drawn: list[tuple[float, float, int]], statistic: Statistic
) -> None:
    values = np.array([pair for *pair, _ in drawn])
    times = np.array([[float(count) for *_, count in drawn]])
    written_out = np.repeat(values, times[0].astype(int), axis=0)
    plain = statistic(written_out, np.ones((1, len(written_out))))[0]
    assert statistic(values, times)[0] == pytest.approx(plain, nan_ok=True)


@pytest.mark.parametrize("statistic", STATISTICS)
def test_figures_on_confidence_have_intervals(statistic: Statistic) -> None:
    random = np.random.default_rng(3)
    confidence = random.normal(size=80)
    answerable = random.random(80) < 1 / (1 + np.exp(-confidence))
    found = estimate(np.column_stack([confidence, answerable]), statistic)
    assert found.low is not None
    assert found.high is not None
    assert 0.0 <= found.low < found.high <= 1.0


def test_sureness_is_the_distance_from_the_threshold_and_least_for_an_error() -> None:
    assert sureness(1.0, -0.5) == sureness(-2.0, -0.5) == 1.5
    assert sureness(None, -0.5) < sureness(-0.5, -0.5)


def test_there_are_no_curves_of_nothing() -> None:
    assert risk_coverage(np.array([])) == reliability(np.array([])) == ()
