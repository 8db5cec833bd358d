"""An index in Chroma that is brought up to date, and killed on the way."""

from __future__ import annotations

import hashlib
from pathlib import Path

from langchain_core.embeddings import Embeddings

from onrecord.corpus import Corpus, load_corpus
from onrecord.index import Index, chunks_of
from onrecord.types import Document
from tests.faults.killing import Said, Scenario

# Chroma writes its graph of vectors to files at each thousandth chunk: that has to come up.
_DOCUMENTS = 10
_SENTENCES = 55


class Hashed(Embeddings):
    """A text -> a vector that no other text has, at no cost."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        return [byte - 127.5 for byte in hashlib.sha512(text.encode()).digest()]


def work(folder: Path, said: Said, number: int) -> None:
    """Index a corpus, and then another that has lost one document and won one."""
    for version in (number, number + 1):
        corpus = corpus_of_version(version)
        said.begin(f"version {version}")
        index = open_index(folder)
        index.sync(corpus)
        index.sweep()
        said.done(f"version {version}")


def check(folder: Path, said: Said, number: int) -> list[str]:
    """Index the first corpus again: Chroma has its chunks then, no others, and finds them."""
    corpus, index, lost = corpus_of_version(number), open_index(folder), []
    index.sync(corpus)
    index.sweep()
    wanted = {chunk.id: chunk for chunk in chunks_of(corpus)}
    there = set(index._store.get(include=[])["ids"])
    if there != wanted.keys():
        lost.append(
            f"{len(wanted.keys() - there)} chunks missing, {len(there - wanted.keys())} odd"
        )
    for chunk in list(wanted.values())[:: len(wanted) // 20]:
        found = index.search(Hashed().embed_query(chunk.text), tuple(wanted), 50)
        if not found or max(found.values()) < 0.999 or not found.keys() <= wanted.keys():
            lost.append(f"{chunk.text!r} is not found")
    return lost


def open_index(folder: Path) -> Index:
    """Open the index in a folder."""
    return Index(Hashed(), "fake", folder / "index", "faults")


def corpus_of_version(version: int) -> Corpus:
    """Return a corpus: of two that follow each other, all documents but one are the same."""
    return load_corpus([_document(number) for number in range(version, version + _DOCUMENTS)])


def _document(number: int) -> Document:
    text = " ".join(
        f"Report {number} of line {line} tells of ship {number * line} near port {line % 7}."
        for line in range(_SENTENCES)
    )
    return Document(id=f"{number}.txt", title=f"Report {number}", text=text)


INDEXING = Scenario("indexing into Chroma", work, check, ("chromadb", "langchain_chroma"), 3, 12)
