"""The documents as they were at one time, with all that a question about them needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from onrecord.corpus import Corpus
from onrecord.parts import merge
from onrecord.portions import Found, worth_reading
from onrecord.types import EVERYTHING, Document, Evidence, Scope
from onrecord.vocabulary import Vocabulary

if TYPE_CHECKING:
    from onrecord.index import IndexReport
    from onrecord.retrieve import Retriever


@dataclass(frozen=True)
class Edition:
    """A corpus and its index, which belong together and stay as they are.

    A question is asked of one edition from its beginning to its end, whatever becomes of the files
    meanwhile.

    Attributes:
        name: What was another as soon as a file was.
        corpus: The documents and their sentences.
        retriever: Searches them.
        report: What making the index did.
    """

    name: str
    corpus: Corpus
    retriever: Retriever
    report: IndexReport

    @property
    def documents(self) -> tuple[Document, ...]:
        """The documents, in the corpus's order."""
        return tuple(self.corpus.documents.values())

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The words of the documents."""
        return Vocabulary(f"{document.title}\n{document.text}" for document in self.documents)

    def find(self, queries: Sequence[str], k: int, most: int, scope: Scope = EVERYTHING) -> Found:
        """Return the most promising sentences.

        Args:
            queries: What to search for.
            k: How many sentences are candidates.
            most: How many a reader is shown, at most, in all portions.
            scope: What is asked about.

        Raises:
            LostIndexError: The index has not all of their chunks any more.
            StoreError: Chroma cannot be read.
        """
        searches = self._searches(queries, k, scope)
        to_read = merge([worth_reading(search) for search in searches])[:k]
        found = self.retriever.portioner.portions(to_read, most, scope)
        return found.model_copy(update={"candidates": merge(searches)[:k]})

    def glance(self, queries: Sequence[str], k: int, scope: Scope) -> tuple[Evidence, ...]:
        """Return the `k` most promising sentences, best first; else as `find`."""
        return merge(self._searches(queries, k, scope))[:k]

    def _searches(
        self, queries: Sequence[str], k: int, scope: Scope
    ) -> Sequence[Sequence[Evidence]]:
        return [self.retriever.retrieve(query, k, scope) for query in queries]
