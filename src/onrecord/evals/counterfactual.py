"""Does an answer rest on what it cites? Without those sentences, it should not be given again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from onrecord import Citation, Document
from onrecord.evals.asking import Answering, observe
from onrecord.evals.facts import EvalError, Fact, FactSet, Span
from onrecord.evals.figures import score
from onrecord.evals.metrics import Outcome, right
from onrecord.evals.report import Report, Row

COUNTERFACTUAL = "counterfactual"

AssistantOf = Callable[[Sequence[Document]], Answering]
"""Builds an assistant on other documents; it is its maker's to close."""


def counterfactual(
    assistant_of: AssistantOf,
    documents: Sequence[Document],
    facts: FactSet,
    report: Report,
    limit: int = 20,
) -> Report:
    """Ask what was answered right once more, of documents without the sentences that were cited.

    The answer passes if it is a refusal now, or is not right any more, or cites another
    alternative of the gold. One that is still right from anything else did not rest on what it
    cited, but on chance or on what the model knows by itself (after the counterfactual contexts
    of Longpre et al. 2021, "Entity-Based Knowledge Conflicts in Question Answering"). An error
    does not pass. Where nothing is left to ask, the question does not count.

    Args:
        assistant_of: Builds an assistant on documents.
        documents: The corpus that the report is about.
        facts: The facts that the report is about.
        report: A run.
        limit: Ask so many questions at most, the first ones of the report.

    Returns:
        The report with the figure "counterfactual", and that score in every row: 1 where it
        passes, 0 where it does not, None where the question does not count.

    Raises:
        EvalError: The facts lack one of the report's.
    """
    by_id = {fact.id: fact for fact in facts.facts}
    missing = [row.id for row in report.rows if row.id not in by_id]
    if missing:
        raise EvalError(
            f"{facts.name} lacks the fact {missing[0]!r} of the report on {report.facts}. "
            "Give the facts that the report was made with."
        )
    counting = [row for row in report.rows if row.answerable and row.scores["right"] == 1.0]
    scores = {
        row.id: _score(assistant_of, documents, by_id[row.id], row) for row in counting[:limit]
    }
    rows = tuple(
        row.model_copy(update={"scores": {**row.scores, COUNTERFACTUAL: scores.get(row.id)}})
        for row in report.rows
    )
    figures = {**report.figures, COUNTERFACTUAL: score(rows, COUNTERFACTUAL)}
    return report.model_copy(update={"rows": rows, "figures": figures})


def _score(
    assistant_of: AssistantOf, documents: Sequence[Document], fact: Fact, row: Row
) -> float | None:
    left = [
        document.model_copy(update={"text": _without(document.text, _cited(row, document.id))})
        for document in documents
    ]
    left = [document for document in left if document.text.strip()]
    if not left:
        return None
    # A future holds whatever the question raised, so that no failure ends the run.
    with ThreadPoolExecutor(max_workers=1) as asking:
        asked = asking.submit(lambda: observe(assistant_of(left), fact))
        if asked.exception():
            return 0.0
    known: Mapping[str, Document] = {document.id: document for document in left}
    again = Outcome(fact, _moved(row), known, asked.result().answer)
    other = [passage for group in again.gold for passage in group]
    return float(
        right(again) != 1.0  # as a refusal is not
        or any(again.supports(citation, other) for citation in again.cited)
    )


def _cited(row: Row, document_id: str) -> list[Citation]:
    return sorted(
        (citation for citation in row.citations if citation.document_id == document_id),
        key=lambda citation: citation.start,
    )


def _without(text: str, cited: Sequence[Citation]) -> str:
    ends = [0, *(citation.end for citation in cited)]
    starts = [*(citation.start for citation in cited), len(text)]
    return "".join(text[end:start] for end, start in zip(ends, starts, strict=True))


def _moved(row: Row) -> tuple[tuple[Span, ...], ...]:
    """Return the gold that is left, where it stands now."""
    cited = _cited(row, row.document)
    return tuple(
        tuple(
            Span(start=passage.start - before, end=passage.end - before)
            for passage in group
            if not any(passage.touches(one) for one in cited)
            for before in [sum(one.end - one.start for one in cited if one.end <= passage.start)]
        )
        for group in row.gold
    )
