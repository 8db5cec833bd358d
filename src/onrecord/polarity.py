"""A yes/no question and its sources -> "Yes", "No", or nothing where the model is not sure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from langchain_core.messages import HumanMessage

from onrecord.models.base import LanguageModel
from onrecord.prompts import load_prompt, one_line
from onrecord.types import Evidence

_OPENING = (
    r"^\W*(?:(?:and|but|so|or|then|well|also)\b\W*)?"
    r"(?:(?:in|on|at|during|after|before|since|by|until) (?!(?:how|what|which|whose)\b)"
    r"[^,?]{1,40}, )?"
)
_YES_NO = re.compile(
    _OPENING
    + r"(?:(?:is|are|was|were|do|does|did|has|have|had|could|would|should|might|must)(?:n[’']t)?"
    r"|am|can|will|shall|may|can[’']t|won[’']t)\b",
    re.IGNORECASE,
)
_OFFERS_A_CHOICE = re.compile(r"\bor\b(?! not\b)", re.IGNORECASE)
_ASKS_TO_BE_TOLD = re.compile(
    _OPENING
    + r"(?:(?:can(?:[’']t)?|(?:could|will|would)(?:n[’']t)?|won[’']t) (?:you|we|i|anyone|someone)"
    r"|do you know|may i)\b.*"
    r"\b(?:wh(?:o|om|ose|at|en|ere|y|ich)|how|tell|say|list|name|describe|explain|summari[sz]e)\b",
    re.IGNORECASE,
)
"""A question in a polite one, to which "Yes" would be no answer."""
_SURE = 1.0  # nats: about three to one


def polarity(question: str, sources: Sequence[Evidence], model: LanguageModel) -> str:
    """Return "Yes" or "No" for a yes/no question that the sources settle, else "".

    Raises:
        ModelError: The model could not be reached.
    """
    if not is_yes_no(question):
        return ""
    passage = " ".join(one_line(item.text) for item in sources)
    prompt = f"Passage: {passage}\nQuestion: {one_line(question)}"
    odds = model.yes_log_odds([*load_prompt("polarity"), HumanMessage(prompt)])
    return "" if abs(odds) < _SURE else "Yes" if odds > 0 else "No"


def is_yes_no(question: str) -> bool:
    """Tell whether a question is one to say yes or no to."""
    is_open = _OFFERS_A_CHOICE.search(question) or _ASKS_TO_BE_TOLD.match(question)
    return bool(_YES_NO.match(question)) and not is_open
