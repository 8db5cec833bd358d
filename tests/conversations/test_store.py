"""What is kept is kept, in order, and found again; whatever happens to the process."""

from __future__ import annotations

import signal
import sqlite3
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from onrecord.conversations import Conversations, ConversationsError, Feedback, Quotation
from onrecord.types import ClaimDropped
from tests.conversations.samples import FERRY, HURT, NOON, SANK, WHEN, WHO, answered, refused

WRONG = Feedback(
    liked=False,
    reason="It was the fourth.",
    right_answer="4 May",
    quotations=(Quotation(document_id=FERRY.id, text=HURT),),
)
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=200)  # half surrogates, too


@pytest.fixture
def store(tmp_path: Path) -> Conversations:
    return Conversations(tmp_path / "kept" / "conversations.db")


def titles(store: Conversations, words: str = "") -> list[str]:
    return [summary.title for summary in store.search(words)]


def test_making_a_store_touches_nothing(tmp_path: Path) -> None:
    Conversations(tmp_path / "kept" / "conversations.db")
    assert not list(tmp_path.iterdir())


def test_a_conversation_is_kept_in_order(store: Conversations, tmp_path: Path) -> None:
    begun = store.begin(WHEN)
    added = store.add(begun.id, WHO)
    loaded = Conversations(tmp_path / "kept" / "conversations.db").load(begun.id)
    assert loaded.exchanges == (*begun.exchanges, added)
    assert [exchange.receipt for exchange in loaded.exchanges] == [WHEN, WHO]
    assert (loaded.title, loaded.created, loaded.changed) == (begun.title, NOON, WHO.made)
    assert all(len(name) == 32 and int(name, 16) for name in (begun.id, added.id))


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("When  did\nthe Aurora sink?", "When did the Aurora sink?"),
        ("word " * 12 + "word", "word " * 11 + "word…"),
        ("word " * 11 + "words", "word " * 11 + "words"),
        ("a" * 70, "a" * 60 + "…"),
    ],
)
def test_the_title_is_the_first_question_on_one_line(
    store: Conversations, question: str, title: str
) -> None:
    assert store.begin(refused(question)).title == title


def test_the_last_exchange_is_replaced(store: Conversations) -> None:
    begun = store.begin(WHEN)
    old = store.add(begun.id, WHO)
    later = refused("Who owned the Aurora?", minutes=9)
    new = store.replace_last(begun.id, old.id, later)
    loaded = store.load(begun.id)
    assert loaded.exchanges == (begun.exchanges[0], new)
    assert (new.receipt, new.feedback, loaded.changed) == (later, None, later.made)
    with pytest.raises(ConversationsError, match="no answer"):
        store.judge(old.id, WRONG)


def test_what_was_dropped_on_the_way_to_an_answer_is_kept_with_it(store: Conversations) -> None:
    first, second, third = ((ClaimDropped(text=f"{it} \ud800", reason="no"),) for it in "123")
    begun = store.begin(WHEN, first)
    old = store.add(begun.id, WHO, second)
    assert [each.dropped for each in store.load(begun.id).exchanges] == [first, second]
    new = store.replace_last(begun.id, old.id, WHO, third)
    assert [each.dropped for each in store.load(begun.id).exchanges] == [first, new.dropped]
    assert new.dropped == third


def test_what_somebody_has_said_something_of_does_not_give_way(store: Conversations) -> None:
    begun = store.begin(WHEN)
    old = store.add(begun.id, WHO)
    store.judge(old.id, WRONG)
    new = store.replace_last(begun.id, old.id, WHO)
    kept = store.load(begun.id).exchanges
    assert [(each.id, each.feedback) for each in kept[1:]] == [(old.id, WRONG), (new.id, None)]


def test_what_was_asked_elsewhere_meanwhile_does_not_give_way(store: Conversations) -> None:
    begun = store.begin(WHEN)
    (old,) = begun.exchanges
    elsewhere = store.add(begun.id, WHO)
    new = store.replace_last(begun.id, old.id, WHEN)
    assert [each.id for each in store.load(begun.id).exchanges] == [old.id, elsewhere.id, new.id]


