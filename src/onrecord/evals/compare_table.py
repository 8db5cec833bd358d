"""A comparison for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from onrecord.evals.compare import Change, Comparison
from onrecord.evals.plain import plain

_MOST_NAMED = 10  # ids of questions that are in one of the runs alone


def comparison_table(comparison: Comparison) -> RenderableType:
    """Return a comparison for the terminal: figures, lost, won and changed questions by id."""
    return Group(
        _differences(comparison),
        Text(
            f"{len(comparison.lost)} lost, {len(comparison.won)} won, "
            f"{len(comparison.changed)} otherwise changed; "
            f"McNemar's exact p = {comparison.p_value:.3g}"
        ),
        *_notes(comparison),
        *_changes("lost", comparison.lost, "red"),
        *_changes("won", comparison.won, "green"),
        *_changes("changed", comparison.changed, ""),
    )


def _differences(comparison: Comparison) -> Table:
    title = f"{comparison.shared} questions beside the baseline"
    shown = Table("", "before", "now", "change", "95% interval", "questions", title=title)
    for name, difference in comparison.differences.items():
        change = difference.change
        if difference.before is None or difference.now is None or change.low is None:
            continue
        shown.add_row(
            name.replace("_", " "),
            f"{difference.before:.3f}",
            f"{difference.now:.3f}",
            f"{change.value:+.3f}",
            f"{change.low:+.2f} to {change.high:+.2f}",
            str(change.n),
        )
    return shown


def _notes(comparison: Comparison) -> Iterator[Text]:
    if not comparison.same_facts:
        yield Text(
            f"The baseline was asked other facts ({plain(comparison.baseline)}): "
            "only the shared questions are compared."
        )
    for what, ids in (
        ("Only in this run", comparison.only_now),
        ("Only in the baseline", comparison.only_before),
        ("Asked in other words, and not compared", comparison.reworded),
    ):
        if ids:
            more = f" and {len(ids) - _MOST_NAMED} more" if len(ids) > _MOST_NAMED else ""
            yield Text(f"{what}: {plain(', '.join(ids[:_MOST_NAMED]))}{more}")


def _changes(kind: str, changes: Sequence[Change], style: str) -> Iterator[Text]:
    for change in changes:
        before, now = change.before, change.now
        yield Text(f"{kind:>7}  {plain(now.id)}: {plain(now.question)}", style=style)
        yield Text(f"         before ({before.outcome}): {plain(before.text or before.error)}")
        yield Text(f"         now ({now.outcome}): {plain(now.text or now.error)}")
