"""Conversations in an SQLite file: each write is one transaction, on disk when it returns."""

from __future__ import annotations

import shlex
import sqlite3
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from itertools import count
from json import JSONDecodeError
from pathlib import Path
from typing import Literal, TypeVar
from uuid import uuid4

from filelock import Timeout
from pydantic import ValidationError
from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from onrecord import Receipt
from onrecord.conversations.errors import ConversationsError
from onrecord.conversations.tables import (
    VERSION,
    ConversationRow,
    ExchangeRow,
    bring_up,
    engine_of,
    make,
    version_of,
)
from onrecord.conversations.values import Conversation, Exchange, Feedback, Summary
from onrecord.types import ClaimDropped
from onrecord.words import well_formed

DATABASE = "conversations.db"
"""The name of the file, in `Settings.data_dir`."""

_LONGEST_TITLE = 60  # characters
_ELSEWHERE = (
    "Make the file and its folder ones that you can write, or name another folder with "
    "ONRECORD_DATA_DIR."
)
_TROUBLES = {
    sqlite3.SQLITE_NOTADB: "is no database of conversations. Nothing in it was changed: move it "
    "away, and a new one is begun",
    sqlite3.SQLITE_CORRUPT: "is damaged. Nothing in it was changed. Put a copy in its place, or "
    "have a new one begun, once it is moved away with what SQLite has beside it (-wal, -shm), "
    "which would be written into that",
    sqlite3.SQLITE_READONLY: f"cannot be written. {_ELSEWHERE}",
    sqlite3.SQLITE_CANTOPEN: f"cannot be opened. {_ELSEWHERE}",
    sqlite3.SQLITE_FULL: "cannot grow: its disk is full. What was kept before is safe; free some "
    "space, and try again.",
    sqlite3.SQLITE_BUSY: "is held by another program. End that one, or try again.",
}

_SUMMARISED = (  # by column: to make a row's object of each takes longer than to find it
    ConversationRow.id,
    ConversationRow.title,
    ConversationRow.changed,
    ConversationRow.owner,
)
_MOVED_AWAY = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)

_Row = TypeVar("_Row", ConversationRow, ExchangeRow)


