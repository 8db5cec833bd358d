"""A file that cannot be used is named, with what to do, and nothing in it is lost."""

from __future__ import annotations

import sqlite3
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from sqlalchemy import Engine, event

from onrecord.conversations import Conversations, ConversationsError, tables
from tests.conversations.samples import WHEN, WHO, refused
from tests.nobody import as_nobody, locked


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "conversations.db"


@contextmanager
def pragma(statement: str) -> Iterator[None]:
    """Have every connection begin so."""

    def begin(connection: sqlite3.Connection, _record: Any) -> None:
        connection.execute(f"PRAGMA {statement}")

    event.listen(Engine, "connect", begin)
    try:
        yield
    finally:
        event.remove(Engine, "connect", begin)


def executed(file: Path, *statements: str) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def check_refused(file: Path, words: str) -> None:
    """Reading and writing say what is wrong, and leave the file as it was."""
    before = file.read_bytes()
    store = Conversations(file)
    for attempt in (store.search, lambda: store.begin(WHEN)):
        with pytest.raises(ConversationsError, match=words) as raised:
            attempt()
        assert str(file) in str(raised.value)
    assert file.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"No database. " * 100, b"{}"])
def test_a_file_that_is_no_database_is_left_alone(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    check_refused(file, "no database of conversations.*move it away")


def test_a_database_of_something_else_is_left_alone(file: Path) -> None:
    executed(file, "CREATE TABLE letters (text)", "INSERT INTO letters VALUES ('Dear Ada')")
    check_refused(file, "no database of conversations")


def test_a_newer_database_is_left_alone(file: Path) -> None:
    Conversations(file).begin(WHEN)
    executed(file, f"PRAGMA user_version = {tables.VERSION + 1}", "PRAGMA journal_mode = DELETE")
    check_refused(file, "newer onrecord.*Update")


def old(file: Path) -> tuple[str, ...]:
    """Make a database as the first onrecord has left it, and return its conversations' ids."""
    store = Conversations(file)
    begun = (store.begin(WHEN).id, store.begin(WHO).id)
    executed(
        file,
        "ALTER TABLE conversation DROP COLUMN owner",
        "ALTER TABLE exchange DROP COLUMN dropped",
        "PRAGMA user_version = 1",
    )
    return begun


def test_a_database_of_an_earlier_onrecord_is_brought_up_to_date(file: Path) -> None:
    begun = old(file)
    with ThreadPoolExecutor() as people:
        found = list(people.map(lambda store: store.search(), [Conversations(file)] * 4))
    assert {tuple(each.id for each in summaries) for summaries in found} == {begun[::-1]}
    store = Conversations(file)
    assert store.load(begun[0]).exchanges[0].receipt == WHEN
    assert store.load(begun[0]).exchanges[0].dropped == ()
    assert {each.owner for each in store.search()} == {""}
    assert [each.id for each in store.of("").search()] == list(begun[::-1])
    assert store.of("anna").search() == ()
    store.of("anna").begin(WHO)


def test_a_database_that_cannot_be_brought_up_to_date_is_left_as_it_was(file: Path) -> None:
    begun = old(file)
    with pragma("query_only = ON"), pytest.raises(ConversationsError, match="cannot be written"):
        Conversations(file).search()
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    assert {each.id for each in Conversations(file).search()} == set(begun)


def test_a_damaged_database_is_left_alone(file: Path) -> None:
    store = Conversations(file)
    begun = store.begin(WHEN)
    whole = file.read_bytes()
    file.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    with pytest.raises(ConversationsError, match=r"conversations\.db is damaged.*copy.*-wal"):
        store.load(begun.id)
    assert file.read_bytes()[:4096] == whole[:4096]


@pytest.mark.parametrize("damage", ["none", "damaged"])
def test_the_command_that_is_named_makes_room_for_a_new_one(tmp_path: Path, damage: str) -> None:
    file = tmp_path / "a reader's" / "conversations.db"
    store = Conversations(file)
    begun = store.begin(WHEN)
    for _ in range(2):
        whole = file.read_bytes()
        kept = b"" if damage == "none" else whole[:4096] + b"\xff" * (len(whole) - 4096)
        file.write_bytes(kept)
        with pytest.raises(ConversationsError) as raised:
            store.load(begun.id)
        command = str(raised.value).split("`")[1]
        subprocess.run(command, shell=True, check=True)
        begun = store.begin(WHO)
        assert [summary.id for summary in store.search()] == [begun.id]
    assert len(list(file.parent.glob("damaged-[12]/conversations.db"))) == 2


def killed_while_it_wrote(file: Path) -> None:
    """Leave beside a database what a process that was killed had not written into it yet."""
    beside = file.with_name(f"{file.name}-wal")
    with closing(sqlite3.connect(file)) as other:
        other.execute("SELECT * FROM exchange").fetchall()
        Conversations(file).begin(WHO)
        left = beside.read_bytes()
    beside.write_bytes(left)


def test_nothing_of_a_database_that_has_gone_comes_into_the_next_one(file: Path) -> None:
    Conversations(file).begin(WHEN)
    killed_while_it_wrote(file)
    left = file.with_name(f"{file.name}-wal")
    before = left.read_bytes()
    file.unlink()
    begun = Conversations(file).begin(refused("Why?"))
    assert [summary.id for summary in Conversations(file).search()] == [begun.id]
    assert left.with_name(f"{left.name}.old-1").read_bytes() == before


def test_an_answer_of_a_newer_onrecord_is_not_guessed_at(file: Path) -> None:
    store = Conversations(file)
    begun = store.begin(WHEN)
    executed(file, "UPDATE exchange SET receipt = replace(receipt, 'receipt 1', 'receipt 2')")
    with pytest.raises(ConversationsError, match=r"cannot read.*Update onrecord"):
        store.load(begun.id)
    store.add(begun.id, WHO)
    assert [summary.exchanges for summary in store.search()] == [2]


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(ConversationsError, match=r"cannot be opened.*ONRECORD_DATA_DIR"):
        Conversations(tmp_path).search()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(ConversationsError, match=r"cannot be used.*ONRECORD_DATA_DIR"):
        Conversations(tmp_path / "file" / "conversations.db").search()


def test_a_link_to_a_drive_that_is_not_there_is_kept(tmp_path: Path, file: Path) -> None:
    file.symlink_to(tmp_path / "drive" / "conversations.db")
    with pytest.raises(ConversationsError, match="cannot be opened"):
        Conversations(file).begin(WHEN)
    assert file.is_symlink()


def test_a_database_that_cannot_be_written_is_named(file: Path) -> None:
    store = Conversations(file)
    begun = store.begin(WHEN)
    with pragma("query_only = ON"), pytest.raises(ConversationsError, match="cannot be written"):
        store.add(begun.id, WHO)
    assert store.load(begun.id) == begun


def test_a_folder_that_cannot_be_written_is_named(open_path: Path) -> None:
    folder = locked(open_path)

    def check() -> None:
        for place in (folder, folder / "data"):
            with pytest.raises(ConversationsError, match=r"cannot be used.*Permission denied"):
                Conversations(place / "conversations.db").begin(WHEN)

    as_nobody(check)


def test_a_file_that_cannot_be_written_is_named(open_path: Path) -> None:
    file = open_path / "conversations.db"

    def check() -> None:
        store = Conversations(file)
        begun = store.begin(WHEN)
        file.chmod(0o400)
        with pytest.raises(ConversationsError, match="cannot be written"):
            store.add(begun.id, WHO)
        file.chmod(0o600)
        assert store.load(begun.id) == begun

    as_nobody(check)


def test_what_is_kept_in_a_folder_that_cannot_be_written_is_read(open_path: Path) -> None:
    file = open_path / "conversations.db"

    def check() -> None:
        store = Conversations(file)
        begun = store.begin(WHEN)
        open_path.chmod(0o500)
        try:
            assert store.load(begun.id) == begun
            with pytest.raises(ConversationsError, match="cannot be written"):
                store.add(begun.id, WHO)
        finally:
            open_path.chmod(0o700)
        store.add(begun.id, WHO)

    as_nobody(check)


def test_what_is_not_in_its_file_yet_is_read_there_too(open_path: Path) -> None:
    file = open_path / "conversations.db"

    def check() -> None:
        Conversations(file).begin(WHEN)
        with closing(sqlite3.connect(file)) as other:
            other.execute("SELECT * FROM exchange").fetchall()
            Conversations(file).begin(WHO)
            open_path.chmod(0o500)
            try:
                assert len(Conversations(file).search()) == 2
            finally:
                open_path.chmod(0o700)

    as_nobody(check)


def test_a_full_disk_loses_nothing(file: Path) -> None:
    store = Conversations(file)
    begun = store.begin(WHEN)
    kept = list(begun.exchanges)

    def fill() -> None:
        while True:
            kept.append(store.add(begun.id, refused("Why? " * 500)))

    with pragma("max_page_count = 40"), pytest.raises(ConversationsError, match="disk is full"):
        fill()
    assert len(kept) > 1
    assert store.load(begun.id).exchanges == tuple(kept)
    store.add(begun.id, WHO)


def test_another_program_that_holds_the_file_is_waited_for_and_then_named(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Conversations(file)
    begun = store.begin(WHEN)
    monkeypatch.setattr(tables, "_PATIENCE", 0.05)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert store.load(begun.id) == begun
        with pytest.raises(ConversationsError, match="held by another program"):
            store.add(begun.id, WHO)
    store.add(begun.id, WHO)


def test_so_is_another_that_makes_it(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "_PATIENCE", 0.05)
    with (
        FileLock(tmp_path / "conversations.db.lock"),
        pytest.raises(ConversationsError, match="held by another program"),
    ):
        Conversations(file).begin(WHEN)
    assert Conversations(file).begin(WHEN)


def test_a_failed_beginning_leaves_nothing_behind(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", fail)
        with pytest.raises(ConversationsError, match="No space left"):
            Conversations(file).begin(WHEN)
    assert [path.name for path in tmp_path.iterdir()] == ["conversations.db.lock"]
    assert Conversations(file).begin(WHEN)


def test_what_a_killed_beginning_left_is_swept_away(file: Path, tmp_path: Path) -> None:
    left = tmp_path / ".conversations.db.new"
    left.mkdir()
    (left / "conversations.db").write_bytes(b"half of a database")
    store = Conversations(file)
    begun = store.begin(WHEN)
    assert store.load(begun.id) == begun
    assert not left.exists()
