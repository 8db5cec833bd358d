"""What came of it all, as a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import linear_regression, median, quantiles

from tests.load.people import (
    ANSWERED,
    BUSY,
    ERROR,
    LEFT,
    MIXED_UP,
    REFUSED,
    Outcome,
    Person,
)

MOST_GROWTH = 1.0
"""MB a minute up to which memory counts as flat: 6 KB an answer, of 160 a minute.

Pages that were left are remembered until there are a thousand, and take 0.2 of it. The rest is for
single steps: one of 2 MB in the middle of four minutes is a slope of 0.75.
"""

MOST_TIMES = 3.0
"""How many times as many answers as another somebody may have.

Chance and the own pace make 1.4 of ten minutes. Somebody who were answered whenever they ask, and
not round by round, could have four questions in the line, and so four times as many.
"""

_LONG_ENOUGH = 3.0  # minutes
_ENOUGH = 10  # answers of the one in the middle, fewer of which say nothing of fairness
_WHATS = (ANSWERED, REFUSED, BUSY, LEFT, ERROR, MIXED_UP)


@dataclass(frozen=True)
class Sample:
    """How much memory the server had resident.

    Attributes:
        minute: When, since the crowd came.
        megabytes: How much.
    """

    minute: float
    megabytes: float


def failures(people: Sequence[Person]) -> list[str]:
    """Return what went wrong, each in words."""
    wrong = [each for each in _outcomes(people) if each.what in (ERROR, MIXED_UP)]
    return [f"{each.person} ({each.way}): {each.what}: {each.detail}" for each in wrong]


def growth(memory: Sequence[Sample]) -> str:
    """Return what is wrong where memory is not flat in the second half; else nothing.

    A shorter time than `_LONG_ENOUGH` says nothing of it.
    """
    late = _second_half(_settled(memory))
    if len(late) < 2 or late[-1].minute - late[0].minute < _LONG_ENOUGH:
        return ""
    grows = _slope(late)
    if grows <= MOST_GROWTH:
        return ""
    return f"Memory is not flat: {grows:+.1f} MB a minute in the second half."


def unfairness(people: Sequence[Person]) -> str:
    """Return what is wrong where somebody has far more answers than another; else nothing.

    Fewer answers than `_ENOUGH` say nothing of it.
    """
    answered = _answered(people)
    if median(answered) < _ENOUGH or max(answered) <= MOST_TIMES * min(answered):
        return ""
    return f"It is not fair: answers by person are {_fairness(people)}."


def report(people: Sequence[Person], memory: Sequence[Sample]) -> str:
    """Return the figures, as Markdown."""
    ways = sorted({person.way for person in people})
    rows = [_row(way, [p for p in people if p.way == way]) for way in ways]
    head = ["how", "people", "asked", *_WHATS, "seconds of waiting", "of waiting and answer"]
    told = [place for person in people for place in person.places]
    lines = [
        f"| {' | '.join(head)} |",
        f"|{'-|' * len(head)}",
        *rows,
        _row("all", people),
        "",
        f"Seconds are medians, and 95% in brackets. Answers by person: {_fairness(people)}. "
        f"Places told: {len(told):,}, up to {max(told, default=0)} before one. {_flat(memory)}",
    ]
    return "\n".join(lines) + "\n"


def _row(way: str, people: Sequence[Person]) -> str:
    outcomes = _outcomes(people)
    counts = Counter(each.what for each in outcomes)
    done = [each for each in outcomes if each.what in (ANSWERED, REFUSED)]
    cells: list[str | int] = [
        way,
        len(people),
        len(outcomes),
        *(counts[what] for what in _WHATS),
        _spread([each.waited for each in done]),
        _spread([each.took for each in done]),
    ]
    return f"| {' | '.join(f'{cell:,}' if isinstance(cell, int) else cell for cell in cells)} |"


def _outcomes(people: Sequence[Person]) -> list[Outcome]:
    return [outcome for person in people for outcome in person.outcomes]


def _spread(seconds: Sequence[float]) -> str:
    if len(seconds) < 2:
        return "-"
    return f"{median(seconds):.1f} ({quantiles(seconds, n=20)[-1]:.1f})"


def _fairness(people: Sequence[Person]) -> str:
    answered = _answered(people)
    least, most = min(answered), max(answered)
    return f"{least} to {most}" + (f", {most / least:.2f} times as many" if least else "")


def _answered(people: Sequence[Person]) -> list[int]:
    """Return how many answers each has."""
    return [sum(each.what in (ANSWERED, REFUSED) for each in p.outcomes) for p in people]


def _flat(memory: Sequence[Sample]) -> str:
    """Return how much was resident after the first minute and at the end, and how fast it grows."""
    later = _settled(memory)
    if len(later) < 2:
        return "Resident: not known."
    return (
        f"Resident: {later[0].megabytes:.0f} MB after a minute, {later[-1].megabytes:.0f} MB at "
        f"the end; {_slope(later):+.1f} MB a minute, {_slope(_second_half(later)):+.1f} in the "
        "second half."
    )


def _settled(memory: Sequence[Sample]) -> Sequence[Sample]:
    return [sample for sample in memory if sample.minute >= 1]


def _second_half(memory: Sequence[Sample]) -> Sequence[Sample]:
    return memory[len(memory) // 2 :]


def _slope(memory: Sequence[Sample]) -> float:
    """Return by how many MB it grows in a minute."""
    slope, _ = linear_regression(
        [sample.minute for sample in memory], [sample.megabytes for sample in memory]
    )
    return slope
