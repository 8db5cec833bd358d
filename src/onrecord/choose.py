"""Evidence -> the same with `support`: a model that was trained for it chooses among all at once.

The sentences stand before it under letters, in the order of their documents, and the question
comes last, behind what was said before it. A sentence's support is read off the probabilities of
the first token of the answer, a letter or "None". So a text that is asked about again is evaluated
once, and each question costs its own few tokens; and a sentence is understood by those around it
(training/README.md). Of a text that is too long for that, the most promising sentences are read
first, and the others, behind them, only where those do not settle the question.

Beside sentences of other texts, one is easily taken for an answer to what its own text says
otherwise. So of a large corpus, what comes out best beside such, and is not sure, is read once more
among those that stand around it; and what it says there is what counts.

Behind the letter comes the end of the line, or another letter: a sentence that is needed too.
"""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, groupby

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage

from onrecord.conversation import transcript
from onrecord.errors import ModelError
from onrecord.models.base import OUT_OF_THE_QUESTION, LanguageModel
from onrecord.parts import count_parts
from onrecord.prompts import load_prompt, one_line
from onrecord.types import Asked, Evidence, Sentence, place_of, support_of
from onrecord.words import readable

LABELS = string.ascii_uppercase + string.ascii_lowercase
NONE = "None"
MOST = 40
"""Sentences of a whole text that are shown at once: the training saw few texts that were longer."""

_SETTLED = 2.0  # nats, of the best sentence: nothing better is looked for
_SURE = 4.0  # nats: beyond that, what stands around a sentence hardly ever changes anything
_HOPELESS = -6.5
"""Nats, of the best sentence: what comes behind it is of no interest. Even as many as can be shown,
each as likely as this, stay below the threshold that `Settings` begins with."""
_LONGEST = 1200  # characters of a sentence that are shown
_LONGEST_TITLE = 120


def choose(
    asked: Asked,
    portions: Sequence[Sequence[Evidence]],
    model: LanguageModel,
    stretches: Sequence[Sequence[Evidence]] = (),
) -> tuple[Evidence, ...]:
    """Return what was read, in that order, each with the log-odds (nats) of it against none.

    Args:
        asked: The question, with the conversation before it.
        portions: Sentences to choose from, each once; a portion is read in document order, behind
            those before it, where they do not settle the question.
        model: One that has a reader.
        stretches: What stands around each sentence of the portions, in their order, where those
            are of a large corpus.

    Raises:
        ModelError: The model could not be reached.
    """
    read: tuple[Evidence, ...] = ()
    for portion in portions:
        read = _read(asked, [*read, *sorted(portion, key=place_of)], model)
        if _is_settled(asked, read):
            break
    stretch_of = dict(zip((item.sentence for item in chain(*portions)), stretches, strict=False))
    if stretch := _to_be_read_again(asked, read, stretch_of):
        read = _read(asked, stretch, model)
    if len(read) < 2 or max(map(support_of, read)) <= _HOPELESS:
        return read
    return _beside_the_best(asked, read, model)


def _is_settled(asked: Asked, read: Sequence[Evidence]) -> bool:
    """Tell whether a sentence is liked well enough; two parts of a question need two."""
    return max(map(support_of, read)) > _SETTLED and count_parts(asked.question) == 1


def _to_be_read_again(
    asked: Asked, read: Sequence[Evidence], stretch_of: Mapping[Sentence, Sequence[Evidence]]
) -> Sequence[Evidence]:
    """Return what stands around the best sentence, where that may change what is made of it.

    What a question of two parts asks for may stand in two places.
    """
    best = max(read, key=support_of)
    if not _HOPELESS < support_of(best) < _SURE or count_parts(asked.question) > 1:
        return ()
    stretch = stretch_of.get(best.sentence, ())
    is_among_others = {item.sentence for item in read} - {item.sentence for item in stretch}
    return stretch if is_among_others else ()


def _read(asked: Asked, shown: Sequence[Evidence], model: LanguageModel) -> tuple[Evidence, ...]:
    labels = LABELS[: len(shown)]
    chances = chances_of([*labels, NONE], prompt(conversation(asked), shown), model)
    return tuple(
        item.model_copy(update={"support": chances[label] - chances[NONE]})
        for label, item in zip(labels, shown, strict=True)
    )


def _beside_the_best(
    asked: Asked, read: Sequence[Evidence], model: LanguageModel
) -> tuple[Evidence, ...]:
    """Ask what comes behind the letter of the best sentence."""
    labels = LABELS[: len(read)]
    best = labels[max(range(len(read)), key=lambda place: support_of(read[place]))]
    others = {label: f" {label}" for label in labels if label != best}
    begun = [*prompt(conversation(asked), read), AIMessage(best)]
    chances = model.next_token(begun, ["\n", *others.values()])
    return tuple(
        item.model_copy(update={"beside": chances[others[label]] - chances["\n"]})
        if label in others
        else item
        for label, item in zip(labels, read, strict=True)
    )


def chances_of(
    tokens: Sequence[str], messages: Sequence[BaseMessage], model: LanguageModel
) -> Mapping[str, float]:
    """Return the log-probability (nats) of each token, one of which an answer has to begin with.

    Raises:
        ModelError: The model could not be reached, or begins with none of them.
    """
    chances = model.next_token(messages, tokens)
    if max(chances.values()) <= OUT_OF_THE_QUESTION:
        raise ModelError(f"{model.name} answered out of form (no sentence is named); ask again.")
    return chances


def prompt(question: str, shown: Sequence[Evidence]) -> list[BaseMessage]:
    """Return what the reader is shown: the text, and the question (or a claim) last."""
    return [
        *load_prompt("choose"),
        HumanMessage(lettered([(item.title, item.text) for item in shown])),
        HumanMessage(question),
    ]


def conversation(asked: Asked) -> str:
    """Return a question as the reader is asked it, behind the last of what was said before."""
    if not asked.history:
        return one_line(asked.question)
    return "\n".join([*transcript(asked.history), f"Q: {one_line(asked.question)}"])


def claimed(text: str) -> str:
    """Return a sentence as the reader is asked which of the text's sentences carries it."""
    return f"Claim: {one_line(text)}"


def lettered(sentences: Sequence[tuple[str, str]]) -> str:
    """Return (title, sentence) pairs as the reader is shown them, each document under its title."""
    return "\n".join(_lines(sentences))


def _lines(sentences: Sequence[tuple[str, str]]) -> Iterator[str]:
    numbered = zip(LABELS, sentences, strict=False)
    for title, group in groupby(numbered, key=lambda pair: pair[1][0]):
        yield f"# {one_line(title)[:_LONGEST_TITLE]}"
        for label, (_, text) in group:
            yield f"[{label}] {one_line(readable(text))[:_LONGEST]}"
