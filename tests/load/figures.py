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
    cells = [
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
    answered = [sum(each.what in (ANSWERED, REFUSED) for each in p.outcomes) for p in people]
    least, most = min(answered), max(answered)
    return f"{least} to {most}" + (f", {most / least:.2f} times as many" if least else "")


def _flat(memory: Sequence[Sample]) -> str:
    """Return how much was resident after the first minute and at the end, and how fast it grows."""
    later = [sample for sample in memory if sample.minute >= 1]
    if len(later) < 2:
        return "Resident: not known."
    slope, _ = linear_regression([s.minute for s in later], [s.megabytes for s in later])
    half = later[len(later) // 2 :]
    late, _ = linear_regression([s.minute for s in half], [s.megabytes for s in half])
    return (
        f"Resident: {later[0].megabytes:.0f} MB after a minute, {later[-1].megabytes:.0f} MB at "
        f"the end; {slope:+.1f} MB a minute, {late:+.1f} in the second half."
    )
