"""A kept answer stands as long as what it quotes."""

from __future__ import annotations

import pytest

from onrecord import Document
from onrecord.conversations import standing
from onrecord.errors import CorpusError
from tests.conversations.samples import (
    BRIDGE,
    DOCUMENTS,
    FERRY,
    HURT,
    OPENED,
    WHEN,
    answered,
    conversation,
    refused,
)

KEPT = conversation(
    (WHEN, None),
    (answered("And the bridge?", ("It was opened in 1931.", OPENED)), None),
    (refused("Who built it?", HURT), None),
    (refused("What is the meaning of it all?"), None),
)


def stands(*documents: Document) -> list[bool]:
    found = standing(KEPT, documents)
    assert list(found) == [exchange.id for exchange in KEPT.exchanges]
    return [verification.stands for verification in found.values()]


def test_answers_stand_while_their_documents_do() -> None:
    assert stands(*DOCUMENTS) == [True] * 4


def test_a_changed_sentence_fells_the_answers_that_quote_it() -> None:
    changed = FERRY.model_copy(update={"text": FERRY.text.replace("3 May", "4 May")})
    assert stands(changed, BRIDGE) == [False, True, True, True]


def test_a_removed_document_fells_its_answers() -> None:
    assert stands(FERRY) == [True, False, True, True]
    assert stands(Document(id="new.txt", title="New", text="Something else.")) == [
        False,
        False,
        False,
        True,
    ]
    found = standing(KEPT, [BRIDGE])[KEPT.exchanges[0].id]
    assert [item.standing.value for item in found.citations] == ["no document"]


def test_documents_of_which_nothing_is_cited_are_not_read() -> None:
    other = Document(id="other.txt", title="Other", text="Something else.")
    assert stands(*DOCUMENTS, other, other) == [True] * 4  # no corpus takes two of one id


def test_a_corpus_without_documents_is_an_error() -> None:
    with pytest.raises(CorpusError):
        standing(KEPT, [])
