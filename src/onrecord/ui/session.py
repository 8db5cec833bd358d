"""The conversation that one reader has before them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from onrecord.ui.turns import Turn, Turns


@dataclass(frozen=True)
class Session:
    """The conversation on the page.

    Attributes:
        turns: The questions and answers, oldest first.
        conversation: The id under which it is kept; "" before anything is.
        replaces: The id of the kept answer whose place the next one takes; "" for none.
    """

    turns: Turns = ()
    conversation: str = ""
    replaces: str = ""

    @property
    def is_working(self) -> bool:
        """Whether the last question is still without an answer."""
        return bool(self.turns) and self.turns[-1].working

    @property
    def can_go_back(self) -> bool:
        """Whether the last question can be asked again, or taken back.

        What is kept gives way one answer at a time: where the next one takes the place of a kept
        one already, the one before that stays.
        """
        if not self.turns or self.is_working:
            return False
        return not (self.replaces and self.turns[-1].exchange)

    def asking(self, turn: Turn) -> Session:
        """Return the session with a question at the end of it."""
        return replace(self, turns=(*self.turns, turn))

    def with_last(self, turn: Turn) -> Session:
        """Return the session with another last turn."""
        return replace(self, turns=(*self.turns[:-1], turn))

    def without_last(self) -> Session:
        """Return the session as it was before its last question, whose answer will be replaced."""
        kept = self.turns[-1].exchange
        return replace(self, turns=self.turns[:-1], replaces=kept or self.replaces)
