"""Chunks -> embeddings -> Chroma. A chunk is named by its content, so nothing is embedded twice.

Bringing the index up to date is then a comparison of two sets of names: what the
corpus needs, and what Chroma has. An interrupted run is finished by the next one,
a removed document leaves with its chunks, and a renamed one costs nothing.

A Chroma server has one collection for everybody, and nothing is ever taken out of it: what this
corpus no longer has, another one may. So each searches among the chunks of its own corpus.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Literal

from langchain_core.embeddings import Embeddings
from pydantic import Field

from onrecord.alone import LONGEST, alone
from onrecord.corpus import Corpus
from onrecord.errors import BarredIndexError, HeldIndexError
from onrecord.files import write_whole
from onrecord.progress import Progress, silent
from onrecord.types import Document, Sentence, Value
from onrecord.vectors.opening import Opening
from onrecord.vectors.place import forget_folders, give_back, open_collection, talking_to
from onrecord.vectors.probe import can_be_read, ids_of
from onrecord.vectors.removal import remove_collections
from onrecord.vectors.server import ChromaServer
from onrecord.words import readable, well_formed

Kind = Literal["sentence", "window"]
"""A sentence alone, or with its neighbours (see docs/architecture.md for what each is worth)."""

CHUNKING = "1"
"""Goes into the collection's name: raise it when chunks are made another way."""

_BATCH = 128
_STEP = 32  # chunks that are embedded at once: two slow cores take seconds for them
_ASKED_FOR = 5000
_LOCK = "index.lock"


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
        mended: Whether all was made anew, since the last process that read the index ended so.
    """

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    skipped: Mapping[str, str] = Field(default_factory=dict)
    sentences: int = 0
    embedded: int = 0
    mended: bool = False


def chunks_of(corpus: Corpus) -> list[Chunk]:
    """Return two chunks for every sentence: itself, and itself between its neighbours."""
    chunks = []
    for key, sentences in corpus.sentences.items():
        document = corpus.documents[key]
        for sentence in sentences:
            chunks.append(_chunk("sentence", document, sentence, sentence, sentence))
            first = corpus.before(sentence)
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
        server: What keeps the vectors in place of the folder, which then notes the last run alone.
        progress: Told of another process that is waited for.

    Attributes:
        embeddings: As given: whatever is searched for is to be turned into a vector by the same.
        embedder_id: As given.

    Raises:
        HeldIndexError: Another process has been indexing for long.
        StoreError: Chroma cannot open the folder, or the server cannot be used.
        LeftError: Nobody waits for the index any more.
    """

    def __init__(
        self,
        embeddings: Embeddings,
        embedder_id: str,
        folder: Path | None,
        name: str,
        server: ChromaServer | None = None,
        progress: Progress = silent,
    ) -> None:
        own = f"onrecord-{name}-{embedder_id}-{CHUNKING}"
        everybodys = f"onrecord-{embedder_id}-{CHUNKING}"
        self.embeddings = embeddings
        self.embedder_id = embedder_id
        self._folder = folder
        self._manifest = folder / f"{own}.json" if folder else None
        self._server = server
        self._place = server or folder
        self._name = everybodys if server else own
        self._opening = Opening(folder / f"{own}.opening" if folder and not server else None)
        self._stale: tuple[str, ...] = ()
        # Two processes that make Chroma's tables, or a collection, bar each other's way.
        with _locked(None if server else folder, progress):
            self._store = open_collection(self._place, self._name, embeddings)

    def sync(self, corpus: Corpus, progress: Progress = silent) -> IndexReport:
        """Make Chroma hold the chunks of `corpus`.

        Others stay for who still searches among them, until `sweep`.

        Raises:
            LostIndexError: The collection is no longer there.
            HeldIndexError: Another process has been indexing for long.
            StoreError: Chroma cannot be read or written.
            LeftError: Nobody waits for the index any more.
        """
        wanted = {chunk.id: chunk for chunk in chunks_of(corpus)}
        with _locked(self._folder, progress), talking_to(self._place):
            damaged = self._opening.has_ended_a_process and not self._can_be_read(progress)
            if damaged:
                self._begin_again()
            with self._opening.marked():
                present = self._present(list(wanted))
            missing = [chunk for key, chunk in wanted.items() if key not in present]
            missing.sort(key=lambda chunk: len(chunk.text))  # a step is as slow as its longest text
            why = "The index had ended the process that read it, and is made anew. " * damaged
            new = len({chunk.sentence for chunk in missing})
            what = f"{why}Indexing {new:,} sentence{'s' * (new != 1)}"
            size, done = sum(len(chunk.text) for chunk in missing), 0
            for start in range(0, len(missing), _STEP):
                batch = missing[start : start + _STEP]
                progress(f"{what}: {new * done // size:,} done", done / size)
                self._add(batch)
                done += sum(len(chunk.text) for chunk in batch)
            self._stale = tuple(present - wanted.keys())
            report = self._report(corpus, embedded=len(missing), mended=damaged)
        if missing:
            progress(f"Indexed {report.sentences} sentences", 1.0)
        return report

    def sweep(self) -> None:
        """Take out what the last `sync` found and its corpus does not need; on a server, nothing.

        Raises:
            StoreError: Chroma cannot be written.
        """
        if self._stale:
            with _locked(self._folder), talking_to(self._place):
                self._delete(self._stale)
            self._stale = ()

    def clear(self, corpus: Corpus) -> None:
        """Take out the chunks of `corpus`, whatever state they are in; in a folder, all chunks.

        Raises:
            StoreError: Chroma cannot be written.
        """
        with _locked(self._folder), talking_to(self._place):
            if self._server is None:
                self._begin_again()
                return
            self._delete(tuple({chunk.id: None for chunk in chunks_of(corpus)}))

    def close(self) -> None:
        """Give back what it takes in memory; what is in a folder or on a server stays.

        Raises:
            StoreError: Chroma cannot do that.
        """
        give_back(self._place, self._name)

    def search(self, vector: Sequence[float], among: Sequence[str], k: int) -> dict[str, float]:
        """Return the `k` chunks that lie nearest: their ids and cosine, best first.

        Args:
            vector: What they are to be near to.
            among: The ids of the chunks that come into question, each once.
            k: How many, at most.

        Raises:
            LostIndexError: One of them is no longer there.
            StoreError: Chroma cannot be read.
        """
        # No filter beside the ids: Chroma then takes seconds for what takes it milliseconds.
        with talking_to(self._place):
            found = self._store.similarity_search_by_vector_with_relevance_scores(
                list(vector), k=k, ids=list(among)
            )
        return {chunk.id or "": 1.0 - distance for chunk, distance in found}

    def _present(self, wanted: Sequence[str]) -> set[str]:
        """Return the ids that Chroma has: on a server those of the wanted ones, else all."""
        if self._server is None:
            return self._readable()
        present: set[str] = set()
        for start in range(0, len(wanted), _ASKED_FOR):
            asked = list(wanted[start : start + _ASKED_FOR])
            present.update(self._store.get(asked, include=[])["ids"])
        return present

    def _readable(self) -> set[str]:
        """Return the ids of all chunks; none where Chroma cannot read its folder any more.

        Chroma writes its graph of vectors in place: a process that is killed just then leaves half
        a file. All is made again then, as the text of every chunk is known.
        """
        from chromadb.errors import InternalError

        try:
            return set(ids_of(self._store.get))
        except InternalError:
            self._begin_again()
            return set()

    def _can_be_read(self, progress: Progress) -> bool:
        """Tell whether the index is sound, though the process that read it last was ended then.

        Somebody may have ended that. To embed all again takes minutes, and this takes seconds.
        """
        if self._folder is None:
            return False
        progress("Looking whether the index is damaged", None)
        return can_be_read(self._folder, self._name)

    def _begin_again(self) -> None:
        """Have an empty collection; what Chroma has of this corpus is not read for that."""
        self._store.reset_collection()
        self._opening.forget()

    def _add(self, chunks: Sequence[Chunk]) -> None:
        self._store.add_texts(
            texts=[chunk.text for chunk in chunks],
            metadatas=[{"kind": chunk.kind} for chunk in chunks],
            ids=[chunk.id for chunk in chunks],
        )

    def _delete(self, ids: Sequence[str]) -> None:
        for start in range(0, len(ids), _BATCH):
            self._store.delete(list(ids[start : start + _BATCH]))

    def _report(self, corpus: Corpus, embedded: int, mended: bool) -> IndexReport:
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
            mended=mended,
        )


