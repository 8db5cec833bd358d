"""A verdict as one HTML file: no script, nothing fetched, everything escaped."""

from __future__ import annotations

from collections.abc import Iterator

from onrecord import Citation
from onrecord.evals.compare import is_right
from onrecord.evals.confidence import Curves
from onrecord.evals.plain import plain
from onrecord.evals.plot import SIZE, Plot, marks
from onrecord.evals.report import Row
from onrecord.evals.verdict import Verdict, expected
from onrecord.pages import templates_of
from onrecord.sources import whereabouts


def html(verdict: Verdict) -> str:
    """Return a page that holds all of a verdict: figures, curves, changes, every question.

    The page asks nothing of any address, and says so to the browser
    (Content-Security-Policy). Questions that came out wrong come first.
    """
    pages = templates_of("onrecord.evals")
    pages.filters["whereabouts"] = whereabouts
    pages.filters["plain"] = plain
    pages.filters["number"] = _number
    pages.filters["words"] = _words
    return pages.get_template("report.html").render(
        verdict=verdict,
        report=verdict.report,
        comparison=verdict.comparison,
        rows=sorted(verdict.report.rows, key=is_right),
        plots=tuple(_plots(verdict.report.curves)),
        size=SIZE,
        is_right=is_right,
        is_gold=is_gold,
        expected=expected,
    )


def is_gold(row: Row, citation: Citation) -> bool:
    """Tell whether a cited sentence holds (a part of) a gold passage of the row's question."""
    return citation.document_id == row.document and any(
        passage.touches(citation) for group in row.gold for passage in group
    )


def _plots(curves: Curves) -> Iterator[Plot]:
    if curves.risk_coverage:
        yield Plot(
            title="Risk and coverage",
            along="share of the questions kept, the surest first",
            up="share of them wrong",
            reading="A curve that stays low and rises late: what is wrong was known to be unsure.",
            diagonal=False,
            marks=marks(
                (point.coverage, point.risk, f"{point.coverage:.0%} kept, {point.risk:.0%} wrong")
                for point in curves.risk_coverage
            ),
        )
    if curves.reliability:
        yield Plot(
            title="Reliability",
            along="predicted chance that the corpus answers",
            up="share that it does answer",
            reading="On the diagonal, confidence can be read as a probability.",
            diagonal=True,
            marks=marks(
                (
                    point.predicted,
                    point.observed,
                    f"{point.n} questions: {point.predicted:.0%} predicted, "
                    f"{point.observed:.0%} observed",
                )
                for point in curves.reliability
            ),
        )


def _number(value: float | None, form: str = ".3f") -> str:
    return "–" if value is None else format(value, form)


def _words(name: str) -> str:
    return name.replace("_", " ")
