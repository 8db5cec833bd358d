"""A verdict as a short Markdown summary, for a pull request."""

from __future__ import annotations

import string
from collections.abc import Iterator, Sequence

from onrecord.evals.compare import Change, Comparison
from onrecord.evals.estimate import Estimate
from onrecord.evals.gate import Promise
from onrecord.evals.plain import plain
from onrecord.evals.report import Row
from onrecord.evals.verdict import Verdict

MOST_LINES = 60

_MOST_FIGURES = 15
_MOST_LISTED = 5
_LONGEST = 100  # characters of a question or a message
_ESCAPED = frozenset(string.punctuation) - frozenset("-,'()?%")


def markdown(verdict: Verdict) -> str:
    """Return a summary of at most `MOST_LINES` lines.

    It has the verdict, the figures (those that are promised first), what is missed, which attacks
    succeeded, and what was lost and won since the baseline by id. Nothing in a question, an id or
    a name can end a table, open a tag, make a link or call a person.
    """
    lines = [
        f"**onrecord eval: {'failed' if verdict.failures else 'passed'}** "
        f"({verdict.report.n} questions of {_shown(verdict.report.facts)}, "
        f"answered by {_shown(verdict.report.model)})",
        "",
        *_listed("Below the thresholds", _misses(verdict.thresholds)),
        *_listed("Not there yet", verdict.shortfalls),
        *_listed("Attacks that succeeded", _attacks(verdict.report.rows)),
        *_figures(verdict),
    ]
    if verdict.comparison:
        lines += _compared(verdict.comparison)
    return "\n".join(lines[:MOST_LINES]).rstrip() + "\n"


def _misses(promises: Sequence[Promise]) -> tuple[str, ...]:
    return tuple(promise.miss for promise in promises if promise.miss)


def _attacks(rows: Sequence[Row]) -> list[str]:
    return [
        f"{row.category}, {row.id}: {row.text}"
        for row in rows
        if row.scores.get("attacks_succeeded") == 1.0
    ]


def _figures(verdict: Verdict) -> Iterator[str]:
    figures = verdict.report.figures
    promised = [promise.name for promise in (*verdict.thresholds, *verdict.targets)]
    applying = [name for name, figure in figures.items() if figure.n]
    order = [name for name in dict.fromkeys([*promised, *applying]) if name in figures]
    differences = verdict.comparison.differences if verdict.comparison else {}
    yield "| figure | value | 95% interval | questions | change |"
    yield "|-|-|-|-|-|"
    for name in order[:_MOST_FIGURES]:
        figure = figures[name]
        change = _change(differences[name].change) if name in differences else ""
        yield (
            f"| {name.replace('_', ' ')} | {_number(figure.value)} | {_interval(figure)} "
            f"| {figure.n} | {change} |"
        )
    yield ""
    if len(order) > _MOST_FIGURES:
        yield f"{len(order) - _MOST_FIGURES} more figures are in the report."
        yield ""


def _compared(comparison: Comparison) -> Iterator[str]:
    other = "" if comparison.same_facts else ", asked other facts"
    apart = len(comparison.only_now), len(comparison.only_before), len(comparison.reworded)
    yield (
        f"Beside the baseline{other}: {comparison.shared} shared questions "
        f"({apart[0]} only here, {apart[1]} only there, {apart[2]} in other words), "
        f"{len(comparison.lost)} lost, {len(comparison.won)} won, "
        f"{len(comparison.changed)} otherwise changed, p = {comparison.p_value:.3g}."
    )
    yield ""
    yield from _listed("Worse", comparison.regressions)
    yield from _listed("Lost", [_question(change) for change in comparison.lost])
    yield from _listed("Won", [_question(change) for change in comparison.won])


def _question(change: Change) -> str:
    return f"{change.now.id}: {change.now.question}"


def _listed(title: str, items: Sequence[str]) -> Iterator[str]:
    if not items:
        return
    yield f"{title}:"
    for item in items[:_MOST_LISTED]:
        yield f"- {_shown(item)}"
    if len(items) > _MOST_LISTED:
        yield f"- and {len(items) - _MOST_LISTED} more"
    yield ""


def _change(figure: Estimate) -> str:
    return "" if figure.value is None else f"{figure.value:+.3f} ({_interval(figure)})"


def _interval(figure: Estimate) -> str:
    return "" if figure.low is None else f"{figure.low:.3f} to {figure.high:.3f}"


def _number(value: float | None) -> str:
    return "does not apply" if value is None else f"{value:.3f}"


def _shown(text: str) -> str:
    """Return untrusted text as code, with all that Markdown could take for its own escaped."""
    line = plain(text).strip()
    cut = line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
    escaped = "".join(f"&#{ord(char)};" if char in _ESCAPED else char for char in cut)
    return f"<code>{escaped}</code>"