def test_a_title_follows_the_first_question_until_somebody_gives_one(store: Conversations) -> None:
    begun = store.begin(WHEN)
    second = store.replace_last(begun.id, begun.exchanges[0].id, WHO)
    assert titles(store) == [WHO.answer.question]
    store.rename(begun.id, "The ferry")
    store.replace_last(begun.id, second.id, WHEN)
    assert titles(store) == ["The ferry"]


def test_a_later_question_in_the_words_of_the_title_leaves_it(store: Conversations) -> None:
    begun = store.begin(WHEN)
    second = store.add(begun.id, WHEN)
    store.replace_last(begun.id, second.id, WHO)
    assert titles(store) == [WHEN.answer.question]


def test_the_latest_conversation_comes_first(store: Conversations) -> None:
    first, second = store.begin(WHEN), store.begin(WHO)
    assert [summary.id for summary in store.search()] == [second.id, first.id]
    store.add(first.id, refused("And then?", minutes=5))
    store.rename(second.id, "Renamed later")
    assert [(summary.id, summary.exchanges) for summary in store.search()] == [
        (first.id, 2),
        (second.id, 1),
    ]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", True),
        ("  ", True),
        ("AURORA", True),
        ("3 may", True),  # the answer
        ("holiday", True),  # the title
        ("rora\tMAY holi", True),  # parts, in all of these
        ("zürich", True),
        ("ZÜRICH", True),
        ("bergen", False),  # the cited sentence alone
        ("aurora bridge", False),
        ("100%", True),
        ("1%0", False),
        ("a_b", True),
        ("a_ora", False),
        ("'; --", False),
        ("\ud800", False),
        ("aurora " * 5_000, True),
    ],
)
def test_words_are_looked_for_as_they_are(store: Conversations, words: str, found: bool) -> None:
    asked = "Is it 100% a_b, from Zürich?"
    begun = store.begin(WHEN)
    store.add(begun.id, refused(asked))
    store.rename(begun.id, "My Holiday")
    assert bool(store.search(words)) is found


def test_whoever_asks_takes_no_memory_for_it(store: Conversations) -> None:
    """They are made for each answer: what has compiled their statements is the same for all."""
    assert store.of("anna")._engine is store.of("anna").of("bo")._engine is store._engine


def test_whoever_has_logged_in_has_their_own_conversations_alone(store: Conversations) -> None:
    anna, bo = store.of("anna"), store.of("bo")
    begun, other = anna.begin(WHEN), bo.begin(WHO)
    nobodys = store.begin(WHO)
    assert anna.load(begun.id) == begun
    attempts = (
        lambda own: own.load(begun.id),
        lambda own: own.add(begun.id, WHO),
        lambda own: own.replace_last(begun.id, begun.exchanges[0].id, WHO),
        lambda own: own.rename(begun.id, "Mine"),
        lambda own: own.delete(begun.id),
        lambda own: own.judge(begun.exchanges[0].id, WRONG),
    )
    for own in (bo, store.of("")):
        for attempt in attempts:
            with pytest.raises(ConversationsError, match="There is no"):
                attempt(own)
    assert [[each.id for each in own.search("aurora")] for own in (anna, bo, store.of(""))] == [
        [begun.id],
        [other.id],
        [nobodys.id],
    ]
    assert {each.owner for each in store.search()} == {"anna", "bo", ""}
    assert store.load(begun.id) == begun
    anna.judge(begun.exchanges[0].id, WRONG)
    anna.delete(begun.id)
    assert {each.owner for each in store.search()} == {"bo", ""}


@pytest.mark.parametrize("feedback", [WRONG, Feedback(liked=True), None])
def test_what_is_said_of_an_answer_is_kept_and_replaced(
    store: Conversations, feedback: Feedback | None
) -> None:
    begun = store.begin(WHEN)
    store.judge(begun.exchanges[0].id, Feedback(liked=False, reason="?"))
    store.judge(begun.exchanges[0].id, feedback)
    loaded = store.load(begun.id)
    assert loaded.exchanges[0].feedback == feedback
    assert loaded.changed == begun.changed


def test_a_deleted_conversation_is_gone_with_all_of_it(store: Conversations) -> None:
    begun, other = store.begin(WHEN), store.begin(WHO)
    store.add(begun.id, WHO)
    store.delete(begun.id)
    assert [summary.id for summary in store.search()] == [other.id]
    assert store.load(other.id).exchanges == other.exchanges
    with pytest.raises(ConversationsError, match="no answer"):
        store.judge(begun.exchanges[0].id, None)


