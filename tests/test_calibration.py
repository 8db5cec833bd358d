"""A confidence becomes a chance of being right: a probability, and in the right order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from onrecord.calibration import Curve, chance_right

CONFIDENCE = st.floats(allow_nan=False)


@given(CONFIDENCE, st.booleans())
def test_it_is_a_probability_whatever_the_log_odds(confidence: float, answered: bool) -> None:
    assert 0.0 < chance_right(confidence, answered=answered) < 1.0


@given(CONFIDENCE, CONFIDENCE)
def test_more_confidence_makes_an_answer_likelier_and_a_refusal_less(
    one: float, two: float
) -> None:
    less, more = sorted([one, two])
    assert chance_right(less, answered=True) <= chance_right(more, answered=True)
    assert chance_right(less, answered=False) >= chance_right(more, answered=False)


def test_the_curve_is_logistic() -> None:
    assert Curve(offset=0.0, slope=1.0).at(0.0) == 0.5
    assert round(Curve(offset=1.0, slope=2.0).at(1.0), 3) == 0.953
