"""Chunks -> embeddings -> Chroma. A chunk is named by its content, so nothing is embedded twice.

Bringing the index up to date is then a comparison of two sets of names: what the
corpus needs, and what Chroma has. An interrupted run is finished by the next one,
a removed document leaves with its chunks, and a renamed one costs nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from filelock import FileLock
from langchain_core.embeddings import Embeddings
from pydantic import Field

from onrecord.corpus import Corpus
from onrecord.errors import StoreError
from onrecord.files import write_whole
from onrecord.progress import Progress, silent
from onrecord.types import Document, Sentence, Value
from onrecord.words import well_formed

if TYPE_CHECKING:
    from langchain_chroma import Chroma

Kind = Literal["sentence", "window"]
"""A sentence alone, or with its neighbours (see docs/architecture.md for what each is worth)."""

CHUNKING = "1"
"""Goes into the collection's name: raise it when chunks are made another way."""

_BATCH = 128


class Chunk(Value):
    """A text that is embedded, and the sentence that it stands for."""

    kind: Kind
    text: str
    sentence: Sentence

    @property
    def id(self) -> str:
        """Its name in Chroma: its kind and a hash of its text."""
        digest = hashlib.sha256(self.text.encode("utf-8", "replace")).hexdigest()
        return f"{self.kind}:{digest[:40]}"


class IndexReport(Value):
    """What bringing the index up to date did.

    Attributes:
        added: Ids of documents that are new.
        changed: Ids of documents whose text is another than before.
        removed: Ids of documents that are gone.
        unchanged: Ids of documents that are as they were.
        skipped: Why a file could not be read, by its path.
        sentences: Sentences in the index.
        embedded: Chunks that had to be embedded.
    """

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    skipped: Mapping[str, str] = Field(default_factory=dict)
    sentences: int = 0
    embedded: int = 0


def chunks_of(corpus: Corpus) -> list[Chunk]:
    """Return two chunks for every sentence: itself, and itself between its neighbours."""
    chunks = []
    for key, sentences in corpus.sentences.items():
        document = corpus.documents[key]
        for sentence in sentences:
            chunks.append(_chunk("sentence", document, sentence, sentence, sentence))
            first = sentences[max(0, sentence.index - 1)]
            last = sentences[min(len(sentences) - 1, sentence.index + 1)]
            chunks.append(_chunk("window", document, sentence, first, last))
    return chunks


