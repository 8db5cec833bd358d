"""The files of training/articles (README.md) -> Article."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

DEV = ("politics-6", "business-6", "science-6", "encyclopedia-6")
"""Articles that nothing is trained on: what is reached is measured on them."""


class FormatError(Exception):
    """A file does not follow README.md."""


@dataclass(frozen=True)
class Question:
    """A question about an article.

    Attributes:
        kind: One of those that README.md names.
        text: As a reader asks it.
        gold: The parts of the answer; of each, the sentences (from 0) of which any one is enough.
        nearest: Of an unanswerable question, what a careless reader would cite.
        answers: The sentences of an answer, each behind the sentence that it rests on.
        history: The talk before it, as (user, assistant).
        standalone: The question as it would be asked without that talk.
    """

    kind: str
    text: str
    gold: tuple[
        tuple[int, ...], ...
    ]  # parts that are all needed, each a choice of sentences (from 0)
    nearest: tuple[int, ...]  # of an unanswerable question: what a careless reader would cite
    answers: tuple[tuple[int, str], ...]  # (sentence, claim)
    history: tuple[tuple[str, str], ...]
    standalone: str

    @property
    def answerable(self) -> bool:
        """Whether the article states the answer."""
        return bool(self.gold)


@dataclass(frozen=True)
class Statement:
    """What somebody may have made of an article.

    Attributes:
        text: One sentence.
        carried_by: The sentences (from 0) of which any one says so; none of them if empty.
        nearest: Of a statement that nothing carries, what it was made of.
    """

    text: str
    carried_by: tuple[int, ...]
    nearest: tuple[int, ...] = ()


@dataclass(frozen=True)
class Article:
    """An article, questions about it, and statements that it carries or does not carry."""

    name: str
    title: str
    sentences: tuple[str, ...]
    questions: tuple[Question, ...]
    statements: tuple[Statement, ...] = ()


@dataclass
class _Open:
    kind: str
    text: str
    history: list[tuple[str, str]]
    gold: tuple[tuple[int, ...], ...] | None = None
    nearest: tuple[int, ...] = ()
    answers: list[tuple[int, str]] = field(default_factory=list)
    standalone: str = ""


def parse(path: Path) -> Article:
    """Read one file.

    Raises:
        FormatError: It does not follow README.md; the message names the line.
    """
    draft = _Draft()
    for at, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            draft.take(line.strip())
        except (AssertionError, ValueError) as error:
            raise FormatError(f"line {at}: {error}: {line[:80]}") from error
    questions = tuple(_closed(q) for q in draft.questions)
    if not (draft.title and draft.sentences and questions):
        raise FormatError("it needs a title, sentences and questions")
    return Article(
        path.stem, draft.title, tuple(draft.sentences), questions, tuple(draft.statements)
    )


class _Draft:
    """An article as it is read, line by line."""

    def __init__(self) -> None:
        self.title = ""
        self.sentences: list[str] = []
        self.questions: list[_Open] = []
        self.statements: list[Statement] = []
        self._history: list[tuple[str, str]] = []

    def take(self, line: str) -> None:
        if not line:
            return
        if numbered := re.match(r"(\d+)\. (.+)", line):
            assert int(numbered[1]) == len(self.sentences) + 1, "sentences are numbered 1, 2, ..."
            self.sentences.append(numbered[2].strip())
        elif asked := re.match(r"Q (\w+): (.+)", line):
            self.questions.append(_Open(asked[1], asked[2].strip(), self._history))
            self._history = []
        elif line.startswith("# "):
            self.title = line[2:].strip()
        elif line.startswith("C: "):
            stated = re.fullmatch(r"(.+?) \[([^\]]+)\]", line[3:].strip())
            assert stated, "C: a statement [4], [3 | 7] or [none ~ 2, 4]"
            gold, nearest = _gold(stated[2], len(self.sentences))
            assert len(gold) < 2, "a statement rests on one sentence"
            self.statements.append(Statement(stated[1].strip(), gold[0] if gold else (), nearest))
        elif line.startswith("H: "):
            user, _, assistant = line[3:].partition("||")
            assert assistant, "H: user || assistant"
            self._history.append((user.strip(), assistant.strip()))
        else:
            assert self.questions, "not a line of the format"
            self._take_of(self.questions[-1], line)

    def _take_of(self, question: _Open, line: str) -> None:
        what, rest = line[:3], line[3:].strip()
        if what == "G: ":
            question.gold, question.nearest = _gold(rest, len(self.sentences))
        elif what == "S: ":
            question.standalone = rest
        else:
            answer = re.fullmatch(r"(.+?) \[(\d+)\]", rest)
            if what != "A: " or not answer:
                raise ValueError("not a line of the format")
            question.answers.append((int(answer[2]) - 1, answer[1].strip()))


def _gold(text: str, count: int) -> tuple[tuple[tuple[int, ...], ...], tuple[int, ...]]:
    numbers = [int(n) for n in re.findall(r"\d+", text)]
    assert all(1 <= n <= count for n in numbers), f"there are {count} sentences"
    if text.strip().startswith("none"):
        return (), tuple(n - 1 for n in numbers)
    parts = tuple(tuple(int(n) - 1 for n in re.findall(r"\d+", p)) for p in text.split("+"))
    assert all(parts), "G: 4 or 3 | 7 or 2 + 9 or none ~ 2, 4"
    return parts, ()


def _closed(q: _Open) -> Question:
    if q.gold is None:
        raise FormatError(f"no G for: {q.text}")
    if bool(q.gold) != bool(q.answers):
        raise FormatError(f"an A for each answerable question and for no other: {q.text}")
    cited = {n for n, _ in q.answers}
    if not all(cited & set(part) for part in q.gold) or cited - {n for p in q.gold for n in p}:
        raise FormatError(f"A cites other sentences than G: {q.text}")
    if q.history and not q.standalone:
        raise FormatError(f"no S for: {q.text}")
    return Question(
        q.kind, q.text, q.gold, q.nearest, tuple(q.answers), tuple(q.history), q.standalone
    )


def load(folder: Path) -> list[Article]:
    """Every article of a folder, in the order of their names."""
    return [parse(path) for path in sorted(folder.glob("*.txt"))]
