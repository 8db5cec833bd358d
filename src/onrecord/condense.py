"""A follow-up and its history -> a question that can be understood by itself."""

from __future__ import annotations

from collections.abc import Sequence

from langchain_core.messages import HumanMessage

from onrecord.conversation import is_follow_up, remembered, transcript
from onrecord.models.base import LanguageModel
from onrecord.prompts import load_prompt, one_line
from onrecord.types import Message
from onrecord.words import content_stems


def condense(question: str, history: Sequence[Message], model: LanguageModel) -> str:
    """Return the question as it would be asked without the conversation before it.

    The model may only put words there that the conversation holds; a rewording that
    brings its own is not used, and the last question is put beside this one instead.

    Raises:
        ModelError: The model could not be reached.
    """
    if not history or not is_follow_up(question):
        return question
    said = remembered(history)
    prompt = "\n".join([*transcript(history), f"Last question: {one_line(question)}"])
    messages = [*load_prompt("condense"), HumanMessage(prompt)]
    rewritten = one_line(model.complete(messages, max_tokens=80))
    if _is_faithful(rewritten, question, said):
        return rewritten
    asked = [turn.content for turn in said if turn.role == "user"]
    return f"{asked[-1]} {question}" if asked else question


def _is_faithful(rewritten: str, question: str, history: Sequence[Message]) -> bool:
    """Tell whether a rewording keeps the question, and adds only what was said."""
    said = {word for turn in history for word in content_stems(turn.content)}
    asked, now = set(content_stems(question)), set(content_stems(rewritten))
    return bool(now) and now <= said | asked and len(asked - now) <= len(asked) / 2
