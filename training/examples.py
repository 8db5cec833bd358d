"""Articles -> what the reader is trained on: a text, and questions with the sentences to choose.

A text is an article whole, or some of its sentences, or those among sentences of other
articles, as retrieval would hand them over. Where the sentences that answer a question are
not among them, the answer is "None", however near the rest comes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from articles import Article, Question

from onrecord.choose import LABELS

WHOLE, LARGE_PART = 0.45, 0.80  # shares of texts: whole; up to here, a large part; else a small one
SMALL_PART = 10  # sentences, at most
AMONG_OTHERS = 0.6  # share of the parts that stand among sentences of other articles
OTHERS, OF_EACH = 3, 5  # other articles and sentences of each, at most
ELSEWHERE = Path(__file__).with_name("elsewhere.txt").read_text(encoding="utf-8").splitlines()
"""What no text answers: tasks, small talk, general knowledge, attempts to talk the reader over."""
OF_ELSEWHERE = 2  # of them, beside each text
UNANSWERED = 0.7  # questions without an answer, at most, for one with an answer


@dataclass(frozen=True)
class Exercise:
    """A text and questions about it.

    Attributes:
        sentences: The text, as (title, sentence).
        questions: As they are asked.
        wanted: Of each question, the parts of its answer, each a choice of places in
            `sentences`; no part where the text does not say.
    """

    sentences: tuple[tuple[str, str], ...]
    questions: tuple[str, ...]
    wanted: tuple[tuple[tuple[int, ...], ...], ...]


def whole(article: Article) -> Exercise:
    """Return an article as it is, with all of its questions."""
    sentences = [(article.title, sentence) for sentence in article.sentences]
    places = {number: number for number in range(len(sentences))}
    return _exercise(sentences, article.questions, places)


def exercise(article: Article, others: Sequence[Article], random: Random) -> Exercise:
    """Return an article, or a part of it, with as many of its questions as keep the balance."""
    chosen, apart = _part(len(article.sentences), random)
    blocks = [(article, chosen)]
    if random.random() < (AMONG_OTHERS if apart else AMONG_OTHERS / 6):
        for other in random.sample(others, random.randint(1, OTHERS)):
            count = random.randint(1, OF_EACH)
            blocks.append((other, sorted(random.sample(range(len(other.sentences)), count))))
    random.shuffle(blocks)
    order = [(block, number) for block, numbers in blocks for number in numbers][: len(LABELS)]
    sentences = [(block.title, block.sentences[number]) for block, number in order]
    places = {number: at for at, (block, number) in enumerate(order) if block is article}
    asked = _exercise(sentences, _balanced(article.questions, places, random), places)
    more = tuple(random.sample(ELSEWHERE, OF_ELSEWHERE))
    return replace(
        asked, questions=asked.questions + more, wanted=asked.wanted + ((),) * OF_ELSEWHERE
    )


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
    return answered + others[: int(UNANSWERED * len(answered)) + 4]


def _exercise(
    sentences: Sequence[tuple[str, str]], questions: Sequence[Question], places: dict[int, int]
) -> Exercise:
    return Exercise(
        tuple(sentences),
        tuple(question.standalone or question.text for question in questions),
        tuple(_parts(question, places) for question in questions),
    )


def _parts(question: Question, places: dict[int, int]) -> tuple[tuple[int, ...], ...]:
    parts = [tuple(places[n] for n in part if n in places) for part in question.gold]
    return tuple(part for part in parts if part)
