"""What rules see by themselves: `python scripts/statements.py` (two minutes; no model is asked).

Of the statements in training/articles that no sentence carries, though one looks as if it did:
how many have the rules of the check nothing against? Of the answers there, which are right: how
many have they something against, so that the reader is asked? And of how many questions that have
an answer, or have none, do its sentences leave open who or which is asked for (`identify.py`)?
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "training"))

from articles import Article, Question, load  # noqa: E402

from onrecord.check import doubts, foreign  # noqa: E402
from onrecord.identify import leaves_open  # noqa: E402
from onrecord.voice import Voice, voice_of  # noqa: E402

Pair = tuple[str, str]
"""A statement, and the sentence that it is held against."""


def false_pairs(article: Article) -> Iterator[Pair]:
    """Yield the statements that nothing carries, each with every sentence that it was made of."""
    for statement in article.statements:
        if not statement.carried_by:
            yield from ((statement.text, article.sentences[place]) for place in statement.nearest)


def right_pairs(article: Article) -> Iterator[Pair]:
    """Yield the sentences of right answers, each with the sentence that it rests on."""
    for question in article.questions:
        yield from ((claim, article.sentences[place]) for place, claim in question.answers)


def is_doubted(pair: Pair) -> bool:
    """Tell whether a rule has something against a statement, or takes it for somebody's word."""
    return bool(foreign(*pair) or doubts(*pair) or voice_of(*pair) is not Voice.OWN)


def undoubted(pairs: Sequence[Pair], are_listed: bool) -> str:
    """Return how many pairs no rule has anything against."""
    passed = [pair for pair in pairs if not is_doubted(pair)]
    if are_listed:
        for statement, sentence in passed:
            print(f"{statement}\n    {sentence}")
    return f"{len(passed):,} of {len(pairs):,} ({len(passed) / len(pairs):.1%})"


def left_open(articles: Sequence[Article], *, are_answerable: bool) -> str:
    """Return of how many questions all sentences that may answer them leave open who or which."""
    questions = [
        (article, question)
        for article in articles
        for question in article.questions
        if question.answerable == are_answerable and not question.history
    ]
    told = sum(is_left_open(*each) for each in questions)
    return f"{told:,} of {len(questions):,}"


def is_left_open(article: Article, question: Question) -> bool:
    """Tell whether each gold sentence leaves it open, or what a careless reader would take."""
    places = [*question.nearest, *(place for part in question.gold for place in part)]
    return all(leaves_open(question.text, article.sentences[place]) for place in places)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=6, help="of the right ones, take each so many")
    parser.add_argument("--list", action="store_true", help="print the false ones that pass")
    given = parser.parse_args()
    articles = load(ROOT / "training" / "articles")
    false = [pair for article in articles for pair in false_pairs(article)]
    right = [pair for article in articles for pair in right_pairs(article)][:: given.every]
    print(
        "Of statements that the sentence does not carry, undoubted:", undoubted(false, given.list)
    )
    print("Of right claims, undoubted:", undoubted(right, are_listed=False))
    print("Of answerable questions, left open:", left_open(articles, are_answerable=True))
    print("Of the others, left open:", left_open(articles, are_answerable=False))


if __name__ == "__main__":
    main()
