"""A corpus of many short texts that have nothing to do with one another, and questions about it.

They are the beginnings of the invented articles of training/. The reader was trained on most of
them, so that they say how fast it answers, and nothing of how well.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "training"))

from articles import Article, Question, parse  # noqa: E402

SENTENCES = 6  # of a paragraph


def write(folder: Path, number: int) -> tuple[str, ...]:
    """Write paragraphs into a folder, one a file.

    Args:
        folder: Where to; what is there already is left as it is.
        number: How many paragraphs.

    Returns:
        Of each paragraph a question that it answers, where there is one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    articles = [parse(path) for path in sorted((ROOT / "training/articles").glob("*.txt"))[:number]]
    for article in articles:
        head = f"---\ntitle: {json.dumps(article.title, ensure_ascii=False)}\n---\n"
        text = " ".join(article.sentences[:SENTENCES])
        (folder / f"{article.name}.txt").write_text(f"{head}{text}\n", encoding="utf-8")
    return tuple(asked for article in articles for asked in list(_answered(article))[:1])


def _answered(article: Article) -> Iterator[str]:
    """Yield the questions that an article's beginning answers."""
    yield from (each.text for each in article.questions if _is_answered(each))


def _is_answered(question: Question) -> bool:
    gold = [sentence for part in question.gold for sentence in part]
    return not question.history and bool(gold) and max(gold) < SENTENCES
