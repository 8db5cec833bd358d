"""Question -> ranked `Evidence`: dense and lexical search, their standardised scores added up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import bm25s
import numpy as np
from langchain_core.embeddings import Embeddings

from onrecord.corpus import Corpus
from onrecord.index import Chunk, Index, Kind, chunks_of
from onrecord.types import Evidence, Sentence
from onrecord.words import leans, stems

_DEPTH = 50
_LEXICAL_WEIGHT = 0.5  # of a word match, beside 1 for likeness in meaning
_KINDS: tuple[Kind, ...] = ("sentence", "window")
_SHORT_CORPUS = 10_000  # characters, some 2,500 tokens: what a reader takes in at once


class Retriever:
    """Finds the sentences of a corpus that may answer a question.

    Args:
        corpus: The documents and their sentences.
        index: Their vectors, up to date.
        embeddings: What the vectors were made with.
    """

    def __init__(self, corpus: Corpus, index: Index, embeddings: Embeddings) -> None:
        self._corpus = corpus
        self._index = index
        self._embeddings = embeddings
        chunks = chunks_of(corpus)
        self._sentences = [chunk.sentence for chunk in chunks if chunk.kind == "sentence"]
        self._length = sum(len(document.text) for document in corpus.documents.values())
        self._places = _places_by_chunk(chunks)
        self._lexical = {
            kind: _Lexical([self._searchable(chunk) for chunk in chunks if chunk.kind == kind])
            for kind in _KINDS
        }

    def retrieve(self, question: str, k: int) -> tuple[Evidence, ...]:
        """Return the `k` most promising sentences, best first.

        Raises:
            StoreError: Chroma cannot read its folder.
        """
        vector = self._embeddings.embed_query(question)
        words = stems(question)
        dense = {kind: self._places_of(self._index.search(vector, kind, _DEPTH)) for kind in _KINDS}
        lexical = {kind: self._lexical[kind].search(words, _DEPTH) for kind in _KINDS}
        fused = _fuse(
            [(1.0, dense[kind]) for kind in _KINDS]
            + [(_LEXICAL_WEIGHT, lexical[kind]) for kind in _KINDS]
        )
        similarity = dense["sentence"]
        best = sorted(fused, key=lambda place: (-fused[place], place))[:k]
        floor = min(similarity.values(), default=0.0)
        return tuple(
            self._evidence(place, fused[place], similarity.get(place, floor)) for place in best
        )

    def around(self, found: Sequence[Evidence], most: int) -> tuple[Evidence, ...]:
        """Return what was found and what helps to understand it, `most` sentences at most.

        That is every sentence of a corpus that has no more and is short, and else the sentence
        before each one that leans on it. What was not found has no score.
        """
        sentences = self._sentences
        if len(sentences) > most or self._length > _SHORT_CORPUS:
            sentences = [self._before(item.sentence) for item in found if leans(item.text)]
        known = {item.sentence for item in found}
        new = dict.fromkeys(each for each in sentences if each not in known)
        more = [self._make_evidence(each, 0.0, 0.0) for each in new]
        return (*found, *more)[:most]

    def _before(self, sentence: Sentence) -> Sentence:
        return self._corpus.sentences[sentence.document_id][max(0, sentence.index - 1)]

    def _searchable(self, chunk: Chunk) -> str:
        """A window is found by its document's title too; a sentence by its own words alone."""
        title = self._corpus.documents[chunk.sentence.document_id].title
        return f"{title} {chunk.text}" if chunk.kind == "window" else chunk.text

    def _places_of(self, found: Mapping[str, float]) -> dict[int, float]:
        return {place: score for key, score in found.items() for place in self._places.get(key, ())}

    def _evidence(self, place: int, score: float, similarity: float) -> Evidence:
        return self._make_evidence(self._sentences[place], score, similarity)

    def _make_evidence(self, sentence: Sentence, score: float, similarity: float) -> Evidence:
        document = self._corpus.documents[sentence.document_id]
        before = self._before(sentence)
        context = document.text[before.start : before.end] if sentence.index else ""
        return Evidence(
            sentence=sentence,
            text=document.text[sentence.start : sentence.end],
            context=context,
            title=document.title,
            score=score,
            similarity=similarity,
        )


class _Lexical:
    """BM25 over texts, by place."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._bm25 = bm25s.BM25()
        self._bm25.index([stems(text) for text in texts], show_progress=False)

    def search(self, words: list[str], k: int) -> dict[int, float]:
        """Return the places and scores of the best `k` texts that share a word."""
        if not words:
            return {}
        scores = self._bm25.get_scores(words)
        best = np.argsort(-scores, kind="stable")[:k]
        return {int(place): float(scores[place]) for place in best if scores[place] > 0}


def _fuse(searches: Sequence[tuple[float, Mapping[int, float]]]) -> dict[int, float]:
    """Add up weighted scores, each search's own brought to mean 0 and deviation 1.

    What a search did not find has, for that search, the score of the worst that it found.
    """
    pool = sorted({place for _, found in searches for place in found})
    total = np.zeros(len(pool))
    for weight, found in searches:
        floor = 0.0 if not found else min(found.values())
        scores = np.array([found.get(place, floor) for place in pool])
        if scores.size and (deviation := scores.std()) > 0:
            total += weight * (scores - scores.mean()) / deviation
    return dict(zip(pool, total.tolist(), strict=True))


def _places_by_chunk(chunks: Iterable[Chunk]) -> dict[str, list[int]]:
    """Map a chunk's id to the places of the sentences that it stands for."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    counts = dict.fromkeys(_KINDS, 0)
    for chunk in chunks:
        places[chunk.id].append(counts[chunk.kind])
        counts[chunk.kind] += 1
    return dict(places)
