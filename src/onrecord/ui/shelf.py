"""What the page does when documents are added, chosen, renamed or removed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from onrecord.errors import OnrecordError
from onrecord.types import Scope
from onrecord.ui import words
from onrecord.ui.pane import pane
from onrecord.ui.scope import scope_html
from onrecord.ui.session import Session
from onrecord.ui.shelf_view import shelf_html

if TYPE_CHECKING:
    from onrecord import Assistant

Shelved = tuple[Any, ...]
"""The session, what is asked of, the list of documents, and the article pane."""

_CHANGES = ("choose", "rename", "remove", "restore")
"""What waits for an answer that is on its way: that writes the session as it was before."""


class Shelf:
    """Changes the corpus, and shows it.

    Args:
        assistant: Whose documents they are.
    """

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant

    def open_document(self, event: gr.EventData) -> str:
        """Return the pane for the document that was chosen, as it is now."""
        return pane(self._assistant, str(event._data.get("document", "")))

    def add(self, files: Sequence[str] | None, session: Session) -> Iterator[Shelved]:
        """Yield what is shown while files are added, and with the last of them."""
        paths = [Path(file) for file in files or ()]
        notice = words.adding([path.name for path in paths])
        listed = self._list(session, notice)
        yield gr.skip(), gr.skip(), listed, pane(self._assistant, notice=notice)
        added: list[str] = []
        problems: list[str] = []
        for path in paths:
            try:
                added.append(self._assistant.add(path))
            except OnrecordError as error:
                problems.append(str(error))
            path.unlink(missing_ok=True)  # the browser's copy
        shown = added[-1] if added else ""
        said = words.added(added, problems)
        yield gr.skip(), gr.skip(), *self._current(session, shown, said)

    def write(self, title: str, text: str, session: Session) -> Shelved:
        """Add a text that was pasted; the two boxes come first, empty if it could be kept."""
        try:
            name = self._assistant.write(title, text)
        except OnrecordError as error:
            shown = self._current(session, "", str(error))
            return title, text, gr.skip(), gr.skip(), *shown
        shown = self._current(session, name, words.added([name], []))
        return "", "", gr.skip(), gr.skip(), *shown

    def press(self, session: Session, event: gr.EventData) -> Shelved:
        """Do what a button of the list stands for."""
        said: Mapping[str, Any] = event._data
        document = str(said.get("document", ""))
        if session.is_working and said.get("do") in _CHANGES:
            return gr.skip(), gr.skip(), self._list(session, words.BUSY), gr.skip()
        match said.get("do"):
            case "open":
                return gr.skip(), gr.skip(), gr.skip(), pane(self._assistant, document)
            case "choose":
                return self._chosen(session, said)
            case "rename":
                new = str(said.get("name", ""))
                return self._tried(session, lambda: self._renamed(session, document, new))
            case "remove":
                return self._tried(session, lambda: self._removed(session, document))
            case "restore" if session.removed is not None:
                gone = session.removed
                return self._tried(session, lambda: self._restored(session, gone))
        return gr.skip(), gr.skip(), self._list(session), gr.skip()

    def _chosen(self, session: Session, said: Mapping[str, Any]) -> Shelved:
        known = [document.id for document in self._assistant.documents]
        wanted = said.get("documents")
        chosen = tuple(each for each in known if isinstance(wanted, list) and each in wanted)
        scope = Scope(documents=chosen if len(chosen) < len(known) else ())
        session = replace(session, scope=scope)
        return session, self._scope(session), gr.skip(), gr.skip()

    def _renamed(self, session: Session, document: str, name: str) -> Shelved:
        new = self._assistant.rename(document, name)
        session = replace(session, scope=_carried_over(session.scope, document, new))
        return self._changed(session, new, words.RENAMED.format(old=document, new=new))

    def _removed(self, session: Session, document: str) -> Shelved:
        gone = self._assistant.remove(document)
        session = replace(session, scope=_without(session.scope, document), removed=gone)
        return self._changed(session, "", words.REMOVED.format(name=document))

    def _restored(self, session: Session, gone: Path) -> Shelved:
        name = self._assistant.restore(gone)
        session = replace(session, removed=None)
        return self._changed(session, name, words.RESTORED.format(name=name))

    def _tried(self, session: Session, change: Callable[[], Shelved]) -> Shelved:
        try:
            return change()
        except OnrecordError as error:
            return gr.skip(), gr.skip(), self._list(session, str(error)), gr.skip()

    def _changed(self, session: Session, document: str, said: str) -> Shelved:
        listed, shown = self._current(session, document, said)
        return session, self._scope(session), listed, shown

    def _current(self, session: Session, document: str, said: str) -> tuple[str, str]:
        """Bring the index up to date, and return list and pane as they are now."""
        try:
            self._assistant.refresh()
        except OnrecordError as error:
            said = f"{said} {error}"
        return self._list(session, said), pane(self._assistant, document, notice=said)

    def _scope(self, session: Session) -> str:
        return scope_html(session.scope, self._assistant.documents)

    def _list(self, session: Session, said: str = "") -> str:
        can_undo = session.removed is not None
        return shelf_html(self._assistant.documents, session.scope, said, can_undo)


def _carried_over(scope: Scope, old: str, new: str) -> Scope:
    """Return what is asked of, where a document has another name now."""
    passage = scope.passage
    if passage and passage.document_id == old:
        passage = passage.model_copy(update={"document_id": new})
    return Scope(
        documents=tuple(new if each == old else each for each in scope.documents),
        passage=passage,
    )


def _without(scope: Scope, document: str) -> Scope:
    """Return what is asked of, without a document that has gone."""
    passage = scope.passage
    return Scope(
        documents=tuple(each for each in scope.documents if each != document),
        passage=None if passage and passage.document_id == document else passage,
    )