def remove_all(folder: Path) -> None:
    """Remove the indexes of all corpora from a folder that Chroma cannot use any more.

    Raises:
        BarredIndexError: What is in its way there is no index.
        StoreError: They cannot be removed.
    """
    forget_folders()
    with _locked(folder), talking_to(folder):
        if not remove_collections(folder):
            raise BarredIndexError(
                f"Chroma cannot use {folder}, and nothing in it is an index that could be made "
                "again. Move away what is there, or name another folder with ONRECORD_CACHE_DIR."
            )


def corpus_size(corpus: Corpus) -> int:
    """Return how many sentences a corpus has."""
    return sum(len(sentences) for sentences in corpus.sentences.values())


@contextmanager
def _locked(folder: Path | None, progress: Progress = silent) -> Iterator[None]:
    """One process of this machine writes at a time; what is in memory is its process's own."""
    if folder is None:
        yield
        return
    word = "Waiting for another onrecord to be done with indexing"
    too_long = HeldIndexError(
        f"Another onrecord has been indexing into {folder} for {LONGEST / 60:.0f} minutes. "
        "Do this again when it is done, or end it: the next one finishes what it has begun."
    )
    with ExitStack() as held:
        with talking_to(folder):
            folder.mkdir(parents=True, exist_ok=True)
            held.enter_context(alone(folder / _LOCK, word, too_long, progress))
        yield


def _chunk(
    kind: Kind, document: Document, sentence: Sentence, first: Sentence, last: Sentence
) -> Chunk:
    text = readable(well_formed(document.text[first.start : last.end]))
    return Chunk(kind=kind, text=text, sentence=sentence)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _read_manifest(path: Path | None) -> Mapping[str, str]:
    """Return the hashes of the last run; it only serves the report, so a lost one is no loss."""
    if path is None:
        return {}
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return manifest if isinstance(manifest, dict) else {}


def _write_manifest(path: Path, manifest: Mapping[str, str]) -> None:
    write_whole(path, json.dumps(manifest, indent=1))