class Index:
    """The vectors of one corpus, in Chroma, through LangChain's vector store.

    Args:
        embeddings: What turns a text into a vector.
        embedder_id: Names the embedder's weights; another one begins another collection.
        folder: Where Chroma keeps its files; None keeps them in memory.
        name: Names the corpus within the folder.

    Raises:
        StoreError: Chroma cannot open the folder.
    """

    def __init__(
        self, embeddings: Embeddings, embedder_id: str, folder: Path | None, name: str
    ) -> None:
        self._embeddings = embeddings
        self._folder = folder
        collection = f"onrecord-{name}-{embedder_id}-{CHUNKING}"
        self._manifest = folder / f"{collection}.json" if folder else None
        with self._talking_to_chroma():
            self._store = _open_store(embeddings, folder, collection)

    def sync(self, corpus: Corpus, progress: Progress = silent) -> IndexReport:
        """Make Chroma hold the chunks of `corpus`, and no others.

        Raises:
            StoreError: Chroma cannot read or write its folder.
        """
        wanted = {chunk.id: chunk for chunk in chunks_of(corpus)}
        with self._talking_to_chroma(), self._locked():
            present = self._present()
            missing = [chunk for key, chunk in wanted.items() if key not in present]
            for start in range(0, len(missing), _BATCH):
                progress(f"Indexing {corpus_size(corpus)} sentences", start / len(missing))
                self._add(missing[start : start + _BATCH])
            stale = list(present - wanted.keys())
            for start in range(0, len(stale), _BATCH):
                self._store.delete(stale[start : start + _BATCH])
            report = self._report(corpus, embedded=len(missing))
        if missing:
            progress(f"Indexed {report.sentences} sentences", 1.0)
        return report

    def search(
        self, vector: Sequence[float], kind: Kind, k: int, among: Sequence[str] | None = None
    ) -> dict[str, float]:
        """Return the `k` chunks of a kind that lie nearest: their ids and cosine, best first.

        Args:
            vector: What they are to be near to.
            kind: Which of the two kinds of chunk.
            k: How many, at most.
            among: The ids of the chunks that come into question; None is all.

        Raises:
            StoreError: Chroma cannot read its folder.
        """
        with self._talking_to_chroma():
            found = self._store.similarity_search_by_vector_with_relevance_scores(
                list(vector),
                k=k,
                filter={"kind": kind},
                ids=None if among is None else list(among),
            )
        return {chunk.id or "": 1.0 - distance for chunk, distance in found}

    def _present(self) -> set[str]:
        """Return the ids of the chunks that Chroma has; none where it cannot read them any more.

        Chroma writes its graph of vectors in place: a process that is killed just then leaves half
        a file. All is made again then, as the text of every chunk is known.
        """
        from chromadb.errors import InternalError

        try:
            ids: list[str] = self._store.get(include=[])["ids"]
            self._store.get(ids[:1] or None, limit=1, include=["embeddings"])  # of another file
        except InternalError:
            self._store.reset_collection()
            return set()
        return set(ids)

    def _add(self, chunks: Sequence[Chunk]) -> None:
        self._store.add_texts(
            texts=[chunk.text for chunk in chunks],
            metadatas=[{"kind": chunk.kind} for chunk in chunks],
            ids=[chunk.id for chunk in chunks],
        )

    def _report(self, corpus: Corpus, embedded: int) -> IndexReport:
        """Compare the documents with those of the last run, and remember these."""
        now = {key: _digest(document.text) for key, document in corpus.documents.items()}
        before = _read_manifest(self._manifest)
        if self._manifest and before != now:
            _write_manifest(self._manifest, now)
        return IndexReport(
            added=tuple(key for key in now if key not in before),
            changed=tuple(key for key in now if before.get(key, now[key]) != now[key]),
            removed=tuple(key for key in before if key not in now),
            unchanged=tuple(key for key in now if before.get(key) == now[key]),
            skipped=corpus.skipped,
            sentences=corpus_size(corpus),
            embedded=embedded,
        )

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One process writes at a time; an index in memory is its process's own."""
        if self._folder is None:
            yield
            return
        with FileLock(self._folder / "index.lock"):
            yield

    @contextmanager
    def _talking_to_chroma(self) -> Iterator[None]:
        from chromadb.errors import ChromaError

        try:
            yield
        except (ChromaError, OSError, ValueError, RuntimeError) as error:
            _forget_folders()
            raise StoreError(
                f"The index in {self._folder or 'memory'} cannot be used ({error}). "
                "It holds nothing that cannot be made again: check that the disk is not full "
                "and the folder is yours, delete the folder, and run `onrecord index`."
            ) from error


def corpus_size(corpus: Corpus) -> int:
    """Return how many sentences a corpus has."""
    return sum(len(sentences) for sentences in corpus.sentences.values())


def _chunk(
    kind: Kind, document: Document, sentence: Sentence, first: Sentence, last: Sentence
) -> Chunk:
    text = well_formed(document.text[first.start : last.end])
    return Chunk(kind=kind, text=text, sentence=sentence)


def _open_store(embeddings: Embeddings, folder: Path | None, collection: str) -> Chroma:
    import chromadb
    from chromadb.config import Settings as ChromaSettings
    from langchain_chroma import Chroma

    quiet = ChromaSettings(anonymized_telemetry=False)
    if folder is None:
        client = chromadb.EphemeralClient(settings=quiet)
    else:
        folder.mkdir(parents=True, exist_ok=True)
        client = chromadb.PersistentClient(path=str(folder), settings=quiet)
    return Chroma(
        collection_name=collection,
        embedding_function=embeddings,
        client=client,
        collection_configuration={"hnsw": {"space": "cosine"}},
    )


def _forget_folders() -> None:
    """Have Chroma open its folders anew: it would go on with what it has opened, or failed to."""
    from chromadb.api.shared_system_client import SharedSystemClient

    SharedSystemClient.clear_system_cache()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _read_manifest(path: Path | None) -> Mapping[str, str]:
    """Return the hashes of the last run; it only serves the report, so a lost one is no loss."""
    if path is None or not path.exists():
        return {}
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return manifest if isinstance(manifest, dict) else {}


def _write_manifest(path: Path, manifest: Mapping[str, str]) -> None:
    write_whole(path, json.dumps(manifest, indent=1))