class Conversations:
    """The conversations of a file; several threads and processes may use it at once.

    The file is made at the first need, and opened anew for each method. Every method raises
    `ConversationsError` where the file cannot be used, or there is nothing of the id that it was
    given.

    Args:
        file: The database.
        owner: The user whose conversations these are: what others have is not found here, nor
            changed. None is for all of them.
    """

    def __init__(self, file: Path, owner: str | None = None) -> None:
        self._file, self._owner = file, owner
        self._engine = engine_of(file)

    def of(self, owner: str) -> Conversations:
        """Return those of one user; "" is for what is asked where nobody logs in."""
        theirs = copy(self)  # with the same engine: it knows how its statements are compiled
        theirs._owner = owner
        return theirs

    def begin(self, receipt: Receipt, dropped: Sequence[ClaimDropped] = ()) -> Conversation:
        """Begin a conversation, which has the title of its first question.

        Args:
            receipt: The question and its answer.
            dropped: What was written on the way to it and is no part of it.
        """
        row = ConversationRow(
            id=uuid4().hex,
            title=_title(receipt.answer.question),
            created=receipt.made,
            changed=receipt.made,
            owner=self._owner or "",
            exchanges=[_exchange_row(receipt, dropped)],
        )
        with self._writing() as session:
            session.add(row)
            session.flush()
            return _conversation(row)

    def add(
        self, conversation_id: str, receipt: Receipt, dropped: Sequence[ClaimDropped] = ()
    ) -> Exchange:
        """Add a question and its answer to a conversation."""
        with self._writing() as session:
            conversation = self._row(session, ConversationRow, conversation_id)
            return _appended(session, conversation, _exchange_row(receipt, dropped))

    def replace_last(
        self,
        conversation_id: str,
        old_id: str,
        receipt: Receipt,
        dropped: Sequence[ClaimDropped] = (),
    ) -> Exchange:
        """Put another question, or another answer, in the place of the last.

        The old one stays before it where somebody has said something of it, and where it is not
        the last any more: somebody has asked on elsewhere. A title that was made of the old
        question is made anew.

        Args:
            conversation_id: The conversation.
            old_id: The exchange that gives way.
            receipt: What takes its place.
            dropped: What was written on the way to it and is no part of it.
        """
        new = _exchange_row(receipt, dropped)
        with self._writing() as session:
            conversation = self._row(session, ConversationRow, conversation_id)
            last = conversation.exchanges[-1]
            if last.id != old_id or last.feedback is not None:
                return _appended(session, conversation, new)
            conversation.exchanges.remove(last)
            before, after = (_title(it.answer.question) for it in (last.receipt, receipt))
            if not conversation.exchanges and conversation.title == before:
                conversation.title = after
            return _appended(session, conversation, new)

    def load(self, conversation_id: str) -> Conversation:
        """Return a conversation, whole."""
        with self._reading() as session:
            return _conversation(self._row(session, ConversationRow, conversation_id))

    def receipts(self, conversation_ids: Collection[str]) -> dict[str, list[Receipt]]:
        """Return what was answered in conversations, oldest first; nothing of those not there."""
        found = (
            select(ExchangeRow.conversation_id, ExchangeRow.receipt)
            .join(ConversationRow, ExchangeRow.conversation_id == ConversationRow.id)
            .where(ConversationRow.id.in_(conversation_ids), *self._mine())
            .order_by(ExchangeRow.number)
        )
        receipts: dict[str, list[Receipt]] = {name: [] for name in conversation_ids}
        with self._reading() as session:
            for name, receipt in session.execute(found).tuples():
                receipts[name].append(receipt)
        return receipts

    def search(self, words: str = "") -> tuple[Summary, ...]:
        """Return the conversations that have all of the words, the latest first.

        Args:
            words: Looked for in titles, questions and answers, upper or lower case; parts of
                words are found too. None finds every conversation.
        """
        wanted = _folded(words).split()
        found = (
            select(
                *_SUMMARISED,
                func.count(ExchangeRow.number),
                func.aggregate_strings(ExchangeRow.said, "\n"),
            )
            .join(ConversationRow.exchanges)
            .where(*self._mine())
            .group_by(ConversationRow.id)
            .order_by(ConversationRow.changed.desc(), ConversationRow.created.desc())
        )
        with self._reading() as session:
            return tuple(
                Summary(id=name, title=title, changed=changed, owner=owner, exchanges=count)
                for name, title, changed, owner, count, said in session.execute(found).tuples()
                if all(word in f"{_folded(title)}\n{said}" for word in wanted)
            )

    def rename(self, conversation_id: str, title: str) -> None:
        """Give a conversation another title; a long one is cut."""
        shown = _title(title)
        if not shown:
            raise ConversationsError("A title has at least one character; give another.")
        with self._writing() as session:
            self._row(session, ConversationRow, conversation_id).title = shown

    def delete(self, conversation_id: str) -> None:
        """Delete a conversation, with all that was said of its answers."""
        with self._writing() as session:
            session.delete(self._row(session, ConversationRow, conversation_id))

    def judge(self, exchange_id: str, feedback: Feedback | None) -> None:
        """Keep what a person says of an answer, in the place of what was said before; or drop it.

        Args:
            exchange_id: The answer's.
            feedback: None where there is nothing to say any more.
        """
        with self._writing() as session:
            self._row(session, ExchangeRow, exchange_id).feedback = feedback

    def _mine(self) -> tuple[ColumnElement[bool], ...]:
        """Return what a conversation has to be to be found here."""
        return () if self._owner is None else (ConversationRow.owner == self._owner,)

    def _row(self, session: Session, kind: type[_Row], row_id: str) -> _Row:
        found = select(kind).where(kind.id == well_formed(row_id), *self._mine())
        if kind is ExchangeRow:
            found = found.join(ConversationRow, ExchangeRow.conversation_id == ConversationRow.id)
        row = session.scalar(found)
        if row is None:
            what = "conversation" if kind is ConversationRow else "answer"
            raise ConversationsError(
                f"There is no {what} {row_id[:40]!r}, or not any more; "
                "`onrecord conversations list` shows what there is."
            )
        return row

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        with self._transaction("BEGIN") as session:
            yield session

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        with self._transaction("BEGIN IMMEDIATE") as session:
            yield session

    @contextmanager
    def _transaction(self, begin: Literal["BEGIN", "BEGIN IMMEDIATE"]) -> Iterator[Session]:
        with self._explained():
            if not self._file.exists():
                make(self._file)
            with Session(self._engine) as session, session.begin():
                for statement in ("PRAGMA foreign_keys = ON", "PRAGMA synchronous = FULL"):
                    session.execute(text(statement))
                bring_up(session)
                session.execute(text(begin))
                self._check(version_of(session))
                yield session

    def _check(self, version: int) -> None:
        if version == VERSION:
            return
        if version:
            raise ConversationsError(
                f"{self._file} was written by a newer onrecord. Update this one; nothing in the "
                "file was changed."
            )
        raise ConversationsError(_trouble(self._file, sqlite3.SQLITE_NOTADB))

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except Timeout as error:
            raise ConversationsError(_trouble(self._file, sqlite3.SQLITE_BUSY)) from error
        except OSError as error:
            raise ConversationsError(
                f"{self._file} cannot be used ({error.strerror or error}). {_ELSEWHERE}"
            ) from error
        except DBAPIError as error:
            raise ConversationsError(_trouble(self._file, _code_of(error), error)) from error
        except (ValidationError, JSONDecodeError) as error:
            raise ConversationsError(
                f"{self._file} holds an answer that this onrecord cannot read. Update onrecord; "
                "nothing in the file was changed."
            ) from error


