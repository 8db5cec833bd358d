"""Asks every fact, and scores what comes back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter
from typing import Protocol

from pydantic import JsonValue

from onrecord import Answer, Document, Settings
from onrecord.evals.facts import EvalError, Fact, FactSet
from onrecord.evals.gold import locate
from onrecord.evals.metrics import METRICS, Outcome
from onrecord.evals.report import Report, Row, figures
from onrecord.progress import Progress, silent


class Answering(Protocol):
    """What a run needs of an assistant."""

    @property
    def model_name(self) -> str:
        """What answers."""

    @property
    def documents(self) -> tuple[Document, ...]:
        """What is asked about."""

    def ask(self, question: str, history: Sequence[Mapping[str, str]] | None = None) -> Answer:
        """Answer one question."""


def run(
    assistant: Answering,
    facts: FactSet,
    progress: Progress = silent,
    settings: Settings | None = None,
) -> Report:
    """Ask an assistant every fact, one after the other, and score the answers.

    A question that raises an error is wrong, and its row says why: none is dropped.

    Args:
        assistant: Who is asked.
        facts: What is asked.
        progress: Told of every question.
        settings: What the assistant was built with, for the record.

    Raises:
        EvalError: There is nothing to ask, or the facts do not fit the assistant's corpus.
    """
    if not facts.facts:
        raise EvalError(f"{facts.name} has no questions to ask. Choose another file or split.")
    rows = tuple(_rows(assistant, facts.facts, progress))
    return Report(
        facts=facts.name,
        facts_sha256=facts.sha256,
        model=assistant.model_name,
        settings=_recorded(settings),
        n=len(facts.facts),
        figures=figures(rows),
        rows=rows,
    )


def _rows(assistant: Answering, facts: tuple[Fact, ...], progress: Progress) -> Iterator[Row]:
    documents = {document.id: document for document in assistant.documents}
    gold = [locate(fact, documents) for fact in facts]  # all of it before the first slow answer
    # A future holds whatever its question raised, so that no failure ends the run.
    with ThreadPoolExecutor(max_workers=1) as asking:
        for place, (fact, passages) in enumerate(zip(facts, gold, strict=True)):
            progress(f"question {place + 1} of {len(facts)}", place / len(facts))
            history = [message.model_dump() for message in fact.history]
            began = perf_counter()
            asked = asking.submit(assistant.ask, fact.question, history)
            error = asked.exception()
            seconds = perf_counter() - began
            answer = None if error else asked.result()
            yield _row(Outcome(fact, passages, documents, answer), error, seconds)
    progress(f"{len(facts)} questions asked", 1.0)


def _row(outcome: Outcome, error: BaseException | None, seconds: float) -> Row:
    fact, answer = outcome.fact, outcome.answer
    return Row(
        id=fact.id,
        split=fact.split,
        category=fact.category,
        question=fact.question,
        answerable=fact.answerable,
        outcome="error" if answer is None else "refused" if outcome.refused else "answered",
        text="" if answer is None else answer.text,
        citations=outcome.cited,
        error="" if error is None else f"{type(error).__name__}: {error}",
        seconds=round(seconds, 3),
        scores={name: score(outcome) for name, score in METRICS.items()},
    )


def _recorded(settings: Settings | None) -> dict[str, JsonValue]:
    """Settings as a report may show them: no secret, and of a path its name only."""
    if settings is None:
        return {}
    values = settings.model_dump(exclude={"api_key"})
    return {
        name: value.name if isinstance(value, Path) else value for name, value in values.items()
    }
