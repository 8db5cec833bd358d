"""Question -> ranked `Evidence`: dense and lexical search, their standardised scores added up."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import bm25s
import numpy as np
from langchain_core.embeddings import Embeddings

from onrecord.corpus import Corpus
from onrecord.index import Chunk, Index, Kind, chunks_of
from onrecord.orders import is_order
from onrecord.portions import Portioner
from onrecord.types import EVERYTHING, Evidence, Scope, Sentence
from onrecord.words import stems

logging.getLogger("bm25s").setLevel(logging.NOTSET)  # it sets itself to DEBUG, whoever imports it

_DEPTH = 50
_LEXICAL_WEIGHT = 0.5  # of a word match, beside 1 for likeness in meaning
_KINDS: tuple[Kind, ...] = ("sentence", "window")


class Retriever:
    """Finds the sentences of a corpus that may answer a question.

    Those that give orders to whoever answers are left out; see orders.py.

    Args:
        corpus: The documents and their sentences.
        index: Their vectors, up to date.
        embeddings: What the vectors were made with.
    """

    def __init__(self, corpus: Corpus, index: Index, embeddings: Embeddings) -> None:
        self._corpus = corpus
        self._index = index
        self._embeddings = embeddings
        self._orders = {
            sentence
            for sentences in corpus.sentences.values()
            for sentence in sentences
            if is_order(corpus.documents[sentence.document_id].text[sentence.start : sentence.end])
        }
        chunks = [each for each in chunks_of(corpus) if each.sentence not in self._orders]
        self._sentences = [chunk.sentence for chunk in chunks if chunk.kind == "sentence"]
        self.portioner = Portioner(corpus, self._sentences, self.evidence)
        self._ids = {kind: [chunk.id for chunk in chunks if chunk.kind == kind] for kind in _KINDS}
        self._places = _places_by_id(self._ids.values())
        self._lexical = {
            kind: _Lexical([self._searchable(chunk) for chunk in chunks if chunk.kind == kind])
            for kind in _KINDS
        }

    def retrieve(self, question: str, k: int, scope: Scope = EVERYTHING) -> tuple[Evidence, ...]:
        """Return the `k` most promising sentences of what is asked about, best first.

        Raises:
            StoreError: Chroma cannot read its folder.
        """
        places = self._places_in(scope)
        if places == [] or not self._sentences:
            return ()
        vector = self._embeddings.embed_query(question)
        words = stems(question)
        dense = {kind: self._dense(vector, kind, places) for kind in _KINDS}
        lexical = {kind: self._lexical[kind].search(words, _DEPTH, places) for kind in _KINDS}
        fused = _fuse(
            [(1.0, dense[kind]) for kind in _KINDS]
            + [(_LEXICAL_WEIGHT, lexical[kind]) for kind in _KINDS]
        )
        similarity = dense["sentence"]
        best = sorted(fused, key=lambda place: (-fused[place], place))[:k]
        floor = min(similarity.values(), default=0.0)
        return tuple(
            self.evidence(self._sentences[place], fused[place], similarity.get(place, floor))
            for place in best
        )

    def _places_in(self, scope: Scope) -> list[int] | None:
        """Return the places of the sentences that are asked about; None where all are."""
        if scope == EVERYTHING:
            return None
        return [place for place, each in enumerate(self._sentences) if scope.covers(each)]

    def _dense(self, vector: list[float], kind: Kind, places: list[int] | None) -> dict[int, float]:
        ids = self._ids[kind]
        among = dict.fromkeys(ids if places is None else (ids[place] for place in places))
        found = self._places_of(self._index.search(vector, tuple(among), _DEPTH))
        if places is None:
            return found
        # One chunk stands for every sentence of its words: here, for those that are asked about.
        return {place: found[place] for place in places if place in found}

    def _searchable(self, chunk: Chunk) -> str:
        """A window is found by its document's title too; a sentence by its own words alone."""
        title = self._corpus.documents[chunk.sentence.document_id].title
        return f"{title} {chunk.text}" if chunk.kind == "window" else chunk.text

    def _places_of(self, found: Mapping[str, float]) -> dict[int, float]:
        return {place: score for key, score in found.items() for place in self._places.get(key, ())}

    def evidence(self, sentence: Sentence, score: float = 0.0, similarity: float = 0.0) -> Evidence:
        """Return a sentence as evidence; one that was not found has no score."""
        document = self._corpus.documents[sentence.document_id]
        before = self._corpus.before(sentence)
        is_context = sentence.index > 0 and before not in self._orders
        return Evidence(
            sentence=sentence,
            text=document.text[sentence.start : sentence.end],
            context=document.text[before.start : before.end] if is_context else "",
            title=document.title,
            score=score,
            similarity=similarity,
        )


class _Lexical:
    """BM25 over texts, by place."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._bm25 = bm25s.BM25()
        words = [stems(text) for text in texts]
        self._bm25.index(words or [[""]], show_progress=False)  # it cannot be of nothing

    def search(self, words: list[str], k: int, places: Sequence[int] | None) -> dict[int, float]:
        """Return the places and scores of the best `k` texts that share a word.

        Args:
            words: Stems to look for.
            k: How many, at most.
            places: Those that come into question; None is all.
        """
        if not words:
            return {}
        scores = self._bm25.get_scores(words)
        if places is not None:
            scores = np.where(np.isin(np.arange(len(scores)), places), scores, 0.0)
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


def _places_by_id(kinds: Iterable[Sequence[str]]) -> dict[str, list[int]]:
    """Map a chunk's id to the places of the sentences that it stands for.

    Args:
        kinds: For each kind of chunk, the id of each sentence's.
    """
    places: defaultdict[str, list[int]] = defaultdict(list)
    for ids in kinds:
        for place, key in enumerate(ids):
            places[key].append(place)
    return dict(places)
