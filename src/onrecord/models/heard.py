"""What a model's answer says: a verdict, or chances. What says neither is an error."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from onrecord.models.base import OUT_OF_THE_QUESTION, Written
from onrecord.models.failures import UselessError

if TYPE_CHECKING:
    from langchain_core.messages import AIMessage

_WORDED_ODDS = 4.0  # nats, for a model that shows no probabilities
_VERDICT = re.compile(r"\W*(yes|no)\b", re.IGNORECASE)
_NO_PROBABILITIES = "answered out of form (with probabilities that are none); ask again."
_REFUSED = ("content_filter", "refusal")  # reasons to end, as OpenAI and Anthropic name them

M = TypeVar("M", bound="AIMessage")


def heard(said: M) -> M:
    """Return what a model says, a whole message or a piece of one.

    Raises:
        UselessError: It refuses to answer.
    """
    ended = said.response_metadata
    reason = ended.get("finish_reason") or ended.get("stop_reason")
    if reason in _REFUSED or said.additional_kwargs.get("refusal"):
        raise UselessError("refuses to answer this; ask otherwise, or use another model.")
    return said


def chances(answer: AIMessage, tokens: Sequence[str]) -> dict[str, float]:
    """Return the log-probability (nats) of each token as an answer's first; -14 of one not shown.

    Raises:
        UselessError: No probabilities are shown, or what is shown is none.
    """
    shown = _shown(answer)
    if not shown:
        raise UselessError("answered out of form (it shows no probabilities); ask again.")
    return {
        token: max(shown.get(token, OUT_OF_THE_QUESTION), OUT_OF_THE_QUESTION) for token in tokens
    }


def written(piece: AIMessage) -> Written:
    """Return a piece of an answer, with how likely the model found it.

    Words that are shown no probability of are taken for the least likely ones.

    Raises:
        UselessError: The model refuses to answer, or a probability is none.
    """
    chances = [float(token["logprob"]) for token in _tokens(heard(piece))]
    if not all(map(math.isfinite, chances)):
        raise UselessError(_NO_PROBABILITIES)
    unseen = OUT_OF_THE_QUESTION if piece.text else 0.0
    return Written(piece.text, min(chances, default=unseen))


def yes_log_odds(answer: AIMessage) -> float:
    """Return log p("Yes") - log p("No"), as far as they are shown, else what is said in words.

    Raises:
        UselessError: Neither yes nor no is shown or said, or what is shown is no number.
    """
    shown = [(token.strip().casefold(), logprob) for token, logprob in _shown(answer).items()]
    yes, no = ([logprob for word, logprob in shown if word == asked] for asked in ("yes", "no"))
    return _sum(yes) - _sum(no) if yes or no else worded_odds(answer)


def worded_odds(answer: AIMessage) -> float:
    """Return 4 or -4 (nats) for an answer that begins with yes or with no.

    Raises:
        UselessError: It begins with neither.
    """
    if verdict := _VERDICT.match(answer.text):
        return _WORDED_ODDS if verdict[1].casefold() == "yes" else -_WORDED_ODDS
    raise UselessError(
        "gave no verdict (it may refuse such questions); ask otherwise, or use another model."
    )


def _sum(logprobs: Sequence[float]) -> float:
    """Return the logarithm of the sum of probabilities, but not less than is of interest."""
    if not logprobs:
        return OUT_OF_THE_QUESTION
    most = max(logprobs)
    total = most + math.log(sum(math.exp(logprob - most) for logprob in logprobs))
    return max(total, OUT_OF_THE_QUESTION)


def _shown(answer: AIMessage) -> Mapping[str, float]:
    """Return the alternatives of an answer's first token, as far as the server shows them."""
    content = _tokens(answer)
    if not content:
        return {}
    shown = {each["token"]: float(each["logprob"]) for each in content[0]["top_logprobs"]}
    if not all(map(math.isfinite, shown.values())):
        raise UselessError(_NO_PROBABILITIES)
    return shown


def _tokens(answer: AIMessage) -> Sequence[Mapping[str, Any]]:
    return (answer.response_metadata.get("logprobs") or {}).get("content") or []
