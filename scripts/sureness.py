"""How often is what is said right, at which confidence: `python scripts/sureness.py REPORT…`.

Fits the curves of `onrecord.calibration` to the questions of reports that `onrecord eval --json`
has written (of tuning halves: `--split tune`), and prints them. It says of the same questions, or
of those of `--on REPORT…`, how often each of the page's words ("Clearly stated") was right, and
what chance was promised.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from onrecord.calibration import Curve, chance_right
from onrecord.evals import Row, read_report
from onrecord.ui.words import sureness


def weighed(paths: Iterable[Path]) -> list[Row]:
    """Return the questions of reports that were answered or refused at a confidence."""
    rows = [row for path in paths for row in read_report(path).rows]
    return [row for row in rows if row.confidence is not None and row.outcome != "error"]


def fitted(rows: Sequence[Row]) -> Curve:
    """Return the curve that makes the rows likeliest.

    Platt's targets stand in the place of 0 and 1, so that a curve stays finite where all are right.
    """
    confidence = np.array([[row.confidence] for row in rows])
    right = np.array([row.scores["right_overall"] == 1.0 for row in rows])
    high, low = (right.sum() + 1) / (right.sum() + 2), 1 / ((~right).sum() + 2)
    share = np.where(right, high, low)
    model = LogisticRegression(C=np.inf)
    model.fit(
        np.vstack([confidence, confidence]),
        np.repeat([1, 0], len(rows)),
        sample_weight=np.concatenate([share, 1 - share]),
    )
    return Curve(offset=float(model.intercept_[0]), slope=float(model.coef_[0, 0]))


def compare(rows: Sequence[Row]) -> Iterable[str]:
    """Yield a line for each of the page's words: how many, how many right, what was promised."""
    said: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for row in rows:
        answered = row.outcome == "answered"
        chance = chance_right(row.confidence or 0.0, answered=answered)
        word = sureness(chance, answered=answered) or "(a refusal that is sure)"
        said[word].append((chance, row.scores["right_overall"] or 0.0))
    for word, pairs in sorted(said.items(), key=lambda item: -np.mean([p for p, _ in item[1]])):
        promised, right = np.mean(pairs, axis=0)
        yield f"| {word} | {len(pairs)} | {promised:.2f} | {right:.2f} |\n"


def main() -> int:
    """Fit, or compare."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("reports", nargs="*", type=Path, metavar="REPORT")
    parser.add_argument("--on", nargs="+", type=Path, default=[], metavar="REPORT")
    given = parser.parse_args()
    say = sys.stdout.write
    if given.reports:
        rows = weighed(given.reports)
        for name, outcome in (("ANSWERED", "answered"), ("REFUSED", "refused")):
            chosen = [row for row in rows if row.outcome == outcome]
            say(f"{name} = {fitted(chosen)} ({len(chosen)} questions)\n")
    if given.on or given.reports:
        say("| said | questions | promised | right |\n|-|-|-|-|\n")
        for line in compare(weighed(given.on or given.reports)):
            say(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
