"""What the page does when documents are added, chosen, renamed or removed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from onrecord.errors import OnrecordError
from onrecord.progress import Progress
from onrecord.types import Scope
from onrecord.ui import words
from onrecord.ui.pane import pane
from onrecord.ui.scope import scope_html
from onrecord.ui.shelf_view import MOST_FILES, shelf_html
from onrecord.ui.underway import Parts, underway

if TYPE_CHECKING:
    from onrecord import Assistant

Shown = tuple[str, str]
"""The list of documents, and the article pane."""

_SHOWN = 2
_BOXES = 2  # of a text that is pasted
_STATES = 3  # what is asked of, its words, and where the document went that was removed last

_SAME = (gr.skip(),) * _STATES


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

    def add(self, files: Sequence[str] | None, removed: Path | None) -> Iterator[Parts]:
        """Yield what is shown while files are added, and with the last of them."""
        paths = [Path(file) for file in files or ()]
        if len(paths) > MOST_FILES:
            for path in paths:
                path.unlink(missing_ok=True)
            said = words.TOO_MANY_FILES.format(count=len(paths), most=MOST_FILES)
            yield self._list(removed, said), pane(self._assistant, notice=said), "", ""
            return
        spoken = words.adding([path.name for path in paths])
        yield from underway(partial(self._added, paths, removed), _SHOWN, spoken)

    def write(self, title: str, text: str, removed: Path | None) -> Iterator[Parts]:
        """Add a text that was pasted, and yield what is shown meanwhile.

        The two boxes come first, empty in the end if it could be kept.
        """
        written = partial(self._written, title, text, removed)
        yield from underway(written, _BOXES + _SHOWN, words.adding([title]))

    def look(self, removed: Path | None, event: gr.EventData) -> tuple[Any, Any]:
        """Return list and pane as a button of the list wants to see them; it changes nothing."""
        said: Mapping[str, Any] = event._data
        match said.get("do"):
            case "open":
                return gr.skip(), pane(self._assistant, str(said.get("document", "")))
            case "list":
                return self._list(removed), gr.skip()
        return gr.skip(), gr.skip()

    def press(self, scope: Scope, removed: Path | None, event: gr.EventData) -> Iterator[Parts]:
        """Change what a button of the list stands for, and yield what is shown meanwhile."""
        pressed = partial(self._pressed, scope, removed, event._data)
        yield from underway(pressed, _STATES + _SHOWN, words.INDEXING)

    def _added(self, paths: Sequence[Path], removed: Path | None, tell: Progress) -> Shown:
        added: list[str] = []
        problems: list[str] = []
        for place, path in enumerate(paths):
            tell(words.reading_file(path.name, place + 1, len(paths)), place / len(paths))
            try:
                added.append(self._assistant.add(path))
            except OnrecordError as error:
                problems.append(str(error))
            path.unlink(missing_ok=True)  # the browser's copy
        shown = added[-1] if added else ""
        return self._current(removed, shown, words.added(added, problems), tell)

    def _written(self, title: str, text: str, removed: Path | None, tell: Progress) -> Parts:
        try:
            name = self._assistant.write(title, text)
        except OnrecordError as error:
            return title, text, *self._current(removed, "", str(error), tell)
        return "", "", *self._current(removed, name, words.added([name], []), tell)

    def _pressed(
        self, scope: Scope, removed: Path | None, said: Mapping[str, Any], tell: Progress
    ) -> Parts:
        document = str(said.get("document", ""))
        try:
            match said.get("do"):
                case "rename":
                    name = str(said.get("name", ""))
                    return self._renamed(scope, removed, (document, name), tell)
                case "remove":
                    return self._removed(scope, document, tell)
                case "restore" if removed is not None:
                    return self._restored(removed, tell)
        except OnrecordError as error:
            return *_SAME, self._list(removed, str(error)), gr.skip()
        return *_SAME, gr.skip(), gr.skip()

    def _renamed(
        self, scope: Scope, removed: Path | None, names: tuple[str, str], tell: Progress
    ) -> Parts:
        document, name = names
        new = self._assistant.rename(document, name)
        said = words.RENAMED.format(old=document, new=new)
        shown = self._current(removed, new, said, tell)
        return *self._narrowed(scope, _carried_over(scope, document, new)), gr.skip(), *shown

    def _removed(self, scope: Scope, document: str, tell: Progress) -> Parts:
        gone = self._assistant.remove(document)
        shown = self._current(gone, "", words.REMOVED.format(name=document), tell)
        return *self._narrowed(scope, _without(scope, document)), gone, *shown

    def _restored(self, removed: Path, tell: Progress) -> Parts:
        name = self._assistant.restore(removed)
        shown = self._current(None, name, words.RESTORED.format(name=name), tell)
        return gr.skip(), gr.skip(), None, *shown

    def _narrowed(self, before: Scope, scope: Scope) -> tuple[Any, Any]:
        """Return what is asked of, and its words, if that is another than before.

        If not, something may have been chosen while the index was brought up to date.
        """
        if scope == before:
            return gr.skip(), gr.skip()
        return scope, scope_html(scope, self._assistant.documents)

    def _current(self, removed: Path | None, document: str, said: str, tell: Progress) -> Shown:
        """Bring the index up to date, and return list and pane as they are now."""
        tell(words.INDEXING, None)
        try:
            self._assistant.refresh(progress=tell)
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
