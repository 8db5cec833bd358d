"""A kept conversation -> the session in which it goes on."""

from __future__ import annotations

from collections.abc import Sequence

from onrecord.conversations import Conversations, Exchange, alarmed
from onrecord.types import Document
from onrecord.ui.scope import name_of
from onrecord.ui.session import Session
from onrecord.ui.turns import Turn


def reopened(conversations: Conversations, name: str, documents: Sequence[Document]) -> Session:
    """Return a kept conversation as it is shown, with what no longer stands of it.

    Raises:
        ConversationError: There is none of that id, or it cannot be read.
        CorpusError: There are no documents.
    """
    conversation = conversations.load(name)
    exchanges = alarmed(conversation, documents).exchanges
    return Session(tuple(_turn(each, documents) for each in exchanges), conversation.id)


def _turn(exchange: Exchange, documents: Sequence[Document]) -> Turn:
    """Return a kept answer as it is shown, with what no longer stands of it."""
    answer = exchange.receipt.answer
    return Turn(
        question=answer.question,
        scope=answer.scope,
        asked_of=name_of(answer.scope, documents),
        claims=answer.claims,
        dropped=exchange.dropped,
        answer=answer,
        receipt=exchange.receipt.model_dump_json(indent=2),
        exchange=exchange.id,
        feedback=exchange.feedback,
        fallen=exchange.fallen,
        altered=exchange.altered,
    )
