"""What is said where the corpus does not say."""

from __future__ import annotations

import re

from onrecord.types import Scope

_OF_ONE = r"The (?:selected passage|article|chosen document) does not say\."
_OF_MANY = r"None of the \d+ (?:chosen )?documents says\."
_REFUSAL = re.compile(f"{_OF_ONE}|{_OF_MANY}")


def refusal(scope: Scope, documents: int) -> str:
    """Return the words of a refusal.

    Args:
        scope: What the question was asked of.
        documents: How many the corpus has.
    """
    if scope.passage:
        return "The selected passage does not say."
    if documents == 1:
        return "The article does not say."
    if not scope.documents:
        return f"None of the {documents} documents says."
    if len(scope.documents) == 1:
        return "The chosen document does not say."
    return f"None of the {len(scope.documents)} chosen documents says."


def is_refusal(text: str) -> bool:
    """Tell whether a text is one that `refusal` returns."""
    return bool(_REFUSAL.fullmatch(text))


def is_of_many(text: str) -> bool:
    """Tell whether a text is a refusal that speaks of more than one document."""
    return bool(re.fullmatch(_OF_MANY, text))
