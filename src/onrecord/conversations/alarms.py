"""Which kept answers still stand: the documents may have changed since they were given."""

from __future__ import annotations

from collections.abc import Sequence

from onrecord import Document, Receipt, verify
from onrecord.conversations.values import Conversation
from onrecord.receipt import Verification


def standing(conversation: Conversation, documents: Sequence[Document]) -> dict[str, Verification]:
    """Return what is left of each answer, by the id of its exchange; no model is asked.

    Args:
        conversation: What was answered.
        documents: The corpus as it is now.

    Raises:
        CorpusError: There are no documents.
    """
    return {
        exchange.id: verify(exchange.receipt, _concerned(exchange.receipt, documents))
        for exchange in conversation.exchanges
    }


def _concerned(receipt: Receipt, documents: Sequence[Document]) -> Sequence[Document]:
    """Return the documents that a receipt names, so that the others are not read for it."""
    cited = {citation.document_id for citation in receipt.answer.quoted}
    named = cited | {sealed.id for sealed in receipt.documents}
    # Where all of these are gone, any other tells `verify` so.
    return [document for document in documents if document.id in named] or documents[:1]
