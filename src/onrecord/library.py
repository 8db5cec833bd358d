"""A corpus and its index, kept in step with the files: what questions are asked of."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from uuid import uuid4

from onrecord import shelf
from onrecord.corpus import Corpus, CorpusLike, fingerprint, load_corpus
from onrecord.edition import Edition
from onrecord.errors import (
    BarredIndexError,
    CorpusError,
    HeldIndexError,
    LostIndexError,
    StoreError,
)
from onrecord.models.embedder import embedder_id, open_embeddings
from onrecord.progress import Progress
from onrecord.settings import Settings
from onrecord.types import Document, Evidence, Scope
from onrecord.vectors.client import knock
from onrecord.vectors.server import chroma_server

if TYPE_CHECKING:
    from onrecord.index import Index, IndexReport

_IN_MEMORY = "memory"
_PATIENCE = 2.0  # seconds: within them most changes are indexed, and a large document is not

T = TypeVar("T")


class Library:
    """Reads the corpus at once, and opens embedder and index at the first need.

    What is asked after a file has changed is answered from the file as it is: whoever asks brings
    the index up to date first. Where another thread is at that already, it is waited for a moment,
    and not for as long as a large document takes: what is asked then is answered from the last
    edition that was complete, and says so by its name. The first index alone is waited for however
    long it takes, and so is one that is made anew. An edition is put in another's place whole, and
    only then do the chunks leave Chroma that the new one does not need; a question that has still
    begun with the old one, and misses them, is asked once more of the new.

    Args:
        source: A folder, a file, documents, or a list of them.
        settings: Where the index is kept, and which embedder makes it.
        progress: Told of slow work.

    Raises:
        CorpusError: There is nothing to ask about.
    """

    def __init__(self, source: CorpusLike, settings: Settings, progress: Progress) -> None:
        self._source = source
        self._settings = settings
        self._progress = progress
        self._name = _name_of(source)
        self._indexing = threading.Lock()
        self._corpus: Corpus = load_corpus(source)
        self._index: Index | None = None
        self._edition: Edition | None = None

    @property
    def corpus(self) -> Corpus:
        """The documents and their sentences, as they were read last."""
        return self._corpus

    def edition(self) -> str:
        """Return what is another as soon as a file of the corpus is; it names that edition."""
        return hashlib.sha256(repr(fingerprint(self._source)).encode()).hexdigest()

    def is_behind(self, edition: Edition) -> bool:
        """Tell whether the files are others than those of an edition, or are gone."""
        try:
            return edition.name != self.edition()
        except CorpusError:
            return True

    def consult(self, look: Callable[[Edition], T]) -> T:
        """Return what a look into the documents brings up; files that have changed are read first.

        Args:
            look: Looks into an edition, and once more into the next where its index was lost.

        Raises:
            CorpusError, StoreError, WeightsError: There is nothing to search, or to search with.
        """
        with self._reopening():
            edition = self._latest()
            try:
                return look(edition)
            except LostIndexError:  # by a server that was started again without its data
                return look(self._instead_of(edition))

    def glance(self, queries: Sequence[str], k: int, scope: Scope) -> tuple[Evidence, ...]:
        """Return the most promising sentences, or none where they would have to be waited for.

        Args:
            queries: What to search for.
            k: How many sentences.
            scope: What is asked about.

        Raises:
            StoreError: Chroma cannot be read.
        """
        edition = self._current()
        return edition.glance(queries, k, scope) if edition else ()

    def whole_texts(self, most: int) -> tuple[Scope, ...]:
        """Return what a reader is shown whole; see portions.py."""
        return self.consult(lambda edition: edition.retriever.portioner.whole_texts(most))

    def add(self, file: Path) -> str:
        """Copy a file into the corpus, and return the id of its document; see shelf.py."""
        return shelf.put(file, self._source)

    def write(self, title: str, text: str) -> str:
        """Put a text into the corpus, and return the id of its document; see shelf.py."""
        return shelf.write(title, text, self._source)

    def rename(self, document_id: str, name: str) -> str:
        """Give a document another name, and return its new id; see shelf.py."""
        return shelf.rename(document_id, name, self._source)

    def remove(self, document_id: str) -> Path:
        """Take a document out of the corpus, and return where it is kept; see shelf.py."""
        if set(self._corpus.documents) <= {document_id}:
            raise CorpusError(f"{document_id} is the last document; add another one first.")
        return shelf.remove(document_id, self._source)

    def restore(self, file: Path) -> str:
        """Put a removed document back, and return its id; see shelf.py."""
        return shelf.restore(file, self._source)

    def refresh(self, anew: bool = False, progress: Progress | None = None) -> IndexReport:
        """Bring corpus and index up to date with the files; of no cost where none has changed.

        Args:
            anew: Whether all is to be embedded again, since the index is damaged.
            progress: Told how far it is; None has whatever is told of all slow work told of it.
        """
        with self._turn_to_index(progress or self._progress), self._reopening():
            if anew:
                self._edition = None
                self._index = self._open_empty_index(progress or self._progress)
            if (edition := self._current()) is None:
                return self._rebuild(progress).report
            return edition.report.model_copy(
                update={
                    "added": (),
                    "changed": (),
                    "removed": (),
                    "unchanged": tuple(edition.corpus.documents),
                    "embedded": 0,
                    "mended": False,
                }
            )

    def knock(self) -> None:
        """Return if what keeps the index answers; nothing is read, and in a folder it is there.

        Raises:
            StoreError: A Chroma server does not.
        """
        server = None if self._is_in_memory else chroma_server(self._settings)
        if server is not None:
            knock(server)

    def close(self) -> None:
        """Give back what the index takes in memory; whoever asks again has it made again.

        Raises:
            StoreError: Chroma cannot do that.
        """
        if self._is_in_memory:
            with self._indexing:
                index, self._index, self._edition = self._index, None, None
                if index is not None:
                    index.close()

    @contextmanager
    def _reopening(self) -> Iterator[None]:
        """Open the index anew after it has failed: somebody may have mended it by then."""
        try:
            yield
        except HeldIndexError:
            raise
        except StoreError:
            self._index = self._edition = None
            raise

    @contextmanager
    def _turn_to_index(self, progress: Progress) -> Iterator[None]:
        """Wait until no other thread is indexing, and have others wait meanwhile."""
        if not self._indexing.acquire(timeout=_PATIENCE):
            progress("Waiting for other documents to be indexed", None)
            self._indexing.acquire()
        try:
            yield
        finally:
            self._indexing.release()

    def _current(self) -> Edition | None:
        """Return the edition of the files as they are now, if there is one."""
        edition = self._edition
        return edition if edition is not None and edition.name == self.edition() else None

    def _latest(self) -> Edition:
        """Return the edition of the files as they are now, or the last; see `Library`."""
        if edition := self._current():
            return edition
        has_turn = self._indexing.acquire(timeout=_PATIENCE)
        if not has_turn and (edition := self._edition):
            return edition
        if not has_turn:
            self._indexing.acquire()
        try:
            return self._current() or self._rebuild()
        finally:
            self._indexing.release()

    def _instead_of(self, lost: Edition) -> Edition:
        """Return the edition of the files as they are now, for one whose index is gone."""
        with self._indexing:
            if self._edition is lost:  # else another question has seen to it
                self._edition = None
            return self._current() or self._rebuild()

    def _rebuild(self, progress: Progress | None = None) -> Edition:
        try:
            return self._build(progress or self._progress)
        except LostIndexError:
            self._index = None
            return self._build(progress or self._progress)

    def _build(self, progress: Progress) -> Edition:
        from onrecord.retrieve import Retriever

        name = self.edition()  # before they are read: what changes meanwhile is another edition
        corpus = load_corpus(self._source, self._corpus)
        index = self._index
        if index is None or index.embedder_id != embedder_id(self._settings):
            index = self._open_index(progress)
        report = index.sync(corpus, progress)
        edition = Edition(name, corpus, Retriever(corpus, index, index.embeddings), report)
        self._index, self._corpus, self._edition = index, corpus, edition
        index.sweep()
        return edition

    def _open_index(self, progress: Progress) -> Index:
        from onrecord.index import Index

        embedder = embedder_id(self._settings)
        embeddings = open_embeddings(self._settings, self._progress)
        if self._is_in_memory:
            return Index(embeddings, embedder, None, self._name)
        server = chroma_server(self._settings)
        return Index(embeddings, embedder, self._index_folder, self._name, server, progress)

    def _open_empty_index(self, progress: Progress) -> Index:
        """Return the index without its chunks; where Chroma cannot do that, its folder is emptied.

        The other corpora whose index is there make theirs again when they are asked.
        """
        from onrecord.index import remove_all

        try:
            index = self._open_index(progress)
            index.clear(self._corpus)
        except StoreError as error:
            is_damaged = not isinstance(error, BarredIndexError)
            if not is_damaged or self._is_in_memory or chroma_server(self._settings):
                raise
            remove_all(self._index_folder)
            return self._open_index(progress)
        return index

    @property
    def _is_in_memory(self) -> bool:
        return self._name.startswith(_IN_MEMORY)

    @property
    def _index_folder(self) -> Path:
        return self._settings.cache_dir / "index"


def _name_of(source: CorpusLike) -> str:
    """Name a corpus by where it is; documents that are given as values are kept in memory.

    The same values have another name each time, so that nobody takes away what others search.
    """
    items = [source] if isinstance(source, str | Path | Document) else list(source)
    if any(isinstance(item, Document) for item in items):
        return f"{_IN_MEMORY}-{uuid4().hex}"
    paths = sorted(str(Path(str(item)).resolve()) for item in items)
    return hashlib.sha256("\n".join(paths).encode()).hexdigest()[:16]
