"""What the page says of itself with a question."""

from __future__ import annotations

from typing import Self

from pydantic import Field, ValidationError

from onrecord.types import Value


class Sent(Value):
    """What the page knows, and the server may not: that may have been started again.

    Attributes:
        scope: What the page says that is asked of, as JSON.
        conversation: The id under which the conversation that it shows is kept, if it is.
        shown: How many questions it shows.
    """

    scope: str = ""
    conversation: str = ""
    shown: int = Field(0, ge=0)

    @classmethod
    def of(cls, text: object) -> Self:
        """Return what was sent as JSON; nothing where that is no page's."""
        try:
            return cls.model_validate_json(str(text))
        except ValidationError:
            return cls()
