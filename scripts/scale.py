"""How does it scale? `python scripts/scale.py` indexes and searches, and asks no model.

Prints how fast sentences are indexed beside the embedder by itself, and then, for 10,000 documents
of ten sentences each: how long a first search waits that finds all of it indexed, how long a search
takes, and how long one waits after one document has changed.

To embed so many takes hours, so there the vectors are made of the words' hashes; all else is what
runs for you. `--documents` takes another number of them.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from unittest.mock import patch

import numpy as np
from bench import machine, row
from langchain_core.embeddings import Embeddings
from memory import kibibytes
from paragraphs import write

from onrecord.corpus import load_corpus
from onrecord.index import chunks_of
from onrecord.library import Library
from onrecord.models.embedder import open_embeddings
from onrecord.progress import silent
from onrecord.settings import Settings

PARAGRAPHS, SENTENCES = 40, 10
SEARCHES, CHANGES = 100, 5
CANDIDATES, MOST = 8, 40
WORDS = [f"{a}{b}{c}" for a in "bdfgklmnprst" for b in "aeiou" for c in ("lan", "rim", "vost")]


class Hashed(Embeddings):
    """Vectors in which texts that share words lie near one another, of 768 numbers as ours are."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return the sum of a random vector for each word, of length 1."""
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of one text."""
        added = np.sum([_vector(word) for word in text.lower().split()], axis=0)
        return list((added / np.linalg.norm(added)).astype(float))


@cache
def _vector(word: str) -> np.ndarray:
    return np.random.default_rng(zlib.crc32(word.encode())).normal(size=768)


def sentence(dice: random.Random) -> str:
    """Return a sentence of words that there are none of."""
    return f"{' '.join(dice.choices(WORDS, k=12)).capitalize()} {dice.randrange(10**6)}."


def write_documents(folder: Path, number: int) -> None:
    """Write documents of ten sentences each into a folder, a hundred to a sub-folder."""
    dice = random.Random(1)  # noqa: S311
    for place in range(number):
        file = folder / str(place // 100) / f"{place}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(" ".join(sentence(dice) for _ in range(SENTENCES)), encoding="utf-8")


def seconds(work: Callable[[], object]) -> float:
    """Return how long something takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def indexing(settings: Settings, folder: Path, embeddings: Embeddings) -> str:
    """Return how fast sentences are indexed, beside the embedder by itself."""
    write(folder, PARAGRAPHS)
    library = Library(folder, settings, silent)
    sentences = _count(library)
    texts = sorted({chunk.text for chunk in chunks_of(load_corpus(folder))}, key=len)
    embeddings.embed_documents(texts[:8])  # the first ones wait for its start
    bare, whole = [], []
    for _ in range(3):
        bare.append(seconds(lambda: embeddings.embed_documents(texts)))
        whole.append(seconds(lambda: library.refresh(anew=True)))
    per_second = len(texts) / statistics.median(whole)
    share = statistics.median(bare) / statistics.median(whole)
    return (
        f"Indexing {len(texts)} chunks of {sentences} sentences: {per_second:.1f} a second, "
        f"{share:.2f} of the embedder's own speed.\n"
    )


def many(settings: Settings, folder: Path, number: int) -> str:
    """Return how long searches wait where there are many documents."""
    write_documents(folder, number)
    dice = random.Random(2)  # noqa: S311
    search = _search(Library(folder, settings, silent), dice)
    made = seconds(search)
    began = time.perf_counter()
    library = Library(folder, settings, silent)
    _search(library, dice)()
    start = time.perf_counter() - began
    searches = [seconds(_search(library, dice)) for _ in range(SEARCHES)]
    changes = []
    for place in range(CHANGES):
        file = folder / "0" / f"{place}.txt"
        file.write_text(f"{file.read_text(encoding='utf-8')} {sentence(dice)}", encoding="utf-8")
        changes.append(seconds(_search(library, dice)))
    documents, sentences = len(library.corpus.documents), _count(library)
    resident = kibibytes("VmRSS", "self") or 0
    size = f"{documents:,} documents, {sentences:,} sentences"
    return "\n".join(
        [
            f"\n### {size}, indexed in {made:.0f} seconds\n",
            "| seconds | median | 5% to 95% | n |\n|-|-|-|-|",
            row("read the corpus, and the first search", [start]),
            row("a search", searches),
            row("a search after one document has changed", changes),
            f"\nResident: {resident / 1e6:.2f} GB\n",
        ]
    )


def _count(library: Library) -> int:
    return sum(map(len, library.corpus.sentences.values()))


def _search(library: Library, dice: random.Random) -> Callable[[], object]:
    question: Sequence[str] = [" ".join(dice.choices(WORDS, k=8))]
    return lambda: library.consult(lambda edition: edition.find(question, CANDIDATES, MOST))


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=10_000, help="with vectors of hashes")
    number = parser.parse_args().documents
    sys.stdout.write(f"{machine()}\n\n")
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(cache_dir=Path(folder) / "cache")
        embeddings = open_embeddings(Settings())
        with patch("onrecord.library.open_embeddings", lambda *_: embeddings):
            sys.stdout.write(indexing(settings, Path(folder) / "few", embeddings))
        sys.stdout.flush()
        with patch("onrecord.library.open_embeddings", lambda *_: Hashed()):
            sys.stdout.write(many(settings, Path(folder) / "many", number))


if __name__ == "__main__":
    main()
