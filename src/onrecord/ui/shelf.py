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

Shown = tuple[str, str]
"""The list of documents, and the article pane."""

Changed = tuple[Any, ...]
"""What is asked of, its words, where the document went that was removed last; and what is shown."""

_MOST_FILES = 20  # that are added at once

_SAME = (gr.skip(), gr.skip(), gr.skip())


class Shelf:
    """Changes the corpus, and shows it.

    Args:
        assistant: Whose documents they are.
    """

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant

    def open_document(self, event: gr.EventData) -> str:
        """Return the pane for the document that was chosen, as it is now.

        Where that has been removed, the one that is shown stays.
        """
        said: Mapping[str, Any] = event._data
        document = said.get("document")
        if all(each.id != document for each in self._assistant.documents):
            document = said.get("shown")
        return pane(self._assistant, str(document))

    def add(self, files: Sequence[str] | None, removed: Path | None) -> Iterator[Shown]:
        """Yield what is shown while files are added, and with the last of them."""
        paths = [Path(file) for file in files or ()]
        if len(paths) > _MOST_FILES:
            for path in paths:
                path.unlink(missing_ok=True)
            said = words.TOO_MANY_FILES.format(count=len(paths), most=_MOST_FILES)
            yield self._list(removed, said), pane(self._assistant, notice=said)
            return
        notice = words.adding([path.name for path in paths])
        yield self._list(removed, notice), pane(self._assistant, notice=notice)
        added: list[str] = []
        problems: list[str] = []
        for path in paths:
            try:
                added.append(self._assistant.add(path))
            except OnrecordError as error:
                problems.append(str(error))
            path.unlink(missing_ok=True)  # the browser's copy
        shown = added[-1] if added else ""
        yield self._current(removed, shown, words.added(added, problems))

    def write(self, title: str, text: str, removed: Path | None) -> tuple[str, ...]:
        """Add a text that was pasted; the two boxes come first, empty if it could be kept."""
        try:
            name = self._assistant.write(title, text)
        except OnrecordError as error:
            return title, text, *self._current(removed, "", str(error))
        return "", "", *self._current(removed, name, words.added([name], []))

    def press(self, scope: Scope, removed: Path | None, event: gr.EventData) -> Changed:
        """Do what a button of the list stands for."""
        said: Mapping[str, Any] = event._data
        document = str(said.get("document", ""))
        try:
            match said.get("do"):
                case "open":
                    return *_SAME, gr.skip(), pane(self._assistant, document)
                case "rename":
                    return self._renamed(scope, removed, document, str(said.get("name", "")))
                case "remove":
                    return self._removed(scope, document)
                case "restore" if removed is not None:
                    return self._restored(removed)
        except OnrecordError as error:
            return *_SAME, self._list(removed, str(error)), gr.skip()
        return *_SAME, self._list(removed), gr.skip()

    def _renamed(self, scope: Scope, removed: Path | None, document: str, name: str) -> Changed:
        new = self._assistant.rename(document, name)
        said = words.RENAMED.format(old=document, new=new)
        shown = self._current(removed, new, said)
        return *self._narrowed(scope, _carried_over(scope, document, new)), gr.skip(), *shown

    def _removed(self, scope: Scope, document: str) -> Changed:
        gone = self._assistant.remove(document)
        shown = self._current(gone, "", words.REMOVED.format(name=document))
        return *self._narrowed(scope, _without(scope, document)), gone, *shown

    def _restored(self, removed: Path) -> Changed:
        name = self._assistant.restore(removed)
        shown = self._current(None, name, words.RESTORED.format(name=name))
        return gr.skip(), gr.skip(), None, *shown

    def _narrowed(self, before: Scope, scope: Scope) -> tuple[Any, Any]:
        """Return what is asked of, and its words, if that is another than before.

        If not, something may have been chosen while the index was brought up to date.
        """
        if scope == before:
            return gr.skip(), gr.skip()
        return scope, scope_html(scope, self._assistant.documents)

    def _current(self, removed: Path | None, document: str, said: str) -> Shown:
        """Bring the index up to date, and return list and pane as they are now."""
        try:
            self._assistant.refresh()
        except OnrecordError as error:
            said = f"{said} {error}"
        return self._list(removed, said), pane(self._assistant, document, notice=said)

    def _list(self, removed: Path | None, said: str = "") -> str:
        return shelf_html(self._assistant.documents, said, can_undo=removed is not None)


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
