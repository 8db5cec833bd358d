"""Evidence -> the same with `support`: the model reads each sentence beside the question.

Few-shot pointwise reading: for one sentence at a time the model says whether it states
the answer, and the log-odds of its "Yes" are the score. A small model that cannot choose
among eight sentences can tell this of one (docs/architecture.md has the figures).
"""

from __future__ import annotations

from collections.abc import Sequence

from langchain_core.messages import BaseMessage, HumanMessage

from onrecord.decide import confidence
from onrecord.models.base import LanguageModel
from onrecord.prompts import load_prompt, one_line
from onrecord.settings import Settings
from onrecord.types import Evidence


def read(
    question: str, evidence: Sequence[Evidence], model: LanguageModel, settings: Settings
) -> tuple[Evidence, ...]:
    """Return the first candidates with `support`, the log-odds (nats) that they answer.

    At most `settings.readings` are read, in retrieval's order, and no more once one
    scores `settings.sure`: what costs time here is the reading.

    Raises:
        ModelError: The model could not be reached.
    """
    done: list[Evidence] = []
    for item in evidence[: settings.readings]:
        support = model.yes_log_odds(_messages(question, item))
        done.append(item.model_copy(update={"support": support}))
        if confidence(question, done[-1]) >= settings.sure:
            break
    return tuple(done)


def _messages(question: str, item: Evidence) -> list[BaseMessage]:
    """The question stands before the passage, so that it is evaluated once for all passages."""
    prompt = f"Question: {one_line(question)}\nPassage: {one_line(item.text)}"
    return [*load_prompt("read"), HumanMessage(prompt)]
