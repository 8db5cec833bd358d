"""What the page does when an answer is called right or wrong. It writes judgements alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import gradio as gr
from pydantic import TypeAdapter, ValidationError

from onrecord.conversations import Conversations, Feedback, Quotation
from onrecord.errors import OnrecordError
from onrecord.ui import words
from onrecord.ui.judgement import Judged, Judgements, judgements_html, verdict
from onrecord.ui.keeping import owned

_QUOTATIONS = TypeAdapter(tuple[Quotation, ...])


class Judging:
    """Keeps what the reader says of answers.

    Args:
        conversations: Where it is kept.
    """

    def __init__(self, conversations: Conversations) -> None:
        self._conversations = conversations

    def judge(
        self, judgements: Judgements, event: gr.EventData, request: gr.Request
    ) -> tuple[Judgements, str]:
        """Keep what is said of an answer, and return all that was said, and its HTML."""
        said: Mapping[str, Any] = event._data
        exchange = str(said.get("exchange", ""))
        try:
            feedback = _feedback(said)
            owned(self._conversations, request).judge(exchange, feedback)
            judged = Judged(verdict(feedback))
        except OnrecordError as error:
            before = judgements.get(exchange, Judged())
            judged = replace(before, unkept=words.unkept(str(error)))
        judgements = {**judgements, exchange: judged}
        return judgements, judgements_html(judgements)


def _feedback(said: Mapping[str, Any]) -> Feedback | None:
    """Return what the form under an answer says; None takes back what was said.

    Raises:
        OnrecordError: It is none of the page's forms.
    """
    match said.get("do"):
        case "unjudge":
            return None
        case "like":
            return Feedback(liked=True)
        case "dislike":
            return _disliked(said)
    raise OnrecordError(words.MALFORMED)


def _disliked(said: Mapping[str, Any]) -> Feedback:
    try:
        quotations = _QUOTATIONS.validate_json(str(said.get("quotations", "[]")))
    except ValidationError as error:
        raise OnrecordError(words.MALFORMED) from error
    return Feedback(
        liked=False,
        reason=str(said.get("reason", "")),
        right_answer=str(said.get("right_answer", "")),
        not_in_corpus=bool(said.get("not_in_corpus")),
        quotations=quotations,
    )
