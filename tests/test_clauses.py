"""A claim keeps to one clause of its source, and what is only to be has not come about."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.check import doubts
from onrecord.clauses import changed_sides, come_about, joined_clauses


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("Havdal’s shares fell 58 percent.", "Havdal’s shares fell 6 percent; it owns 58 percent."),
        ("Men preferred tricycles.", "Men rode the bicycle, while women preferred tricycles."),
        ("A policeman was hit by a stone.", "A stone hit a car, and a policeman was hit by a bus."),
        ("The upper cabin was emptied.", "The lower cabin was emptied; the upper one had to wait."),
        ("The lantern stands in Oslo.", "The gull stands in Oslo, but the lantern is in Bergen."),
    ],
)
def test_what_is_put_together_from_two_clauses_is_doubted(claim: str, source: str) -> None:
    assert joined_clauses(claim, source)
    assert doubts(claim, source)


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("Havdal owns 58 percent.", "Its shares fell 6 percent; Havdal owns 58 percent of it."),
        ("Women rode tricycles.", "Men rode the bicycle, while women rode tricycles."),
        ("The gull stands in Oslo, but the lantern fell.", "The gull stands in Oslo; it fell."),
        ("The ferry sank and was raised.", "The ferry sank and was raised in June."),
    ],
)
def test_what_one_clause_says_is_not_doubted(claim: str, source: str) -> None:
    assert joined_clauses(claim, source) == []


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("It published its report on 30 May.", "It is to publish its report on 30 May."),
        ("The report was published in May.", "The report is to be published in May."),
        ("The prize was paid.", "The prize was to have been paid in May."),
        ("The council decided the appeal.", "The council must decide the appeal by Friday."),
        ("The lists were deleted.", "She ordered the firm to delete the lists."),
        ("Jonas believed in it.", "Jonas said that he would believe in it when he saw it."),
    ],
)
def test_what_is_only_to_be_has_not_come_about(claim: str, source: str) -> None:
    assert come_about(claim, source)
    assert doubts(claim, source)


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("It is to publish its report.", "It is to publish its report on 30 May."),
        ("It will publish its report.", "It is to publish its report on 30 May."),
        ("The report should be published.", "The report is to be published in May."),
        ("The report was published.", "It wanted to be published, and the report was published."),
        ("The school reopened.", "The people who were moved to schools saw that it reopened."),
    ],
)
def test_what_is_so_or_stays_ahead_is_not_doubted(claim: str, source: str) -> None:
    assert come_about(claim, source) == []


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("Red is stronger than green.", "Green is stronger than red."),
        ("The unions preferred strikes to talks.", "The unions preferred talks to strikes."),
        ("The vote came before the talks.", "The talks came before the vote."),
        ("It loses a gram of salt for every litre.", "It loses a litre for every gram of salt."),
    ],
)
def test_what_is_compared_the_other_way_round_is_doubted(claim: str, source: str) -> None:
    assert changed_sides(claim, source)
    assert changed_sides(source, source) == []


def test_of_what_is_compared_one_side_alone_may_be_left_out() -> None:
    assert not changed_sides("Green is stronger.", "Green is stronger than red.")
    assert not changed_sides("It is stronger than red.", "Green is stronger than red.")


@given(st.text(alphabet="aeb toTO,;.’'-1 "))
def test_whatever_is_written_says_itself(text: str) -> None:
    for rule in (joined_clauses, come_about, changed_sides):
        assert rule(text, text) == []
