"""A follow-up and its history -> a question that can be understood by itself."""

from __future__ import annotations

import re
from collections.abc import Sequence

from langchain_core.messages import HumanMessage

from onrecord.models.base import LanguageModel
from onrecord.prompts import load_prompt, one_line
from onrecord.types import Message
from onrecord.words import POINTERS, content_stems, fold, tokens

_LEADS = re.compile(
    r"^\s*(?:and|but|so|or|also|what about|how about|why not|who else|what else)\b", re.I
)
_REMEMBERED = 4  # messages: the last two questions and their answers
_LONGEST = 400  # characters of a remembered message
_MARKER = re.compile(r"\s*\[\d+\]")


def condense(question: str, history: Sequence[Message], model: LanguageModel) -> str:
    """Return the question as it would be asked without the conversation before it.

    The model may only put words there that the conversation holds; a rewording that
    brings its own is not used, and the last question is put beside this one instead.

    Raises:
        ModelError: The model could not be reached.
    """
    if not history or not _points_back(question):
        return question
    remembered = [
        Message(role=message.role, content=one_line(_MARKER.sub("", message.content))[:_LONGEST])
        for message in history[-_REMEMBERED:]
    ]
    lines = [f"{'Q' if turn.role == 'user' else 'A'}: {turn.content}" for turn in remembered]
    prompt = "\n".join([*lines, f"Last question: {one_line(question)}"])
    messages = [*load_prompt("condense"), HumanMessage(prompt)]
    rewritten = one_line(model.complete(messages, max_tokens=80))
    if _is_faithful(rewritten, question, remembered):
        return rewritten
    asked = [turn.content for turn in remembered if turn.role == "user"]
    return f"{asked[-1]} {question}" if asked else question


def _points_back(question: str) -> bool:
    words = [fold(word) for word in tokens(question)]
    return (
        bool(_LEADS.match(question))
        or any(word in POINTERS for word in words)
        or len(content_stems(question)) <= 1
    )


def _is_faithful(rewritten: str, question: str, history: Sequence[Message]) -> bool:
    """Tell whether a rewording keeps the question, and adds only what was said."""
    said = {word for turn in history for word in content_stems(turn.content)}
    asked, now = set(content_stems(question)), set(content_stems(rewritten))
    return bool(now) and now <= said | asked and len(asked - now) <= len(asked) / 2
