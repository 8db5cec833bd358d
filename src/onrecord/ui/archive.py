"""What the page does when kept conversations are looked for, opened, exported or deleted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import gradio as gr

from onrecord.conversations import (
    Alarms,
    Conversation,
    Conversations,
    Summary,
    alarmed,
    as_html,
    as_json,
    as_jsonl,
    as_markdown,
    facts_of,
    judged,
)
from onrecord.errors import OnrecordError
from onrecord.ui import words
from onrecord.ui.archive_view import MOST_LISTED, archive_html, outbox_html
from onrecord.ui.keeping import owned
from onrecord.ui.reopening import reopened
from onrecord.ui.session import Session
from onrecord.ui.view import View, unchanged, whole

if TYPE_CHECKING:
    from onrecord import Assistant

Archived = tuple[Session | None, Any, Any]
"""What is to be shown instead of the conversation on the page, if anything is; the list, and a file
to be saved."""

_EXPORTS: Mapping[str, tuple[str, Callable[[Conversation], str]]] = {
    "markdown": ("md", as_markdown),
    "html": ("html", as_html),
    "json": ("json", as_json),
}


class Archive:
    """Shows what is kept.

    Args:
        assistant: By whose documents a kept answer still stands, or does not.
        conversations: What is kept.
        alarms: What is known of that already.
    """

    def __init__(
        self, assistant: Assistant, conversations: Conversations, alarms: Alarms | None = None
    ) -> None:
        self._assistant = assistant
        self._conversations = conversations
        self._alarms = alarms or Alarms(assistant)

    def search(self, session: Session, wanted: str, request: gr.Request) -> str:
        """Return the list of the reader's conversations that have some words."""
        return self._of(request)._list(session, wanted)

    def press(
        self, session: Session, wanted: str, event: gr.EventData, request: gr.Request
    ) -> Archived:
        """Do what a button of the reader's list stands for."""
        return self._of(request)._pressed(session, wanted, event._data)

    def show(self, session: Session, opened: Session | None) -> View:
        """Return the view of what the last press has opened.

        That took its time: what is being asked since then stays.
        """
        if opened is None or session.is_working:
            return unchanged()
        return whole(opened, self._assistant.documents)

    def _of(self, request: gr.Request) -> Archive:
        return Archive(self._assistant, owned(self._conversations, request), self._alarms)

    def _pressed(self, session: Session, wanted: str, said: Mapping[str, Any]) -> Archived:
        name = str(said.get("conversation", ""))
        try:
            match said.get("do"):
                case "open":
                    return self._begun(self._opened(name, session), wanted)
                case "rename":
                    self._conversations.rename(name, str(said.get("title", "")))
                case "delete" if name == session.conversation:
                    return self._begun(self._deleted(session), wanted)
                case "delete":
                    self._conversations.delete(name)
                case "export":
                    return None, gr.skip(), self._exported(name, said)
                case "facts":
                    return None, gr.skip(), self._facts()
        except OnrecordError as error:
            return None, self._list(session, wanted, str(error)), gr.skip()
        return None, self._list(session, wanted), gr.skip()

    def _begun(self, session: Session, wanted: str) -> Archived:
        return session, self._list(session, wanted), gr.skip()

    def _opened(self, name: str, session: Session) -> Session:
        _check_idle(session)
        return reopened(self._conversations, name, self._assistant.documents)

    def _deleted(self, session: Session) -> Session:
        _check_idle(session)
        self._conversations.delete(session.conversation)
        return Session()

    def _exported(self, name: str, said: Mapping[str, Any]) -> str:
        suffix, write = _EXPORTS.get(str(said.get("as")), _EXPORTS["json"])
        conversation = alarmed(self._conversations.load(name), self._assistant.documents)
        return outbox_html(f"onrecord-{name[:8]}.{suffix}", write(conversation), uuid4().hex)

    def _facts(self) -> str:
        kept = [self._conversations.load(each.id) for each in self._conversations.search()]
        lines = as_jsonl(facts_of(kept))
        if not lines:
            raise OnrecordError(words.UNUSABLE if judged(kept) else words.NO_FACTS)
        return outbox_html("onrecord-facts.jsonl", lines, uuid4().hex)

    def _list(self, session: Session, wanted: str, said: str = "") -> str:
        try:
            kept = self._conversations.search(wanted)
        except OnrecordError as error:
            return archive_html((), "", str(error))
        fallen = self._fallen(kept[:MOST_LISTED])
        is_search = bool(wanted.strip())
        return archive_html(kept, session.conversation, said, is_search, fallen)

    def _fallen(self, kept: Sequence[Summary]) -> frozenset[str]:
        try:
            return self._alarms.of(self._conversations, kept)
        except OnrecordError:
            return frozenset()  # what cannot be read says so when it is opened


def _check_idle(session: Session) -> None:
    """See that no answer is on its way, which would come back over what is shown instead.

    Raises:
        OnrecordError: One is.
    """
    if session.is_working:
        raise OnrecordError(words.BUSY)
