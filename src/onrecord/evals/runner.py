"""Asks every fact, and scores what comes back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any

from pydantic import JsonValue
from pydantic_core import to_jsonable_python

from onrecord import Settings
from onrecord.evals.asking import Answering, Observation, observe
from onrecord.evals.cache import Cache
from onrecord.evals.facts import EvalError, Fact, FactSet
from onrecord.evals.figures import by_category, curves, figures
from onrecord.evals.gold import locate
from onrecord.evals.metrics import METRICS, Outcome
from onrecord.evals.pins import pins
from onrecord.evals.report import Report, Row
from onrecord.progress import Progress, silent

_EVEN_ODDS = 0.0  # nats, the threshold of a run that was not told its settings
_ELSEWHERE = frozenset({"corpus", "cache_dir", "host", "port", "engine_port"})
"""Settings that say where things are, and not what is answered."""
_SECRET = {"api_key", "chroma", "chroma_token", "chroma_tenant", "chroma_database"}
"""Settings that no report shows; into an address of Chroma's, somebody may write a password."""


def run(
    assistant: Answering,
    facts: FactSet,
    progress: Progress = silent,
    settings: Settings | None = None,
    cache: Path | None = None,
) -> Report:
    """Ask an assistant every fact, one after the other, and score the answers.

    A question that raises an error is wrong, and its row says why: none is dropped.

    Args:
        assistant: Who is asked.
        facts: What is asked.
        progress: Told of every question that is asked, and how many were not.
        settings: What the assistant was built with, for the record.
        cache: A folder that keeps each answer as soon as it is there, under all that it
            depends on. What is in it is not asked again, and has the seconds that were
            measured then. An error is never kept. A weight file of one's own
            (`Settings.weights`, `Settings.embedder`) is known by its name alone.

    Raises:
        EvalError: There is nothing to ask, the facts do not fit the assistant's corpus, or the
            cache cannot be written, or is given without the settings that it depends on.
    """
    if not facts.facts:
        raise EvalError(f"{facts.name} has no questions to ask. Choose another file or split.")
    if cache and settings is None:
        raise EvalError(
            f"The cache in {cache} cannot tell what was answered under which settings. "
            "Hand run() the settings that the assistant was built with."
        )
    made_of = pins(assistant.model_name, assistant.documents)
    recorded = _recorded(settings)
    kept = Cache(cache, {**made_of, "settings": _deciding(recorded)}) if cache else None
    threshold = settings.threshold if settings else _EVEN_ODDS
    rows = tuple(_rows(assistant, facts.facts, progress, kept))
    return Report(
        facts=facts.name,
        facts_sha256=facts.sha256,
        model=assistant.model_name,
        settings=recorded,
        pins={"facts": facts.sha256, **made_of},
        n=len(facts.facts),
        figures=figures(rows, threshold),
        categories=by_category(rows),
        curves=curves(rows, threshold),
        rows=rows,
    )


def _rows(
    assistant: Answering, facts: tuple[Fact, ...], progress: Progress, cache: Cache | None
) -> Iterator[Row]:
    documents = {document.id: document for document in assistant.documents}
    gold = [locate(fact, documents) for fact in facts]  # all of it before the first slow answer
    known = 0
    # A future holds whatever its question raised, so that no failure ends the run.
    with ThreadPoolExecutor(max_workers=1) as asking:
        for place, (fact, passages) in enumerate(zip(facts, gold, strict=True)):
            outcome = Outcome(fact, passages, documents, None)
            seen = cache.get(fact) if cache else None
            if seen:
                known += 1
                yield _row(outcome, seen)
                continue
            progress(f"question {place + 1} of {len(facts)}", place / len(facts))
            began = perf_counter()
            asked = asking.submit(observe, assistant, fact)
            error = asked.exception()
            if error:
                yield _failed(outcome, error, perf_counter() - began)
                continue
            if cache:
                cache.put(fact, asked.result())
            yield _row(outcome, asked.result())
    was_known = f", {known} from the cache" if known else ""
    progress(f"{len(facts) - known} questions asked{was_known}", 1.0)


def _row(asked: Outcome, seen: Observation) -> Row:
    outcome = replace(asked, answer=seen.answer, retrieved=seen.retrieved)
    return Row(
        **_known(outcome),
        outcome="refused" if outcome.refused else "answered",
        text=seen.answer.text,
        citations=outcome.cited,
        retrieved=seen.retrieved,
        confidence=seen.confidence,
        probability=seen.answer.probability,
        error="",
        seconds=seen.seconds,
        timings=seen.answer.timings,
        scores=_scores(outcome),
    )


def _failed(outcome: Outcome, error: BaseException, seconds: float) -> Row:
    return Row(
        **_known(outcome),
        outcome="error",
        text="",
        citations=(),
        retrieved=(),
        confidence=None,
        error=f"{type(error).__name__}: {error}",
        seconds=round(seconds, 3),
        timings={},
        scores=_scores(outcome),
    )


def _known(outcome: Outcome) -> dict[str, Any]:
    """What a row says of its fact."""
    shared = {"id", "split", "category", "document", "question", "history", "answerable", "answers"}
    return {name: getattr(outcome.fact, name) for name in shared} | {"gold": outcome.gold}


def _scores(outcome: Outcome) -> dict[str, float | None]:
    return {name: score(outcome) for name, score in METRICS.items()}


def _recorded(settings: Settings | None) -> dict[str, JsonValue]:
    """Settings as a report may show them: no secret, and of a path its name only."""
    if settings is None:
        return {}
    values = settings.model_dump(exclude=_SECRET)
    return {name: _shown(value) for name, value in values.items()}


def _shown(value: object) -> JsonValue:
    return value.name if isinstance(value, Path) else to_jsonable_python(value)


def _deciding(recorded: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Settings that an answer depends on."""
    return {name: value for name, value in recorded.items() if name not in _ELSEWHERE}
