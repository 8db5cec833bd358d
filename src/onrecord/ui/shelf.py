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
_STATES = 2  # what has become of a document, and where the one went that was removed last


@dataclass(frozen=True)
class Removed:
    """The document that was removed last.

    Attributes:
        document: Its id.
        file: Where its file is kept aside.
    """

    document: str
    file: Path


@dataclass(frozen=True)
class Moved:
    """What has become of a document.

    Attributes:
        document: The id that it had.
        now: The one that it has; "" where it was removed.
    """

    document: str
    now: str = ""


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

    def press(self, removed: Removed | None, event: gr.EventData) -> Iterator[Shown]:
        """Change what a button of the list stands for, and yield what is shown meanwhile."""
        pressed = partial(self._pressed, removed, event._data)
        yield from underway(pressed, _STATES + _SHOWN, words.INDEXING)

    def follow(self, scope: Scope, moved: Moved | None, opened: str) -> tuple[Any, Any, Any]:
        """Return what is asked of, its words, and the pane, where a document has moved.

        Meanwhile another may have been chosen or opened: so it is what is so by now that follows.
        """
        if moved is None:
            return (gr.skip(),) * 3
        shown = pane(self._assistant, moved.now if opened == moved.document else opened)
        followed = _followed(scope, moved)
        if followed == scope:
            return gr.skip(), gr.skip(), shown
        return followed, scope_html(followed, self._assistant.documents), shown

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

    def _pressed(self, removed: Removed | None, said: Mapping[str, Any], tell: Progress) -> Shown:
        try:
            match said.get("do"):
                case "rename":
                    return self._renamed(removed, said, tell)
                case "remove":
                    return self._removed(said, tell)
                case "restore":
                    return self._restored(removed, tell)
        except OnrecordError as error:
            return None, gr.skip(), *self._refused(removed, str(error))
        return None, *(gr.skip(),) * (1 + _SHOWN + 2)

    def _renamed(self, removed: Removed | None, said: Mapping[str, Any], tell: Progress) -> Shown:
        document, name = _words_of(said, "document", "name")
        new = self._assistant.rename(document, name)
        told = words.RENAMED.format(old=document, new=new)
        return Moved(document, new), gr.skip(), *self._current(removed, None, told, tell)

    def _removed(self, said: Mapping[str, Any], tell: Progress) -> Shown:
        (document,) = _words_of(said, "document")
        gone = Removed(document, self._assistant.remove(document))
        return Moved(document), gone, *self._current(gone, None, "", tell)

    def _restored(self, removed: Removed | None, tell: Progress) -> Shown:
        if removed is None:  # the server was started again since
            raise OnrecordError(words.NOT_KNOWN_REMOVED)
        name = self._assistant.restore(removed.file)
        return None, None, *self._current(None, name, words.RESTORED.format(name=name), tell)

    def _current(
        self, removed: Removed | None, document: str | None, said: str, tell: Progress
    ) -> Shown:
        """Bring the index up to date, and return the list as it is now, and a document's pane."""
        tell(words.INDEXING, None)
        try:
            self._assistant.refresh(progress=tell)
        except OnrecordError as error:
            said = f"{said} {error}".strip()
        shown = gr.skip() if document is None else pane(self._assistant, document)
        return self._list(removed, said), shown, "", told_html(said)

    def _refused(self, removed: Removed | None, said: str) -> Shown:
        """Return why nothing has changed; what is open stays open."""
        return self._list(removed, said), gr.skip(), "", told_html(said)

    def _list(self, removed: Removed | None, said: str = "") -> str:
        gone = removed.document if removed else ""
        return shelf_html(self._assistant.documents, said, gone)


def _words_of(said: Mapping[str, Any], *names: str) -> Iterator[str]:
    return (str(said.get(name, "")) for name in names)


def _followed(scope: Scope, moved: Moved) -> Scope:
    """Return what is asked of, where a document is under another name, or not there any more."""
    passage = scope.passage
    if passage and passage.document_id == moved.document:
        passage = passage.model_copy(update={"document_id": moved.now}) if moved.now else None
    names = (moved.now if each == moved.document else each for each in scope.documents)
    return Scope(documents=tuple(filter(None, names)), passage=passage)
