"""What the page does when documents are added, chosen, renamed or removed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from onrecord.errors import OnrecordError
from onrecord.types import Scope
from onrecord.ui import words
from onrecord.ui.pane import pane
from onrecord.ui.scope import scope_html
from onrecord.ui.shelf_view import shelf_html

if TYPE_CHECKING:
    from onrecord import Assistant

Shelved = tuple[Any, ...]
"""What is asked of, where the document went that was removed last; the words for the former, the
list of documents, and the article pane."""

_SAME = (gr.skip(), gr.skip(), gr.skip())


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

    def add(
        self, files: Sequence[str] | None, scope: Scope, removed: Path | None
    ) -> Iterator[Shelved]:
        """Yield what is shown while files are added, and with the last of them."""
        paths = [Path(file) for file in files or ()]
        notice = words.adding([path.name for path in paths])
        listed = self._list(scope, removed, notice)
        yield *_SAME, listed, pane(self._assistant, notice=notice)
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
        yield *_SAME, *self._current(scope, removed, shown, said)

    def write(self, title: str, text: str, scope: Scope, removed: Path | None) -> Shelved:
        """Add a text that was pasted; the two boxes come first, empty if it could be kept."""
        try:
            name = self._assistant.write(title, text)
        except OnrecordError as error:
            return title, text, *_SAME, *self._current(scope, removed, "", str(error))
        shown = self._current(scope, removed, name, words.added([name], []))
        return "", "", *_SAME, *shown

    def press(self, scope: Scope, removed: Path | None, event: gr.EventData) -> Shelved:
        """Do what a button of the list stands for."""
        said: Mapping[str, Any] = event._data
        document = str(said.get("document", ""))
        try:
            match said.get("do"):
                case "open":
                    return *_SAME, gr.skip(), pane(self._assistant, document)
                case "choose":
                    return self._chosen(said)
                case "rename":
                    return self._renamed(scope, removed, document, str(said.get("name", "")))
                case "remove":
                    return self._removed(scope, document)
                case "restore" if removed is not None:
                    return self._restored(scope, removed)
        except OnrecordError as error:
            return *_SAME, self._list(scope, removed, str(error)), gr.skip()
        return *_SAME, self._list(scope, removed), gr.skip()

    def _chosen(self, said: Mapping[str, Any]) -> Shelved:
        known = [document.id for document in self._assistant.documents]
        wanted = said.get("documents")
        chosen = tuple(each for each in known if isinstance(wanted, list) and each in wanted)
        scope = Scope(documents=chosen if len(chosen) < len(known) else ())
        return scope, gr.skip(), self._scope(scope), gr.skip(), gr.skip()

    def _renamed(self, scope: Scope, removed: Path | None, document: str, name: str) -> Shelved:
        new = self._assistant.rename(document, name)
        said = words.RENAMED.format(old=document, new=new)
        return self._changed(scope, _carried_over(scope, document, new), removed, new, said)

    def _removed(self, scope: Scope, document: str) -> Shelved:
        gone = self._assistant.remove(document)
        said = words.REMOVED.format(name=document)
        return self._changed(scope, _without(scope, document), gone, "", said)

    def _restored(self, scope: Scope, removed: Path) -> Shelved:
        name = self._assistant.restore(removed)
        return self._changed(scope, scope, None, name, words.RESTORED.format(name=name))

    def _changed(
        self, before: Scope, scope: Scope, removed: Path | None, document: str, said: str
    ) -> Shelved:
        listed, shown = self._current(scope, removed, document, said)
        if scope == before:  # a passage may have been chosen while the index was brought up to date
            return gr.skip(), removed, gr.skip(), listed, shown
        return scope, removed, self._scope(scope), listed, shown

    def _current(
        self, scope: Scope, removed: Path | None, document: str, said: str
    ) -> tuple[str, str]:
        """Bring the index up to date, and return list and pane as they are now."""
        try:
            self._assistant.refresh()
        except OnrecordError as error:
            said = f"{said} {error}"
        listed = self._list(scope, removed, said)
        return listed, pane(self._assistant, document, notice=said)

    def _scope(self, scope: Scope) -> str:
        return scope_html(scope, self._assistant.documents)

    def _list(self, scope: Scope, removed: Path | None, said: str = "") -> str:
        return shelf_html(self._assistant.documents, scope, said, can_undo=removed is not None)


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