@pytest.mark.parametrize("name", ["", "f" * 32, "%", "\ud800", "'; drop table exchange; --"])
def test_what_is_not_there_is_said(store: Conversations, name: str) -> None:
    begun = store.begin(WHEN)
    for attempt in (
        lambda: store.load(name),
        lambda: store.add(name, WHO),
        lambda: store.replace_last(name, begun.exchanges[0].id, WHO),
        lambda: store.rename(name, "A title"),
        lambda: store.delete(name),
        lambda: store.judge(name, None),
    ):
        with pytest.raises(ConversationsError, match="There is no"):
            attempt()
    assert store.load(begun.id) == begun


def test_a_title_is_not_empty(store: Conversations) -> None:
    begun = store.begin(WHEN)
    with pytest.raises(ConversationsError, match="at least one"):
        store.rename(begun.id, " \n")
    assert titles(store) == [begun.title]


@examples(max_examples=25)
@given(ANY_TEXT, ANY_TEXT)
def test_any_text_is_kept_as_it_is(question: str, reason: str) -> None:
    with TemporaryDirectory() as folder:
        store = Conversations(Path(folder) / "conversations.db")
        begun = store.begin(answered(question, (reason or "?", SANK)))
        store.judge(begun.exchanges[0].id, Feedback(liked=False, reason=reason))
        loaded = store.load(begun.id).exchanges[0]
        assert loaded.receipt == begun.exchanges[0].receipt
        assert loaded.feedback == Feedback(liked=False, reason=reason)
        store.rename(begun.id, f"x{reason}")
        assert titles(store, "x")


def test_only_its_user_can_read_what_is_kept(store: Conversations, tmp_path: Path) -> None:
    store.begin(WHEN)
    mode = stat.S_IMODE((tmp_path / "kept" / "conversations.db").stat().st_mode)
    assert mode & 0o077 == 0


def test_a_store_that_is_moved_away_is_begun_anew(store: Conversations, tmp_path: Path) -> None:
    file = tmp_path / "kept" / "conversations.db"
    store.begin(WHEN)
    file.rename(tmp_path / "away.db")
    store.begin(WHO)
    assert titles(store) == [WHO.answer.question]
    assert titles(Conversations(tmp_path / "away.db")) == [WHEN.answer.question]


def test_threads_write_at_once(store: Conversations) -> None:
    begun = store.begin(WHEN)
    with ThreadPoolExecutor(6) as pool:
        added = list(pool.map(lambda _: store.add(begun.id, WHO).id, range(12)))
    kept = [exchange.id for exchange in store.load(begun.id).exchanges]
    assert sorted(kept) == sorted([begun.exchanges[0].id, *added])


WRITING = """
import sys
from pathlib import Path
from onrecord import Receipt
from onrecord.conversations import Conversations

store, receipt = Conversations(Path(sys.argv[1])), Receipt.load(Path(sys.argv[2]))
begun = store.begin(receipt)
print(begun.id, flush=True)
while True:
    print(store.add(begun.id, receipt).id, flush=True)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no kill -9")
def test_a_killed_process_loses_nothing_that_it_had_kept(tmp_path: Path) -> None:
    file = tmp_path / "conversations.db"
    WHEN.save(tmp_path / "receipt.json")
    command = [sys.executable, "-c", WRITING, str(file), str(tmp_path / "receipt.json")]
    processes = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True, bufsize=1) for _ in range(2)
    ]
    said = []
    for process in processes:
        assert process.stdout is not None
        said.append([line.strip() for line in islice(process.stdout, 8)])
    for process, lines in zip(processes, said, strict=True):
        process.kill()
        lines += process.communicate()[0].split()
    store = Conversations(file)
    assert len(store.search()) == 2
    for begun, *added in said:
        kept = [exchange.id for exchange in store.load(begun).exchanges]
        shown = [name for name in added if len(name) == 32]  # the last line may be broken off
        assert kept[1 : len(shown) + 1] == shown
        store.add(begun, WHO)
    (state,) = sqlite3.connect(file).execute("PRAGMA integrity_check").fetchone()
    assert state == "ok"
