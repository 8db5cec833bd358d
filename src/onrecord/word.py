"""Sources -> drafts: the model that chose the sentences says what they answer.

It goes on from the letters that were decided: the text and the question are evaluated already,
so that an answer costs its own words and no more. It was trained to say what the check lets
through (training/README.md).
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing

from langchain_core.messages import AIMessage, BaseMessage

from onrecord.choose import LABELS, conversation, prompt
from onrecord.ground import TERMINAL, without_lead
from onrecord.models.base import LanguageModel
from onrecord.polarity import is_yes_no
from onrecord.prompts import one_line
from onrecord.types import Asked, ClaimDrafted, Draft, Evidence
from onrecord.words import readable

_MAX_TOKENS = 160  # of a sentence
_SURE = 0.5  # nats, between yes and no
_UNLIKELY = -2.0  # nats, of both: it is no question to say yes or no to


def word(
    asked: Asked, sources: Sequence[Evidence], among: Sequence[Evidence], model: LanguageModel
) -> Iterator[Draft | ClaimDrafted]:
    """Yield a draft for each source, as soon as it is finished, and before it what there is of it.

    What is not worded, or only begun to be quoted, is quoted. A "Yes" or "No" that a line begins
    with is neither shown nor said: it was not sure by itself, or has been said already.

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
        before, line = lead if number == 1 else "", ""
        for line in _line(
            model.stream_reader([*begun, AIMessage(written)], max_tokens=_MAX_TOKENS)
        ):
            if shown := one_line(f"{before} {_showable(line)}"):
                yield ClaimDrafted(text=shown)
        written += f"{line}\n"
        words = without_lead(one_line(line))
        is_whole = words.endswith(TERMINAL)
        if not is_whole and item.text.startswith(words):
            words, is_whole = readable(item.text), True
        yield Draft(text=words, source=number, lead=before, is_unfinished=not is_whole)


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


def _line(pieces: Generator[str]) -> Iterator[str]:
    """Yield the first line that is not blank as it grows, and leave the rest unwritten.

    So the model is free for other questions before the whole line is handed on.
    """
    text = ""
    with closing(pieces):
        for piece in pieces:
            text = f"{text}{piece}".lstrip()
            if "\n" in text:
                break
            yield text
    yield text.partition("\n")[0]
