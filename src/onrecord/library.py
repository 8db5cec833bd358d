"""A corpus and its index, kept in step with the files: what questions are asked of."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from onrecord import shelf
from onrecord.corpus import Corpus, CorpusLike, fingerprint, load_corpus
from onrecord.errors import BarredIndexError, CorpusError, LostIndexError, StoreError
from onrecord.models.embedder import embedder_id, open_embeddings
from onrecord.parts import merge
from onrecord.progress import Progress
from onrecord.settings import Settings
from onrecord.types import EVERYTHING, Document, Evidence, Scope, Sentence, Value
from onrecord.vectors.client import knock
from onrecord.vectors.server import chroma_server
from onrecord.vocabulary import Vocabulary

if TYPE_CHECKING:
    from onrecord.index import Index, IndexReport
    from onrecord.retrieve import Retriever

_IN_MEMORY = "memory"


class Found(Value):
    """What a question has brought up.

    Attributes:
        candidates: The most promising sentences, best first.
        portions: Those, and what helps to understand them, in the portions in which they are read:
            the second only where the first does not settle the question.
        begins_whole: Whether the first portion is a whole text, which others are shown too.
        stretches: Where it is none: of each sentence in the portions, what stands around it.
    """

    candidates: tuple[Evidence, ...]
    portions: tuple[tuple[Evidence, ...], ...]
    begins_whole: bool = False
    stretches: tuple[tuple[Evidence, ...], ...] = ()


class Library:
    """Reads the corpus at once, and opens embedder and index at the first need.

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
        self._lock = threading.RLock()
        self._seen = fingerprint(source)
        self._corpus: Corpus = load_corpus(source)
        self._index: Index | None = None
        self._retriever: Retriever | None = None
        self._report: IndexReport | None = None
        self._known: Vocabulary | None = None

    @property
    def documents(self) -> tuple[Document, ...]:
        """The documents, in the order of their ids."""
        return tuple(self._corpus.documents.values())

    @property
    def size(self) -> tuple[int, int]:
        """How many documents there are, and how many sentences."""
        corpus = self._corpus
        return len(corpus.documents), sum(len(found) for found in corpus.sentences.values())

    def sentences(self, document_id: str) -> tuple[Sentence, ...]:
        """The sentences of a document, in order."""
        return self._corpus.sentences[document_id]

    def edition(self) -> str:
        """Return what is another as soon as a file of the corpus is."""
        return hashlib.sha256(repr(fingerprint(self._source)).encode()).hexdigest()

    def correct(self, question: str) -> str:
        """Return a question with its slips put right, by the words of the corpus."""
        return self._vocabulary().correct(question)

    def strangers(self, question: str) -> tuple[str, ...]:
        """Return the names and numbers of a question that the corpus does not know."""
        return self._vocabulary().strangers(question)

    def retrieve(
        self, queries: Sequence[str], k: int, most: int, scope: Scope = EVERYTHING
    ) -> Found:
        """Return the most promising sentences; files that have changed are read first.

        Args:
            queries: What to search for.
            k: How many sentences are candidates.
            most: How many a reader is shown, at most, in all portions.
            scope: What is asked about.

        Raises:
            CorpusError, StoreError, WeightsError: There is nothing to search, or to search with.
        """
        with self._reopening():
            with self._lock:
                retriever = self._up_to_date()
            try:
                return _found(retriever, queries, k, most, scope)
            except LostIndexError:  # by a server that was started again without its data
                return _found(self._anew(retriever), queries, k, most, scope)

    def glance(self, queries: Sequence[str], k: int, scope: Scope) -> tuple[Evidence, ...]:
        """Return the most promising sentences, or none where they would have to be waited for.

        Args:
            queries: What to search for.
            k: How many sentences.
            scope: What is asked about.

        Raises:
            StoreError: Chroma cannot be read.
        """
        if not self._lock.acquire(blocking=False):
            return ()  # files are being read and embedded
        try:
            retriever = self._current()
        finally:
            self._lock.release()
        return _candidates(retriever, queries, k, scope) if retriever else ()

    def whole_texts(self, most: int) -> tuple[Scope, ...]:
        """Return what a reader is shown whole; see portions.py."""
        with self._lock, self._reopening():
            return self._up_to_date().portioner.whole_texts(most)

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
        with self._lock, self._reopening():
            if anew:
                self._index, self._retriever = self._open_empty_index(), None
            if self._current() is None or self._report is None:
                return self._rebuild(progress)[0]
            return self._report.model_copy(
                update={
                    "added": (),
                    "changed": (),
                    "removed": (),
                    "unchanged": tuple(self._corpus.documents),
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

    @contextmanager
    def _reopening(self) -> Iterator[None]:
        """Open the index anew after it has failed: somebody may have mended it by then."""
        try:
            yield
        except StoreError:
            self._index = self._retriever = None
            raise

    def _current(self) -> Retriever | None:
        """Return what answers for the files as they are now, if anything does."""
        return self._retriever if fingerprint(self._source) == self._seen else None

    def _up_to_date(self) -> Retriever:
        """Return what answers for the files as they are now."""
        return self._current() or self._rebuild()[1]

    def _anew(self, lost: Retriever) -> Retriever:
        """Return what answers in the place of a retriever whose index is gone."""
        with self._lock:
            if self._retriever is lost:  # else another question has seen to it
                self._retriever = None
            return self._up_to_date()

    def _rebuild(self, progress: Progress | None = None) -> tuple[IndexReport, Retriever]:
        try:
            return self._build(progress or self._progress)
        except LostIndexError:
            self._index = None
            return self._build(progress or self._progress)

    def _build(self, progress: Progress) -> tuple[IndexReport, Retriever]:
        from onrecord.retrieve import Retriever

        seen = fingerprint(self._source)
        corpus = load_corpus(self._source)
        embeddings = open_embeddings(self._settings, self._progress)
        index = self._index or self._open_index()
        report = index.sync(corpus, progress)
        retriever = Retriever(corpus, index, embeddings)
        self._index, self._corpus, self._seen = index, corpus, seen
        self._retriever, self._report, self._known = retriever, report, None
        return report, retriever

    def _vocabulary(self) -> Vocabulary:
        with self._lock:
            if self._known is None:
                texts = (f"{document.title}\n{document.text}" for document in self.documents)
                self._known = Vocabulary(texts)
            return self._known

    def _open_index(self) -> Index:
        from onrecord.index import Index

        embeddings = open_embeddings(self._settings, self._progress)
        name, embedder = _name_of(self._source), embedder_id(self._settings)
        if self._is_in_memory:
            return Index(embeddings, embedder, None, name)
        server = chroma_server(self._settings)
        return Index(embeddings, embedder, self._index_folder, name, server)

    def _open_empty_index(self) -> Index:
        """Return the index without its chunks; where Chroma cannot do that, its folder is emptied.

        The other corpora whose index is there make theirs again when they are asked.
        """
        from onrecord.index import remove_all

        try:
            index = self._open_index()
            index.clear(self._corpus)
        except StoreError as error:
            is_damaged = not isinstance(error, BarredIndexError)
            if not is_damaged or self._is_in_memory or chroma_server(self._settings):
                raise
            remove_all(self._index_folder)
            return self._open_index()
        return index

    @property
    def _is_in_memory(self) -> bool:
        return _name_of(self._source).startswith(_IN_MEMORY)

    @property
    def _index_folder(self) -> Path:
        return self._settings.cache_dir / "index"


def _found(retriever: Retriever, queries: Sequence[str], k: int, most: int, scope: Scope) -> Found:
    candidates = _candidates(retriever, queries, k, scope)
    portions = retriever.portioner.portions(candidates, most, scope)
    return Found(
        candidates=candidates,
        portions=portions.each,
        begins_whole=portions.begin_whole,
        stretches=portions.stretches,
    )


def _candidates(
    retriever: Retriever, queries: Sequence[str], k: int, scope: Scope
) -> tuple[Evidence, ...]:
    return merge([retriever.retrieve(query, k, scope) for query in queries])[:k]


def _name_of(source: CorpusLike) -> str:
    """Name a corpus by where it is; documents that are given as values are kept in memory."""
    items = [source] if isinstance(source, str | Path | Document) else list(source)
    if any(isinstance(item, Document) for item in items):
        return f"{_IN_MEMORY}-{id(source):x}"
    paths = sorted(str(Path(str(item)).resolve()) for item in items)
    return hashlib.sha256("\n".join(paths).encode()).hexdigest()[:16]
