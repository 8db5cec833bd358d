"""A kept answer stands as long as what it quotes."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import cast

import pytest

from onrecord import Assistant, Document, Receipt
from onrecord.conversations import Alarms, Conversations, alarmed, gone
from onrecord.errors import CorpusError
from tests.conversations.samples import (
    BRIDGE,
    DOCUMENTS,
    FERRY,
    HURT,
    OPENED,
    SANK,
    WHEN,
    answered,
    conversation,
    refused,
)
from tests.scripted import ScriptedAssistant

KEPT = conversation(
    (WHEN, None),
    (answered("And the bridge?", ("It was opened in 1931.", OPENED)), None),
    (refused("Who built it?", HURT), None),
    (refused("What is the meaning of it all?"), None),
)
CHANGED = FERRY.model_copy(update={"text": FERRY.text.replace("3 May", "4 May")})
OTHER = Document(id="other.txt", title="Other", text="Something else.")


def fallen(*documents: Document) -> list[tuple[str, ...]]:
    found = alarmed(KEPT, documents)
    assert found.exchanges[0].receipt == KEPT.exchanges[0].receipt
    return [exchange.fallen for exchange in found.exchanges]


def test_answers_stand_while_their_documents_do() -> None:
    assert fallen(*DOCUMENTS) == [()] * 4


def test_a_changed_sentence_fells_the_answers_that_quote_it() -> None:
    assert fallen(CHANGED, BRIDGE) == [(gone(1, FERRY.title),), (), (), ()]


def test_a_removed_document_fells_its_answers() -> None:
    of_ferry, of_bridge = (gone(1, FERRY.title),), (gone(1, BRIDGE.title),)
    assert fallen(FERRY) == [(), of_bridge, (), ()]
    assert fallen(OTHER) == [of_ferry, of_bridge, of_ferry, ()]


def test_documents_of_which_nothing_is_cited_are_not_read() -> None:
    assert fallen(*DOCUMENTS, OTHER, OTHER) == [()] * 4  # no corpus takes two of one id


def test_an_altered_answer_is_no_change_of_the_documents() -> None:
    made = answered("When did it sink?", ("It sank on 9 May.", SANK))
    (exchange,) = alarmed(conversation((made, None)), DOCUMENTS).exchanges
    assert exchange.fallen == ()
    assert all("9" in each for each in exchange.altered)
    assert exchange.altered
    assert all(each.altered == () for each in alarmed(KEPT, [CHANGED, BRIDGE]).exchanges)


def test_a_corpus_without_documents_is_an_error() -> None:
    with pytest.raises(CorpusError):
        alarmed(KEPT, [])


class Watched(Conversations):
    """Notes which conversations are looked at."""

    looked_at: list[str]

    def receipts(self, conversation_ids: Collection[str]) -> dict[str, list[Receipt]]:
        self.looked_at = list(conversation_ids)
        return super().receipts(conversation_ids)


def test_of_many_each_is_looked_at_once_until_it_or_a_document_changes(tmp_path: Path) -> None:
    store = Watched(tmp_path / "conversations.db")
    assistant = ScriptedAssistant(DOCUMENTS)
    alarms = Alarms(cast(Assistant, assistant))
    of_ferry = store.begin(WHEN).id
    of_bridge = store.begin(answered("And the bridge?", ("It was opened in 1931.", OPENED))).id

    def raised() -> tuple[set[str], set[str]]:
        return set(alarms.of(store, store.search())), set(store.looked_at)

    assert raised() == (set(), {of_ferry, of_bridge})
    assert raised() == (set(), set())
    store.add(of_bridge, refused("Who built it?", HURT, minutes=1))
    assert raised() == (set(), {of_bridge})
    assistant.documents = (CHANGED, BRIDGE)
    assert raised() == ({of_ferry}, {of_ferry, of_bridge})
    assert raised() == ({of_ferry}, set())
    assistant.documents = (CHANGED,)
    assert raised()[0] == {of_ferry, of_bridge}
    assistant.documents = DOCUMENTS
    assert raised()[0] == set()


def test_a_part_of_a_sentence_is_no_quotation(tmp_path: Path) -> None:
    store = Conversations(tmp_path / "conversations.db")
    begun = store.begin(WHEN)
    denied = FERRY.model_copy(update={"text": f"It was denied that {FERRY.text}"})
    alarms = Alarms(cast(Assistant, ScriptedAssistant([denied])))
    assert alarms.of(store, store.search()) == {begun.id}


def test_of_others_nothing_is_told(tmp_path: Path) -> None:
    store = Conversations(tmp_path / "conversations.db")
    begun = store.of("anna").begin(WHEN)
    assert store.of("bo").receipts([begun.id]) == {begun.id: []}
    assert store.of("anna").receipts([begun.id]) == {begun.id: [WHEN]}
