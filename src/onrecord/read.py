"""Evidence -> the same with `support`: the model reads each sentence beside the question.

Few-shot pointwise reading, for any model: of one sentence at a time it says whether that
states the answer, and the log-odds of its "Yes" are the score. A small model that cannot
choose among eight sentences can tell this of one (docs/architecture.md has the figures).
The local model has a reader that was trained to choose, which is better: choose.py.
"""

from __future__ import annotations

from collections.abc import Sequence

from langchain_core.messages import BaseMessage, HumanMessage

from onrecord.models.base import LanguageModel
from onrecord.prompts import load_prompt, one_line
from onrecord.types import Evidence
from onrecord.words import leans, readable

_EAGERNESS = 1.6  # nats, by which "Yes" comes easier than a letter comes to the trained reader


def read(question: str, evidence: Sequence[Evidence], model: LanguageModel) -> tuple[Evidence, ...]:
    """Return the evidence, each with the log-odds (nats) that it answers the question.

    Raises:
        ModelError: The model could not be reached.
    """
    return tuple(
        item.model_copy(
            update={"support": model.yes_log_odds(_messages(question, item)) - _EAGERNESS}
        )
        for item in evidence
    )


def _messages(question: str, item: Evidence) -> list[BaseMessage]:
    """The question comes last: the other way round, it is judged worse (docs/architecture.md)."""
    before = f"Before it: {one_line(item.context)}\n" if item.context and leans(item.text) else ""
    prompt = f"{before}Passage: {one_line(readable(item.text))}\nQuestion: {one_line(question)}"
    return [*load_prompt("read"), HumanMessage(prompt)]
