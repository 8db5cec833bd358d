"""Articles -> what the reader is trained on: a text, and questions and claims with their answers.

A text is an article whole, or some of its sentences, or those among sentences of other
articles, as retrieval would hand them over. Where the sentences that answer a question are
not among them, the answer is "None", however near the rest comes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from articles import Article, Question, Statement

from onrecord.check import foreign
from onrecord.choose import LABELS, claimed, conversation
from onrecord.ground import bare
from onrecord.types import Asked, Message

WHOLE, LARGE_PART = 0.45, 0.80  # shares of texts: whole; up to here, a large part; else a small one
SMALL_PART = 10  # sentences, at most
AMONG_OTHERS = 0.6  # share of the parts that stand among sentences of other articles
OTHERS, OF_EACH = 3, 5  # other articles and sentences of each, at most
ELSEWHERE = Path(__file__).with_name("elsewhere.txt").read_text(encoding="utf-8").splitlines()
"""What no text answers: tasks, small talk, general knowledge, attempts to talk the reader over."""
OF_ELSEWHERE = 2  # of them, beside each text
ANSWERED = 14  # questions that are answered of a text, at most: memory has an end
UNANSWERED = 0.9  # questions without an answer, at most, for one with an answer
IN_CONVERSATION = 0.8  # share of the follow-ups that are asked as such, not made to stand alone
CLAIMED = 14  # claims of a text, at most, and half as many made of its answers
AFTER_ANOTHER = 0.12  # share of the other questions that come after one they do not lean on

_SPOKEN = re.compile(
    r"[A-Z][^,;]*? (?:says?|said|claims?|claimed|argues?|argued|insists?|insisted|alleges?|alleged"
    r"|maintains?|maintained|believes?|believed) that (?!(?:he|she|it|they)\b)(\w.+)"
)

History = tuple[tuple[str, str], ...]  # (user, assistant), oldest first


@dataclass(frozen=True)
class Exchange:
    """A question about a text, and its answer.

    Attributes:
        text: As the reader is asked it, with the conversation before it.
        wanted: The parts of its answer, each a choice of places among the sentences of the
            text; no part where the text does not say.
        said: The sentences of a worded answer, each behind the place that it rests on. The
            last may be "Yes," or "No," alone; none where there is no wording to learn.
    """

    text: str
    wanted: tuple[tuple[int, ...], ...]
    said: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class Exercise:
    """A text, as (title, sentence), and questions about it."""

    sentences: tuple[tuple[str, str], ...]
    asked: tuple[Exchange, ...]


def whole(article: Article) -> Exercise:
    """Return an article as it is, with all of its questions as they were asked."""
    sentences = [(article.title, sentence) for sentence in article.sentences]
    places = {number: number for number in range(len(sentences))}
    asked = [_asked(question, question.history, article, places) for question in article.questions]
    asked += [_claim(statement, places) for statement in article.statements]
    return Exercise(tuple(sentences), tuple(asked))


def exercise(article: Article, others: Sequence[Article], random: Random) -> Exercise:
    """Return an article, or a part of it, with as many of its questions as keep the balance."""
    chosen, apart = _part(len(article.sentences), random)
    blocks = [(article, chosen)]
    if random.random() < (AMONG_OTHERS if apart else AMONG_OTHERS / 6):
        for other in random.sample(others, random.randint(1, OTHERS)):
            count = min(random.randint(1, OF_EACH), len(other.sentences))
            blocks.append((other, sorted(random.sample(range(len(other.sentences)), count))))
    random.shuffle(blocks)
    order = [(block, number) for block, numbers in blocks for number in numbers][: len(LABELS)]
    sentences = [(block.title, block.sentences[number]) for block, number in order]
    places = {number: at for at, (block, number) in enumerate(order) if block is article}
    questions = _balanced(article.questions, places, random)
    asked = [
        _asked(*_in_conversation(question, article, random), article, places)
        for question in questions
    ]
    asked += [Exchange(text, ()) for text in random.sample(ELSEWHERE, OF_ELSEWHERE)]
    asked += [_claim(statement, places) for statement in _statements(article, random)]
    return Exercise(tuple(sentences), tuple(asked))


def _part(count: int, random: Random) -> tuple[list[int], bool]:
    """Return which sentences are shown, and whether they are but a part."""
    draw = random.random()
    if draw < WHOLE:
        return list(range(count)), False
    if draw < LARGE_PART:
        share = random.uniform(0.3, 0.95)
        kept = [number for number in range(count) if random.random() < share]
        return kept or [random.randrange(count)], True
    return sorted(random.sample(range(count), min(count, random.randint(1, SMALL_PART)))), True


def _balanced(
    questions: Sequence[Question], places: dict[int, int], random: Random
) -> list[Question]:
    mixed = random.sample(questions, len(questions))
    answered = [question for question in mixed if _parts(question, places)]
    others = [question for question in mixed if question not in answered]
    answered = answered[:ANSWERED]
    return answered + others[: int(UNANSWERED * len(answered)) + 4]


def _in_conversation(
    question: Question, article: Article, random: Random
) -> tuple[Question, History]:
    """Return a question and what is said before it: what it leans on, or something else."""
    if question.history and random.random() < IN_CONVERSATION:
        return question, question.history
    alone = replace(question, text=question.standalone or question.text)
    if random.random() >= AFTER_ANOTHER:
        return alone, ()
    others = [other for other in article.questions if other is not question]
    chosen = random.sample(others, min(len(others), random.randint(1, 2)))
    return alone, tuple((other.standalone or other.text, _said(other)) for other in chosen)


def _said(question: Question) -> str:
    return " ".join(text for _, text in question.answers) or "The article does not say."


def _asked(
    question: Question, history: History, article: Article, places: dict[int, int]
) -> Exchange:
    turns = tuple(
        Message(role=role, content=content)
        for exchange in history
        for role, content in zip(("user", "assistant"), exchange, strict=True)
    )
    wanted = _parts(question, places)
    said = tuple(_wording(question, article, places)) if len(wanted) == len(question.gold) else ()
    return Exchange(conversation(Asked(question=question.text, history=turns)), wanted, said)


def _wording(
    question: Question, article: Article, places: dict[int, int]
) -> Sequence[tuple[int, str]]:
    """Return the answer's sentences, up to one that could not be published: see check.py."""
    said: list[tuple[int, str]] = []
    for number, text in question.answers:
        if number not in places:
            break
        if foreign(bare(text), article.sentences[number]):
            lead = text.partition(",")[0]
            if lead in ("Yes", "No") and not said:
                said.append((places[number], f"{lead},"))
            break
        said.append((places[number], text))
    return said


