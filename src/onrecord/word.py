"""Sources -> drafts: the model that chose the sentences says what they answer.

It goes on from the letters that were decided: the text and the question are evaluated already,
so that an answer costs its own words and no more. It was trained to say what the check lets
through (training/README.md).
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing

from langchain_core.messages import AIMessage, BaseMessage

from onrecord.choose import LABELS, conversation, prompt
from onrecord.ground import TERMINAL
from onrecord.models.base import LanguageModel
from onrecord.polarity import is_yes_no
from onrecord.prompts import one_line
from onrecord.types import Asked, ClaimDrafted, Draft, Evidence

_MAX_TOKENS = 160  # of a sentence
_SURE = 0.5  # nats, between yes and no
_UNLIKELY = -2.0  # nats, of both: it is no question to say yes or no to
_LEAD = re.compile(r"^(?:Yes|No)(?:,|\.(?!\s*\d))\s*")  # "No. 10" begins otherwise


def word(
    asked: Asked, sources: Sequence[Evidence], among: Sequence[Evidence], model: LanguageModel
) -> Iterator[Draft | ClaimDrafted]:
    """Yield a draft for each source, as soon as it is finished, and before it what there is of it.

    What is not worded, or broken off, is quoted.

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
        line = ""
        for line in _line(
            model.stream_reader([*begun, AIMessage(written)], max_tokens=_MAX_TOKENS)
        ):
            yield ClaimDrafted(text=one_line(f"{lead if number == 1 else ''} {line}"))
        written += f"{line}\n"
        said, first = one_line(line), number == 1
        # What was not sure by itself is not said either where the reader says it now.
        words = _LEAD.sub("", said) if yes_no and first else said
        yield Draft(
            text=words if words.endswith(TERMINAL) else item.text,
            source=number,
            lead=lead if first else "",
        )


def _lead(begun: Sequence[BaseMessage], model: LanguageModel) -> str:
    """Return "Yes," or "No,", or nothing where the reader is not sure."""
    chances = model.next_token(begun, ["Yes", "No"])
    odds = chances["Yes"] - chances["No"]
    if abs(odds) < _SURE or max(chances.values()) < _UNLIKELY:
        return ""
    return "Yes," if odds > 0 else "No,"


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
