"""Sources -> drafts: the model that chose the sentences says what they answer.

It goes on from the letters that were decided: the text and the question are evaluated already,
so that an answer costs its own words and no more. It was trained to say what the check lets
through (training/README.md).

Where it is not sure how to go on, or that the sentence may end where it ends it, its wording is
given up there and then. A long sentence says several things, and by words that all stand in it
something else may be said, or the answer left out: "She denied it", of "She denied it, and blamed
a pump". That is where a model that was shown right answers hesitates.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from typing import NamedTuple

from langchain_core.messages import AIMessage, BaseMessage

from onrecord.choose import LABELS, conversation, prompt
from onrecord.ground import TERMINAL, without_lead
from onrecord.models.base import LanguageModel, Written
from onrecord.polarity import is_yes_no
from onrecord.prompts import one_line
from onrecord.types import Asked, ClaimDrafted, Draft, Evidence, Wording
from onrecord.words import readable

_MAX_TOKENS = 160  # of a sentence
_SURE = 0.5  # nats, between yes and no
_UNLIKELY = -2.0  # nats, of both: it is no question to say yes or no to
_HESITANT = -0.8  # nats, of what comes next: its chance is 0.45
_CUT_SHORT = -0.2  # nats, of the end of the sentence: 0.82


def word(
    asked: Asked, sources: Sequence[Evidence], among: Sequence[Evidence], model: LanguageModel
) -> Iterator[Draft | ClaimDrafted]:
    """Yield a draft for each source, as soon as it is finished, and before it what there is of it.

    What is not worded, or only begun to be quoted, is quoted; and where a wording is given up, the
    next goes on from the source's own words. A "Yes" or "No" that a line begins with is neither
    shown nor said: it was not sure by itself, or has been said already.

    Args:
        asked: The question, with the conversation before it.
        sources: The sentences to answer from.
        among: What they were chosen among, in the order in which it was read.
        model: One that has a reader.

    Raises:
        ModelError: The model could not be reached, or broke off.
    """
    yes_no = is_yes_no(asked.question)
    begun = prompt(conversation(asked), among)
    written = " ".join(LABELS[among.index(item)] for item in sources) + "\n"
    lead = _lead([*begun, AIMessage(written)], model) if yes_no else ""
    written += lead
    for number, item in enumerate(sources, 1):
        before, line = lead if number == 1 else "", _Line()
        for line in _line(
            model.stream_reader([*begun, AIMessage(written)], max_tokens=_MAX_TOKENS)
        ):
            if shown := one_line(f"{before} {_showable(line.text)}"):
                yield ClaimDrafted(text=shown)
        words, wording = without_lead(one_line(line.text)), line.wording
        written += f"{line.text if wording is Wording.WHOLE else readable(item.text)}\n"
        if wording is Wording.UNFINISHED and item.text.startswith(words):
            words, wording = readable(item.text), Wording.WHOLE
        yield Draft(text=words, source=number, lead=before, wording=wording)


def _lead(begun: Sequence[BaseMessage], model: LanguageModel) -> str:
    """Return "Yes," or "No,", or nothing where the reader is not sure."""
    chances = model.next_token(begun, ["Yes", "No"])
    odds = chances["Yes"] - chances["No"]
    if abs(odds) < _SURE or max(chances.values()) < _UNLIKELY:
        return ""
    return "Yes," if odds > 0 else "No,"


def _showable(line: str) -> str:
    """Return what there is of a line, but for a "Yes" or "No", and what may turn out to be one."""
    begun = line.strip().casefold()
    return "" if "yes".startswith(begun) or "no".startswith(begun) else without_lead(line)


class _Line(NamedTuple):
    """What there is of a line, and what has become of it so far."""

    text: str = ""
    wording: Wording = Wording.UNFINISHED


def _line(pieces: Generator[Written]) -> Iterator[_Line]:
    """Yield the first line that is not blank as it grows, and leave the rest unwritten.

    So the model is free for other questions before the whole line is handed on.
    """
    text, end = "", Wording.UNFINISHED
    with closing(pieces):
        for piece in pieces:
            if piece.chance < _HESITANT:
                end = Wording.UNSURE
                break
            text = f"{text}{piece.text}".lstrip()
            if piece.text.strip():
                end = _end(text.partition("\n")[0], piece.chance)
            if "\n" in text:
                break
            yield _Line(text)
    yield _Line(text.partition("\n")[0], end)


def _end(line: str, chance: float) -> Wording:
    """Return what becomes of a line if it ends here, where its end has that chance."""
    if not line.rstrip().endswith(TERMINAL):
        return Wording.UNFINISHED
    return Wording.UNSURE if chance < _CUT_SHORT else Wording.WHOLE
