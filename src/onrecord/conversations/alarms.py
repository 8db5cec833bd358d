"""Which kept answers still stand: documents may have changed since, or somebody an answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from onrecord import Document, Receipt, verify
from onrecord.conversations.store import Conversations
from onrecord.conversations.values import Conversation, Exchange, Summary
from onrecord.corpus import Corpus
from onrecord.receipt import Standing, Verification
from onrecord.types import Citation

if TYPE_CHECKING:
    from onrecord import Assistant


CHANGED_SINCE = "The documents have changed since"
"""What is said of an answer that quotes what they no longer have."""
ALTERED_SINCE = "This answer was altered, or another version of onrecord gave it"
"""What is said of an answer that does not fit together, whatever the documents are."""


def alarmed(conversation: Conversation, documents: Sequence[Document]) -> Conversation:
    """Return a conversation with what no longer stands of each answer; no model is asked.

    Args:
        conversation: What was answered.
        documents: The corpus as it is now.

    Raises:
        CorpusError: There are no documents.
    """
    return conversation.model_copy(
        update={
            "exchanges": tuple(_alarmed(exchange, documents) for exchange in conversation.exchanges)
        }
    )


def gone(number: int, title: str) -> str:
    """Return that a quoted sentence is no longer there."""
    return f"[{number}] is no longer in {title}."


class Alarms:
    """Tells of many conversations whether they quote what is no longer in the documents.

    Each is looked at once, until it or a document changes.

    Args:
        assistant: Whose documents they are.
    """

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._looked_at = _LookedAt(assistant.corpus)

    def of(self, conversations: Conversations, kept: Sequence[Summary]) -> frozenset[str]:
        """Return the ids of those of which a sentence has gone.

        Args:
            conversations: Where they are kept.
            kept: Those that are asked about.

        Raises:
            ConversationsError: The file cannot be used.
        """
        if self._looked_at.corpus != (corpus := self._assistant.corpus):
            self._looked_at = _LookedAt(corpus)
        return self._looked_at.fallen(conversations, kept)


class _LookedAt:
    """What is known of conversations, as long as the corpus is that one."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self._sentences: dict[str, frozenset[str]] = {}
        self._known: dict[str, tuple[datetime, bool]] = {}

    def fallen(self, conversations: Conversations, kept: Sequence[Summary]) -> frozenset[str]:
        new = [each for each in kept if self._known.get(each.id, ())[:1] != (each.changed,)]
        receipts = conversations.receipts([each.id for each in new])
        for each in new:
            quoted = (citation for it in receipts[each.id] for citation in it.answer.quoted)
            self._known[each.id] = each.changed, any(map(self._has_gone, quoted))
        return frozenset(each.id for each in kept if self._known[each.id][1])

    def _has_gone(self, citation: Citation) -> bool:
        name = citation.document_id
        if name not in self._sentences:
            self._sentences[name] = frozenset(self._sentences_of(name))
        return citation.text not in self._sentences[name]

    def _sentences_of(self, name: str) -> Iterator[str]:
        if document := self.corpus.documents.get(name):
            for sentence in self.corpus.sentences[name]:
                yield document.text[sentence.start : sentence.end]


def _alarmed(exchange: Exchange, documents: Sequence[Document]) -> Exchange:
    found = _checked(exchange.receipt, documents)
    return exchange.model_copy(update={"fallen": tuple(_fallen(found)), "altered": found.altered})


def _checked(receipt: Receipt, documents: Sequence[Document]) -> Verification:
    """Check a receipt by the documents that it names, so that the others are not read for it."""
    cited = {citation.document_id for citation in receipt.answer.quoted}
    named = cited | {sealed.id for sealed in receipt.documents}
    # Where all of these are gone, any other tells `verify` so.
    concerned = [document for document in documents if document.id in named] or documents[:1]
    return verify(receipt, concerned)


def _fallen(found: Verification) -> Iterator[str]:
    for item in found.citations:
        if item.standing in (Standing.GONE, Standing.NO_DOCUMENT):
            yield gone(item.citation.number, item.citation.title)
