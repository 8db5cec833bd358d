"""Evidence -> drafts: the model words the answer and chooses sentence numbers, nothing more."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from langchain_core.messages import HumanMessage

from onrecord.models.base import LanguageModel
from onrecord.prompts import load_prompt, one_line
from onrecord.types import Draft, Evidence
from onrecord.words import readable

_MAX_TOKENS = 220
_MAX_DRAFTS = 8
_MAX_CHARS = 8_000  # of model output; what comes behind is not read

_STRAIGHT_CLOSING = re.compile(r'(?<=\S)"')

# `"2": "Words …"`: a sentence's number, and what it says about the question.
_PAIR = re.compile(r'"(\d{1,3})"\s*:\s*(?=")')


def generate(question: str, sources: Sequence[Evidence], model: LanguageModel) -> Iterator[Draft]:
    """Yield the model's claims, each as soon as it is finished.

    Output that is no JSON, or not of the asked form, yields nothing.

    Raises:
        ModelError: The model could not be reached, or broke off.
    """
    passages = [
        f"[{number}] {_unclosed(one_line(readable(item.text)))}"
        for number, item in enumerate(sources, 1)
    ]
    prompt = "\n".join([*passages, f"Question: {one_line(question)}"])
    messages = [*load_prompt("generate"), HumanMessage(prompt)]
    schema = answer_schema(len(sources))
    for draft in parse_drafts(model.stream_json(messages, schema, max_tokens=_MAX_TOKENS)):
        if 0 < draft.source <= len(sources):
            words = _with_marks_of(sources[draft.source - 1].text, draft.text)
            yield draft.model_copy(update={"text": words})


def _unclosed(text: str) -> str:
    """Return a text with guillemets for its quotation marks.

    A small model takes a quotation's closing mark for the end of the JSON text that it stands
    in, and loses its way.
    """
    curly = text.replace("“", "«").replace("”", "»")
    return _STRAIGHT_CLOSING.sub("»", curly).replace('"', "«")


def _with_marks_of(source: str, words: str) -> str:
    """Return the model's words with the quotation marks that the source has."""
    if "«" in source or "»" in source:
        return words
    opening, closing = "“”" if "“" in source or "”" in source else '""'
    return words.replace("«", opening).replace("»", closing)


def answer_schema(shown: int) -> dict[str, Any]:
    """Return the JSON schema of an answer: sentences by the number of the passage they rest on.

    It has no room for a number but those of the `shown` passages, and asks for each of them:
    which sentences answer has been decided before.
    """
    numbers = [str(number) for number in range(1, shown + 1)]
    return {
        "type": "object",
        "properties": {number: {"type": "string"} for number in numbers},
        "required": numbers,
        "additionalProperties": False,
    }


def parse_drafts(pieces: Iterable[str]) -> Iterator[Draft]:
    """Yield each numbered sentence of a JSON text that comes in pieces, whatever else it holds."""
    decoder = json.JSONDecoder()
    text, position, found = "", 0, 0
    for piece in pieces:
        text = (text + piece)[:_MAX_CHARS]
        while found < _MAX_DRAFTS and (pair := _PAIR.search(text, position)):
            try:
                words, position = decoder.raw_decode(text, pair.end())
            except ValueError:
                break  # not complete yet, or broken: more of it may come
            yield Draft(text=one_line(words), source=int(pair.group(1)))
            found += 1
        if found >= _MAX_DRAFTS or len(text) >= _MAX_CHARS:
            return