def _code_of(error: DBAPIError) -> int:
    found = error.orig
    code = found.sqlite_errorcode if isinstance(found, sqlite3.Error) else sqlite3.SQLITE_ERROR
    return code & 0xFF  # the rest of an extended code is detail


def _trouble(file: Path, code: int, error: DBAPIError | None = None) -> str:
    what = error and error.orig
    unknown = f"cannot be used ({what}). See whether its disk is full or failing."
    away = f": `{_moving_away(file)}`." if code in _MOVED_AWAY else ""
    return f"{file} {_TROUBLES.get(code, unknown)}{away}"


def _moving_away(file: Path) -> str:
    """Return the command that moves a database into a new folder, with SQLite's files beside it.

    Of these one would otherwise be taken for the next database's, and written into it.
    """
    folders = (file.with_name(f"damaged-{number}") for number in count(1))
    folder = shlex.quote(str(next(folder for folder in folders if not folder.exists())))
    return f"mkdir {folder} && mv {shlex.quote(str(file))}* {folder}"


def _appended(session: Session, conversation: ConversationRow, row: ExchangeRow) -> Exchange:
    row.conversation_id = conversation.id
    session.add(row)
    conversation.changed = row.receipt.made
    return _exchange(row)


def _exchange_row(receipt: Receipt, dropped: Sequence[ClaimDropped]) -> ExchangeRow:
    said = _folded(f"{receipt.answer.question}\n{receipt.answer.text}")
    return ExchangeRow(
        id=uuid4().hex,
        said=well_formed(said),
        feedback=None,
        receipt=receipt,
        dropped=tuple(dropped),
    )


def _exchange(row: ExchangeRow) -> Exchange:
    return Exchange(id=row.id, receipt=row.receipt, dropped=row.dropped, feedback=row.feedback)


def _conversation(row: ConversationRow) -> Conversation:
    return Conversation(
        id=row.id,
        title=row.title,
        created=row.created,
        changed=row.changed,
        exchanges=tuple(_exchange(exchange) for exchange in row.exchanges),
    )


def _title(text: str) -> str:
    """Return a text on one line, cut behind a word where it is long."""
    line = " ".join(well_formed(text).split())
    if len(line) <= _LONGEST_TITLE:
        return line
    return f"{line[: _LONGEST_TITLE + 1].rsplit(' ', 1)[0][:_LONGEST_TITLE]}…"


def _folded(text: str) -> str:
    """Return a text without what a search does not tell apart."""
    return unicodedata.normalize("NFKC", text).casefold()