def _statements(article: Article, random: Random) -> Sequence[Statement]:
    """Return some of the statements written for an article, and some made of its answers."""
    own = random.sample(article.statements, min(CLAIMED, len(article.statements)))
    made = made_of_answers(article)
    return own + random.sample(made, min(CLAIMED // 2, len(made)))


def made_of_answers(article: Article) -> list[Statement]:
    """Return the answers to an article's questions as statements."""
    return [
        statement
        for question in article.questions
        for number, text in question.answers
        for statement in _made_of(bare(text), number)
    ]


def _made_of(answer: str, number: int) -> Sequence[Statement]:
    """Return an answer's sentence as a statement, or what somebody says as if it were a fact."""
    if spoken := _SPOKEN.match(answer):
        fact = spoken[1][0].upper() + spoken[1][1:]
        return [Statement(answer, (number,)), Statement(fact, (), (number,))]
    return [Statement(answer, (number,))]


def _claim(statement: Statement, places: dict[int, int]) -> Exchange:
    carried_by = tuple(places[n] for n in statement.carried_by if n in places)
    return Exchange(claimed(statement.text), (carried_by,) if carried_by else ())


def _parts(question: Question, places: dict[int, int]) -> tuple[tuple[int, ...], ...]:
    parts = [tuple(places[n] for n in part if n in places) for part in question.gold]
    return tuple(part for part in parts if part)
