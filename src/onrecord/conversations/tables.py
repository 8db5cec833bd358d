"""The database of conversations: its tables, how its file is made, and how it is connected to."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from filelock import FileLock
from pydantic import TypeAdapter
from sqlalchemy import DateTime, Dialect, Engine, ForeignKey, NullPool, Text, create_engine, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

from onrecord import Receipt
from onrecord.conversations.values import Feedback
from onrecord.files import move_to_free
from onrecord.types import ClaimDropped

VERSION = 3
"""Of the schema; kept in SQLite's `user_version`."""

_CHANGES = {
    1: "ALTER TABLE conversation ADD COLUMN owner VARCHAR NOT NULL DEFAULT ''",
    2: "ALTER TABLE exchange ADD COLUMN dropped TEXT NOT NULL DEFAULT '[]'",
}
"""What makes the schema of a version that of the next one."""

_BESIDE = ("-wal", "-shm", "-journal")
"""The files that SQLite has beside a database: it takes those it finds there for that one's."""

_PATIENCE = 20.0  # seconds to wait for another process, which writes or makes the file


class _Moment(TypeDecorator[datetime]):
    """A time in UTC; SQLite knows no time zones."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        return value and value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        return value and value.replace(tzinfo=UTC)


class _Json(TypeDecorator[Any]):
    """Values as JSON in ASCII: SQLite takes no half surrogates, and untrusted text has them."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: type) -> None:
        super().__init__()
        self.kind = kind
        self._adapter = TypeAdapter[Any](kind)

    def process_bind_param(self, value: object, _dialect: Dialect) -> str | None:
        if value is None:
            return None
        return json.dumps(self._adapter.dump_python(value, mode="json"))

    def process_result_value(self, value: str | None, _dialect: Dialect) -> Any:  # noqa: ANN401
        return None if value is None else self._adapter.validate_python(json.loads(value))


class Table(DeclarativeBase):
    """The base of the tables."""


class ExchangeRow(Table):
    """An exchange.

    Attributes:
        number: Puts the exchanges of a conversation in order.
        said: Question and answer, as a search compares them.
    """

    __tablename__ = "exchange"

    number: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(unique=True)
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversation.id", ondelete="CASCADE"), index=True
    )
    said: Mapped[str]
    feedback: Mapped[Feedback | None] = mapped_column(_Json(Feedback))
    receipt: Mapped[Receipt] = mapped_column(_Json(Receipt))
    dropped: Mapped[tuple[ClaimDropped, ...]] = mapped_column(
        _Json(tuple[ClaimDropped, ...]), server_default="[]"
    )


class ConversationRow(Table):
    """A conversation; its exchanges go with it.

    Attributes:
        owner: The user whose it is; "" where nobody logs in.
    """

    __tablename__ = "conversation"

    id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    created: Mapped[datetime] = mapped_column(_Moment)
    changed: Mapped[datetime] = mapped_column(_Moment)
    owner: Mapped[str] = mapped_column(server_default="")
    exchanges: Mapped[list[ExchangeRow]] = relationship(
        order_by=ExchangeRow.number, cascade="all, delete-orphan", passive_deletes=True
    )


def engine_of(file: Path) -> Engine:
    """Return what connects to a database; nothing is touched yet.

    Every transaction has a connection of its own, so that no file is held open that somebody
    may move or delete. Transactions are begun by hand: Python's own beginning would come too
    late to wait for another process.
    """

    def connect() -> sqlite3.Connection:
        how = "mode=rw&immutable=1" if _is_at_rest(file) else "mode=rw"
        address = f"{file.absolute().as_uri()}?{how}"
        return sqlite3.connect(address, uri=True, timeout=_PATIENCE, isolation_level=None)

    return create_engine("sqlite://", creator=connect, poolclass=NullPool)


def _is_at_rest(file: Path) -> bool:
    """Tell whether a database is whole as it is, and SQLite can make no files beside it.

    It would not even read it then, unless it is told that nobody writes.
    """
    place = file.resolve()
    has_more = place.with_name(f"{place.name}-wal").exists()
    return not has_more and not os.access(place.parent, os.W_OK)


def version_of(session: Session) -> int:
    """Return the version of a database's schema; 0 where it is none of conversations."""
    return session.scalar(text("PRAGMA user_version")) or 0


def bring_up(session: Session) -> None:
    """Give a database that an earlier onrecord has made today's schema, in one transaction.

    Args:
        session: In no transaction.
    """
    if version_of(session) not in _CHANGES:
        return
    session.execute(text("BEGIN IMMEDIATE"))
    while change := _CHANGES.get(version := version_of(session)):
        session.execute(text(change))
        session.execute(text(f"PRAGMA user_version = {version + 1}"))
    session.execute(text("COMMIT"))


def make(file: Path) -> None:
    """Make an empty database where there is no file; only its user can read it.

    It is made elsewhere and then given its name, so that whoever opens it finds all of it.

    Raises:
        filelock.Timeout: Another process has been making it for long.
        OSError, sqlalchemy.exc.DBAPIError: It cannot be written there.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    scratch = file.with_name(f".{file.name}.new")
    with FileLock(file.with_name(f"{file.name}.lock"), timeout=_PATIENCE):
        if file.exists() or file.is_symlink():  # a link to a drive that is not there now
            return
        shutil.rmtree(scratch, ignore_errors=True)  # of a process that was killed
        scratch.mkdir()
        try:
            made = scratch / file.name
            made.touch(mode=0o600)
            with engine_of(made).connect() as connection:
                Table.metadata.create_all(connection)
                connection.execute(text(f"PRAGMA user_version = {VERSION}"))
                connection.execute(text("PRAGMA journal_mode = WAL"))
            _move_aside(file)
            made.rename(file)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)


def _move_aside(file: Path) -> None:
    """Give other names to what is left of a database that has gone.

    What it had not written into itself yet would be written into the next one.
    """
    for ending in _BESIDE:
        left = file.with_name(f"{file.name}{ending}")
        if left.exists():
            others = (left.with_name(f"{left.name}.old-{number}") for number in count(1))
            next(other for other in others if move_to_free(left, other))
