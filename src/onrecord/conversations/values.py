"""The values that are kept: conversations, their exchanges, and what a person says of an answer."""

from __future__ import annotations

from datetime import datetime

from onrecord import Receipt
from onrecord.types import ClaimDropped, Value


class Quotation(Value):
    """A sentence that a person points at.

    Attributes:
        document_id: The document that it stands in.
        text: Its words, exactly as in the document.
    """

    document_id: str
    text: str


class Feedback(Value):
    """What a person says of an answer.

    Attributes:
        liked: Whether it is right; then the rest says nothing.
        reason: Why it is not.
        right_answer: What would have been right.
        not_in_corpus: Whether it should have been that the corpus does not say; then there is
            no right answer and no quotation.
        quotations: The sentences that a right answer rests on.
    """

    liked: bool
    reason: str = ""
    right_answer: str = ""
    not_in_corpus: bool = False
    quotations: tuple[Quotation, ...] = ()


class Exchange(Value):
    """A question and its answer, as they are kept.

    Attributes:
        id: Its name, which no other exchange has.
        receipt: Question, answer, and what the answer rests on.
        dropped: What was written on the way to the answer and is no part of it.
        feedback: What a person says of it, if anything.
        fallen: What the answer quotes and the documents no longer have, each in words, and
        altered: what does not fit together in the receipt itself: see `alarmed`.
    """

    id: str
    receipt: Receipt
    dropped: tuple[ClaimDropped, ...] = ()
    feedback: Feedback | None = None
    fallen: tuple[str, ...] = ()
    altered: tuple[str, ...] = ()


class Conversation(Value):
    """A conversation, whole.

    Attributes:
        id: Its name, which no other conversation has.
        title: One line, for a reader.
        created: When its first answer was made, in UTC.
        changed: When its last answer was made, in UTC.
        exchanges: What was asked and answered, oldest first; never empty.
    """

    id: str
    title: str
    created: datetime
    changed: datetime
    exchanges: tuple[Exchange, ...]


class Summary(Value):
    """A conversation, as a list shows it.

    Attributes:
        id, title, changed: As `Conversation` has them.
        owner: The user whose it is; "" where nobody logs in.
        exchanges: How many there are.
    """

    id: str
    title: str
    changed: datetime
    owner: str
    exchanges: int
