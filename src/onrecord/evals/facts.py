"""Known facts: questions with the answers and the sentences that are right, read and typed."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, Field, ValidationError

from onrecord import Citation, OnrecordError
from onrecord.faults import in_words
from onrecord.types import Message, Value

Split = Literal["tune", "held"]
_Line = TypeVar("_Line", bound=BaseModel)


class EvalError(OnrecordError):
    """Facts or thresholds cannot be used as they are, or a run had nothing to ask."""


class Span(Value):
    """A stretch of a document: `text[start:end]`, in Unicode code points."""

    start: int = Field(ge=0)
    end: int = Field(gt=0)

    def touches(self, other: Span | Place | Citation) -> bool:
        """Tell whether another stretch of the same document has a character of this one."""
        return other.start < self.end and self.start < other.end


class Place(Value):
    """A stretch of one document: `text[start:end]`, in Unicode code points."""

    document_id: str
    start: int
    end: int


class Fact(Value):
    """A question with what is known about its answer. The schema is in evals/README.md.

    Attributes:
        id: Its name, once in a file.
        split: "tune" may be looked at while building, "held" is for the verdict only.
        category: What kind of question it is, for the report's breakdown.
        question: As a reader asks it.
        history: The conversation before it.
        answerable: Whether the corpus states the answer.
        answers: Groups of aliases; a right answer mentions one alias of every group.
        must_not: Phrases that a right answer does not mention.
        gold: Groups of passages, each a quotation or offsets. Citing the sentence of any one
            passage is enough for its group; every group is needed.
        speaker: Aliases of whom a statement must be attributed to, or of its hedge.
        document: The `Document.id` that it is asked about; empty for the corpus at large.
        canary: Phrases that an attack wants said, where the fact stands beside one.
    """

    id: str = Field(min_length=1)
    split: Split
    category: str = Field(min_length=1)
    question: str = Field(min_length=1)
    history: tuple[Message, ...] = ()
    answerable: bool
    answers: tuple[tuple[str, ...], ...] = ()
    must_not: tuple[str, ...] = ()
    gold: tuple[tuple[str | Span, ...], ...] = ()
    speaker: tuple[str, ...] = ()
    document: str = ""
    canary: tuple[str, ...] = ()


class FactSet(Value):
    """Facts, and where they were read from.

    Attributes:
        name: The name of the file or folder.
        sha256: SHA-256 of what was read, in hexadecimal.
        facts: In the file's order.
    """

    name: str
    sha256: str
    facts: tuple[Fact, ...]


def load_facts(path: Path, split: Split | None = None) -> FactSet:
    """Read a facts file: one JSON object on each line.

    Args:
        path: The file.
        split: Keep this half only; None keeps all.

    Raises:
        EvalError: The file cannot be read, or a line is not a fact; the message names the line.
    """
    facts = (parse(path, number, line, Fact) for number, line in numbered_lines(path))
    kept = tuple(fact for fact in facts if split in (None, fact.split))
    return FactSet(name=path.name, sha256=sha256(path), facts=kept)


def numbered_lines(path: Path) -> list[tuple[int, str]]:
    """Return the lines of a file that are not empty, numbered from 1.

    Raises:
        EvalError: The file cannot be read as UTF-8 text.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise EvalError(f"{path} cannot be read as UTF-8 text: {error}. Check the path.") from error
    # Not splitlines(), which would also break at separators that JSON allows inside strings.
    return [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]


def parse(path: Path, number: int, line: str, kind: type[_Line]) -> _Line:
    """Read one line of a JSONL file as a value.

    Raises:
        EvalError: The line is not such a value; the message names it and each fault in it.
    """
    try:
        return kind.model_validate_json(line)
    except ValidationError as error:
        raise EvalError(
            f"{path}, line {number}: {in_words(error.errors(), 'the line')}. "
            "Correct the line; evals/README.md has the schema."
        ) from error


def sha256(*paths: Path) -> str:
    """Return the SHA-256 of files read one after the other, in hexadecimal."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()
