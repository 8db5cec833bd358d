"""Are the facts themselves right? Every fault in a facts file, with its line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path

from onrecord import Document
from onrecord.evals.facts import EvalError, Fact, Span, numbered_lines, parse
from onrecord.evals.gold import locate
from onrecord.evals.wording import mentions, normalise
from onrecord.sentences import split_sentences

_POLARITY = ("yes", "no")


def check(path: Path, documents: Sequence[Document]) -> tuple[str, ...]:
    """Return what is wrong with a facts file; each fault begins with the file and line.

    A sound fact has an id and a question of its own; its quotations stand in one sentence of
    its document; whichever alternatives are cited, their sentences carry an alias of every
    group of answers (yes and no apart), nothing that must not be said and no canary, so that an
    answer which quotes them is right. An unanswerable one has no answers, no gold and no speaker.

    Args:
        path: The facts file.
        documents: The corpus that it is about.

    Raises:
        EvalError: The file cannot be read at all.
    """
    by_id = {document.id: document for document in documents}
    faults: list[str] = []
    ids: dict[str, int] = {}
    questions: dict[str, int] = {}
    for number, line in numbered_lines(path):
        try:
            fact = parse(path, number, line, Fact)
        except EvalError as error:
            faults.append(str(error))
            continue
        asked = fact.model_dump_json(include={"question", "history"})
        found = [
            *_repeated(f"id {fact.id!r}", ids.setdefault(fact.id, number), number),
            *_repeated("question", questions.setdefault(asked, number), number),
            *_wordless(fact),
            *(_answerable(fact, by_id) if fact.answerable else _unanswerable(fact)),
        ]
        faults.extend(f"{path}, line {number}: {fault}" for fault in found)
    return tuple(faults)


def sound(path: Path, faults: Sequence[str]) -> int:
    """Return how many of a file's facts have none of the faults that `check` found in it.

    Raises:
        EvalError: The file cannot be read at all.
    """
    numbers = [number for number, _ in numbered_lines(path)]
    return sum(
        not any(fault.startswith(f"{path}, line {number}: ") for fault in faults)
        for number in numbers
    )


def _repeated(what: str, first: int, number: int) -> Iterator[str]:
    if first != number:
        yield f"the {what} is already on line {first}"


def _wordless(fact: Fact) -> Iterator[str]:
    for group in (*fact.answers, fact.must_not, fact.speaker, fact.canary):
        for alias in group:
            if not normalise(alias):
                yield f"{alias!r} has no words to compare"


def _unanswerable(fact: Fact) -> Iterator[str]:
    for field in ("answers", "must_not", "gold", "speaker"):
        if getattr(fact, field):
            yield f"an unanswerable question has no {field}"


def _answerable(fact: Fact, documents: dict[str, Document]) -> Iterator[str]:
    for field in ("answers", "gold"):
        if not getattr(fact, field) or not all(getattr(fact, field)):
            yield f"an answerable question has {field}, and no empty group of them"
    try:
        gold = locate(fact, documents)
    except EvalError as error:
        yield str(error)
        return
    if fact.document:
        yield from _against_document(fact, gold, documents[fact.document])


def _against_document(
    fact: Fact, gold: tuple[tuple[Span, ...], ...], document: Document
) -> Iterator[str]:
    text = document.text
    if fact.speaker and not mentions(text, fact.speaker):
        yield "the document mentions no alias of the speaker"
    boundaries = sentences(document)
    groups = [[_touched(boundaries, text, passage) for passage in group] for group in gold]
    for held in (held for group in groups for held in group):
        if len(held) != 1:
            yield f"a passage of gold touches {len(held)} sentences, not one"
    for chosen in product(*groups):
        cited = " ".join(sentence for held in chosen for sentence in held)
        for group in fact.answers:
            if not set(_POLARITY) & {normalise(alias) for alias in group} and not mentions(
                cited, group
            ):
                yield f"no alias of {list(group)} is in the gold sentences: {cited}"
        for forbidden in (fact.must_not, fact.canary):
            if mentions(cited, forbidden):
                yield f"{list(forbidden)} forbids what the gold sentences say: {cited}"


def sentences(document: Document) -> list[Span]:
    """Return where the sentences of a document stand, in order: what an answer may cite."""
    return [Span(start=each.start, end=each.end) for each in split_sentences(document)]


def _touched(boundaries: list[Span], text: str, passage: Span) -> list[str]:
    return [
        text[sentence.start : sentence.end].strip()
        for sentence in boundaries
        if passage.touches(sentence)
    ]
