"""A document -> proposed facts about it: a model asks, code sorts out, and a person reads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Protocol

from langchain_core.messages import BaseMessage, HumanMessage

from onrecord import Document
from onrecord.evals.check import sentences
from onrecord.evals.facts import Fact, Span
from onrecord.evals.gold import occurrences
from onrecord.evals.wording import mentions, normalise
from onrecord.progress import Progress, silent
from onrecord.prompts import load_prompt, one_line

UNREVIEWED = "unreviewed-"
"""How the id of a proposed fact begins, until a person has read it."""

_MAX_TOKENS = 80
_LEAST_WORDS = 6  # a shorter sentence seldom says anything that can be asked for
_LONGEST_ANSWER = 10  # words
_LEAST_QUESTION = 3  # words
_REPLY = re.compile(r"^Question:[ \t]*(\S.*\?)\s*\nAnswer:[ \t]*(\S.*?)\s*$", re.MULTILINE)


class Completing(Protocol):
    """What drafting needs of a language model."""

    def complete(self, messages: Sequence[BaseMessage], max_tokens: int) -> str:
        """Return the model's answer as text."""


def draft(document: Document, model: Completing, progress: Progress = silent) -> Iterator[Fact]:
    """Yield a proposed fact for each sentence that the model finds a usable question for.

    The sentence is the gold. What is checked: that the answer stands verbatim in it, is short
    and is not in the question, and that no question comes twice. Whether a question is clear,
    and whether another sentence answers it too, only a person can tell: until one has, the
    fact's id begins with `UNREVIEWED`.

    Args:
        document: What to ask about.
        model: Who asks.
        progress: Told of every sentence.

    Raises:
        ModelError: The model could not be reached.
    """
    spans = sentences(document)
    asked: set[str] = set()
    before = ""
    for place, span in enumerate(spans):
        progress(f"sentence {place + 1} of {len(spans)}", place / len(spans))
        sentence = document.text[span.start : span.end].strip()
        if len(normalise(sentence).split()) >= _LEAST_WORDS and not sentence.endswith("?"):
            question, answer = _proposed(sentence, before, model)
            if _usable(question, answer, sentence) and normalise(question) not in asked:
                asked.add(normalise(question))
                yield _fact(document, place, span, question, answer)
        before = sentence
    progress(f"{len(spans)} sentences read", 1.0)


def _proposed(sentence: str, before: str, model: Completing) -> tuple[str, str]:
    shown = f"Before: {one_line(before)}\nSentence: {one_line(sentence)}"
    reply = _REPLY.search(model.complete([*load_prompt("draft"), HumanMessage(shown)], _MAX_TOKENS))
    return (one_line(reply[1]), reply[2]) if reply else ("", "")


def _usable(question: str, answer: str, sentence: str) -> bool:
    words = len(normalise(answer).split())
    return (
        0 < words <= _LONGEST_ANSWER
        and words < len(normalise(sentence).split())
        and len(normalise(question).split()) >= _LEAST_QUESTION
        and re.search(rf"(?<!\w){re.escape(answer)}(?!\w)", sentence) is not None
        and mentions(sentence, [answer])
        and not mentions(question, [answer])
    )


def _fact(document: Document, place: int, span: Span, question: str, answer: str) -> Fact:
    sentence = document.text[span.start : span.end].strip()
    once = len(occurrences(document.text, sentence)) == 1
    return Fact(
        id=f"{UNREVIEWED}{document.id}-{place + 1}",
        split="tune",
        category="draft",
        question=question,
        answerable=True,
        answers=((answer,),),
        gold=((sentence if once else span,),),
        document=document.id,
    )
