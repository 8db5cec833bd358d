"""Question sets in the manner of SQuAD 2.0, read as documents and facts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel

from onrecord import Document
from onrecord.evals.facts import EvalError, Fact, FactSet, Span, numbered_lines, parse, sha256
from onrecord.evals.wording import normalise


class _Document(BaseModel):
    doc_id: str
    title: str
    text: str


class _Evidence(BaseModel):
    doc_id: str
    start: int
    end: int


class _Question(BaseModel):
    id: str
    question: str
    answers: tuple[str, ...]
    answerable: bool
    evidence: tuple[_Evidence, ...] | None = None


def load_squad(folder: Path) -> tuple[tuple[Document, ...], FactSet]:
    """Read a folder's `documents.jsonl` and `questions.jsonl`.

    The answers of a question are one group of aliases. Its evidence is one group of gold:
    the places inside it where an answer stands or, where none does, all of it.

    Returns:
        The documents to build an assistant from, and the facts, all of split "tune".

    Raises:
        EvalError: A file cannot be read, a line has another form, or a question's evidence
            is not in one of the documents; the message names the line.
    """
    at_documents, at_questions = folder / "documents.jsonl", folder / "questions.jsonl"
    documents = {
        line.doc_id: Document(id=line.doc_id, title=line.title, text=line.text)
        for line in (parse(at_documents, *row, _Document) for row in numbered_lines(at_documents))
    }
    facts = []
    for number, row in numbered_lines(at_questions):
        question = parse(at_questions, number, row, _Question)
        evidence = question.evidence or ()
        if len({passage.doc_id for passage in evidence}) > 1 or any(
            passage.doc_id not in documents for passage in evidence
        ):
            raise EvalError(
                f"{at_questions}, line {number}: the evidence is not in one document of "
                f"{at_documents.name}. Use two files that belong together."
            )
        facts.append(_fact(question, documents))
    digest = sha256(at_documents, at_questions)
    return tuple(documents.values()), FactSet(name=folder.name, sha256=digest, facts=tuple(facts))


def _fact(question: _Question, documents: dict[str, Document]) -> Fact:
    evidence = question.evidence or ()
    aliases = tuple(answer for answer in question.answers if normalise(answer))
    gold = tuple(
        place
        for passage in evidence
        for place in _occurrences(documents[passage.doc_id].text, passage, aliases)
    ) or tuple(Span(start=passage.start, end=passage.end) for passage in evidence)
    return Fact(
        id=question.id,
        split="tune",
        category="answerable" if question.answerable else "unanswerable",
        question=question.question,
        answerable=question.answerable,
        answers=(aliases,) if aliases else (),
        gold=(gold,) if gold else (),
        document=evidence[0].doc_id if evidence else "",
    )


def _occurrences(text: str, passage: _Evidence, answers: tuple[str, ...]) -> Iterator[Span]:
    for answer in answers:
        whole_words = re.compile(rf"(?<!\w){re.escape(answer)}(?!\w)")
        for found in whole_words.finditer(text, passage.start, passage.end):
            yield Span(start=found.start(), end=found.end())
