"""Files in SQuAD 2.0's own form -> Article, a paragraph each, with its questions and no wordings.

Rajpurkar, Jia and Liang 2018, https://arxiv.org/abs/1806.03822; the questions are licensed as
CC BY-SA 4.0.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from articles import Article, Question

from onrecord.corpus import split_sentences
from onrecord.types import Document, Sentence

NAME = "squad2:"
"""How the names of these articles begin."""


def load_squad(path: Path, titles: Collection[str]) -> list[Article]:
    """Return the paragraphs of a file that stand under some titles, in their order."""
    data = json.loads(path.read_text(encoding="utf-8"))["data"]
    return [
        _article(text["title"], number, paragraph)
        for text in data
        if text["title"] in titles
        for number, paragraph in enumerate(text["paragraphs"])
    ]


def _article(title: str, number: int, paragraph: dict[str, Any]) -> Article:
    text = paragraph["context"]
    name = f"{NAME}{title}:{number}"
    sentences = split_sentences(Document(id=name, title=title, text=text))
    return Article(
        name=name,
        title=title.replace("_", " "),
        sentences=tuple(text[each.start : each.end] for each in sentences),
        questions=tuple(_questions(paragraph["qas"], sentences)),
    )


def _questions(asked: list[dict[str, Any]], sentences: tuple[Sentence, ...]) -> Iterator[Question]:
    for each in asked:
        told = [] if each.get("is_impossible") else each["answers"]
        gold = sorted({place for answer in told for place in _at(answer, sentences)})
        if gold or not told:
            kind = "plain" if gold else "near_miss"
            parts = (tuple(gold),) if gold else ()
            yield Question(kind, each["question"].strip(), parts, (), (), (), "")


def _at(answer: dict[str, Any], sentences: tuple[Sentence, ...]) -> Iterator[int]:
    start = answer["answer_start"]
    end = start + len(answer["text"])
    for place, sentence in enumerate(sentences):
        if sentence.start <= start and end <= sentence.end:
            yield place
