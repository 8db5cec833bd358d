"""What the page does when documents are added, chosen, renamed or removed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
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
from onrecord.ui.shelf_view import MOST_FILES, shelf_html, written_html
from onrecord.ui.underway import Shown, told_html, underway

if TYPE_CHECKING:
    from onrecord import Assistant

_SHOWN = 2  # the list of documents, and the article pane
_STATES = 3  # what is asked of, its words, and where the document went that was removed last

_SAME = (gr.skip(),) * _STATES


@dataclass(frozen=True)
class Removed:
    """The document that was removed last.

    Attributes:
        document: Its id.
        file: Where its file is kept aside.
    """

    document: str
    file: Path


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

    def add(self, files: Sequence[str] | None, removed: Removed | None) -> Iterator[Shown]:
        """Yield what is shown while files are added, and with the last of them."""
        paths = [Path(file) for file in files or ()]
        if len(paths) > MOST_FILES:
            for path in paths:
                path.unlink(missing_ok=True)
            said = words.TOO_MANY_FILES.format(count=len(paths), most=MOST_FILES)
            yield self._refused(removed, said)
            return
        spoken = words.adding([path.name for path in paths])
        yield from underway(partial(self._added, paths, removed), _SHOWN, spoken)

    def write(self, title: str, text: str, removed: Removed | None) -> Iterator[Shown]:
        """Add a text that was pasted, and yield what is shown meanwhile.

        What the page's script is told of it comes first.
        """
        written = partial(self._written, title, text, removed)
        yield from underway(written, 1 + _SHOWN, words.adding([title]))

    def look(self, removed: Removed | None, event: gr.EventData) -> tuple[Any, Any]:
        """Return list and pane as a button of the list wants to see them; it changes nothing."""
        said: Mapping[str, Any] = event._data
        match said.get("do"):
            case "open":
                return gr.skip(), pane(self._assistant, str(said.get("document", "")))
            case "list":
                return self._list(removed), gr.skip()
        return gr.skip(), gr.skip()

    def press(self, scope: Scope, removed: Removed | None, event: gr.EventData) -> Iterator[Shown]:
        """Change what a button of the list stands for, and yield what is shown meanwhile."""
        pressed = partial(self._pressed, scope, removed, event._data)
        yield from underway(pressed, _STATES + _SHOWN, words.INDEXING)

    def _added(self, paths: Sequence[Path], removed: Removed | None, tell: Progress) -> Shown:
        added: list[str] = []
        problems: list[str] = []
        for place, path in enumerate(paths):
            tell(words.reading_file(path.name, place + 1, len(paths)), place / len(paths))
            try:
                added.append(self._assistant.add(path))
            except OnrecordError as error:
                problems.append(str(error))
            path.unlink(missing_ok=True)  # the browser's copy
        said = words.added(added, problems)
        if not added:
            return self._refused(removed, said)
        return self._current(removed, added[-1], said, tell)

    def _written(self, title: str, text: str, removed: Removed | None, tell: Progress) -> Shown:
        try:
            name = self._assistant.write(title, text)
        except OnrecordError as error:
            return written_html(title, text, False), *self._refused(removed, str(error))
        shown = self._current(removed, name, words.added([name], []), tell)
        return written_html(title, text, True), *shown

    def _pressed(
        self, scope: Scope, removed: Removed | None, said: Mapping[str, Any], tell: Progress
    ) -> Shown:
        try:
            match said.get("do"):
                case "rename":
                    return self._renamed(scope, removed, said, tell)
                case "remove":
                    return self._removed(scope, said, tell)
                case "restore":
                    return self._restored(removed, tell)
        except OnrecordError as error:
            return *_SAME, *self._refused(removed, str(error))
        return *_SAME, *(gr.skip(),) * (_SHOWN + 2)

    def _renamed(
        self, scope: Scope, removed: Removed | None, said: Mapping[str, Any], tell: Progress
    ) -> Shown:
        document, name, opened = _words_of(said, "document", "name", "shown")
        new = self._assistant.rename(document, name)
        told = words.RENAMED.format(old=document, new=new)
        shown = self._current(removed, new if opened == document else opened, told, tell)
        return *self._narrowed(scope, _carried_over(scope, document, new)), gr.skip(), *shown

    def _removed(self, scope: Scope, said: Mapping[str, Any], tell: Progress) -> Shown:
        document, opened = _words_of(said, "document", "shown")
        gone = Removed(document, self._assistant.remove(document))
        shown = self._current(gone, opened, "", tell)
        return *self._narrowed(scope, _without(scope, document)), gone, *shown

    def _restored(self, removed: Removed | None, tell: Progress) -> Shown:
        if removed is None:  # the server was started again since
            raise OnrecordError(words.NOT_KNOWN_REMOVED)
        name = self._assistant.restore(removed.file)
        shown = self._current(None, name, words.RESTORED.format(name=name), tell)
        return gr.skip(), gr.skip(), None, *shown

    def _narrowed(self, before: Scope, scope: Scope) -> tuple[Any, Any]:
        """Return what is asked of, and its words, if that is another than before.

        If not, something may have been chosen while the index was brought up to date.
        """
        if scope == before:
            return gr.skip(), gr.skip()
        return scope, scope_html(scope, self._assistant.documents)

    def _current(self, removed: Removed | None, document: str, said: str, tell: Progress) -> Shown:
        """Bring the index up to date, and return list and pane as they are now."""
        tell(words.INDEXING, None)
        try:
            self._assistant.refresh(progress=tell)
        except OnrecordError as error:
            said = f"{said} {error}".strip()
        shown = pane(self._assistant, document)
        return self._list(removed, said), shown, "", told_html(said)

    def _refused(self, removed: Removed | None, said: str) -> Shown:
        """Return why nothing has changed; what is open stays open."""
        return self._list(removed, said), gr.skip(), "", told_html(said)

    def _list(self, removed: Removed | None, said: str = "") -> str:
        gone = removed.document if removed else ""
        return shelf_html(self._assistant.documents, said, gone)


def _words_of(said: Mapping[str, Any], *names: str) -> Iterator[str]:
    return (str(said.get(name, "")) for name in names)


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
