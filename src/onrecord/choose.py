"""Evidence -> the same with `support`: a model that was trained for it chooses among all at once.

The sentences stand before it under letters, in the order of their documents, and the question
comes last. The probabilities of the first token of its answer, a letter or "None", are all that
is read of it. So a text that is asked about again is evaluated once, and each question costs
its own few tokens; and a sentence is understood by those around it (training/README.md).

Where that leaves it in doubt, the three best are shown once more by themselves, and both
readings count alike: what is lost among twenty sentences is often plain among three.
"""

from __future__ import annotations

import string
from collections.abc import Iterator, Sequence
from itertools import groupby

from langchain_core.messages import HumanMessage

from onrecord.models.base import LanguageModel
from onrecord.prompts import load_prompt, one_line
from onrecord.types import Evidence, place_of, support_of

LABELS = string.ascii_uppercase + string.ascii_lowercase
NONE = "None"
MOST = 40
"""Sentences that are shown at once: the training saw few texts that were longer."""

_CLOSELY = 3  # sentences that are looked at again
_HOPELESS, _SURE, _APART = -9.0, 2.5, 1.5  # nats, of the best sentence and to the second

_LONGEST = 1200  # characters of a sentence that are shown
_LONGEST_TITLE = 120


def choose(
    question: str, evidence: Sequence[Evidence], model: LanguageModel
) -> tuple[Evidence, ...]:
    """Return the evidence in document order, each with the log-odds (nats) of it against none.

    Args:
        question: As it can be understood by itself.
        evidence: Sentences to choose from, each once; those beyond the first `MOST` are left out.
        model: One that has a reader.

    Raises:
        ModelError: The model could not be reached.
    """
    read = _read(question, evidence[:MOST], model)
    if len(read) <= _CLOSELY or _is_plain(read):
        return read
    best = sorted(read, key=support_of, reverse=True)[:_CLOSELY]
    again = {item.sentence: support_of(item) for item in _read(question, best, model, again=True)}
    return tuple(
        item.model_copy(
            update={"support": (support_of(item) + again.get(item.sentence, support_of(item))) / 2}
        )
        for item in read
    )


def _is_plain(read: Sequence[Evidence]) -> bool:
    """Tell whether a reading leaves no doubt: none answers, or one does and no other nearly."""
    best, second = sorted(map(support_of, read), reverse=True)[:2]
    return best <= _HOPELESS or (best >= _SURE and best - second >= _APART)


def _read(
    question: str, evidence: Sequence[Evidence], model: LanguageModel, *, again: bool = False
) -> tuple[Evidence, ...]:
    shown = sorted(evidence, key=place_of)
    labels = LABELS[: len(shown)]
    messages = [
        *load_prompt("choose"),
        HumanMessage(lettered([(item.title, item.text) for item in shown])),
        HumanMessage(one_line(question)),
    ]
    chances = model.first_token(messages, [*labels, NONE], again=again)
    return tuple(
        item.model_copy(update={"support": chances[label] - chances[NONE]})
        for label, item in zip(labels, shown, strict=True)
    )


def lettered(sentences: Sequence[tuple[str, str]]) -> str:
    """Return (title, sentence) pairs as the reader is shown them, each document under its title."""
    return "\n".join(_lines(sentences))


def _lines(sentences: Sequence[tuple[str, str]]) -> Iterator[str]:
    numbered = zip(LABELS, sentences, strict=False)
    for title, group in groupby(numbered, key=lambda pair: pair[1][0]):
        yield f"# {one_line(title)[:_LONGEST_TITLE]}"
        for label, (_, text) in group:
            yield f"[{label}] {one_line(text)[:_LONGEST]}"
