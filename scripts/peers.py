"""What others document, on the same model, embedder and questions: for `scripts/bench.py`.

Each is written after its project's own guide and given no help of ours, so that what is measured
is what a reader of that guide would have.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from langchain_core.documents import Document as Chunk
from langchain_core.embeddings import Embeddings
from langchain_core.messages import HumanMessage, SystemMessage
from langchain_core.vectorstores import InMemoryVectorStore

from onrecord.models import LanguageModel
from onrecord.types import Document

SIZE, OVERLAP = 1000, 200  # characters of a chunk: what the guide's tutorial takes
NEAREST = 4
MAX_TOKENS = 400
SCHEMA = {
    "type": "object",
    "properties": {
        "answer": {"type": "string"},
        "citations": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"source_id": {"type": "integer"}, "quote": {"type": "string"}},
                "required": ["source_id", "quote"],
            },
        },
    },
    "required": ["answer", "citations"],
}
SYSTEM = (
    "Answer the question from the sources alone, and cite for each statement the id of the source "
    "and the words of it that justify the statement. If no source says, say that you do not know."
)


class LangChainGuide:
    """LangChain's guide to citations: the nearest chunks, and one structured answer with quotes.

    https://python.langchain.com/docs/how_to/qa_citations ("cite snippets").
    """

    name = "LangChain's citation guide"

    def __init__(
        self, documents: Sequence[Document], embeddings: Embeddings, model: LanguageModel
    ) -> None:
        self._model = model
        self._store = InMemoryVectorStore(embeddings)
        self._store.add_documents([chunk for each in documents for chunk in chunks_of(each)])

    def ask(self, question: str) -> str:
        """Return the answer, as JSON."""
        found = self._store.similarity_search(question, NEAREST)
        sources = "\n\n".join(
            f"Source ID: {number}\nTitle: {chunk.metadata['title']}\nSnippet: {chunk.page_content}"
            for number, chunk in enumerate(found)
        )
        asked = [SystemMessage(f"{SYSTEM}\n\n{sources}"), HumanMessage(question)]
        return "".join(self._model.stream_json(asked, SCHEMA, MAX_TOKENS))


def chunks_of(document: Document) -> Iterator[Chunk]:
    """Yield a document's pieces, each beginning a little before the last one's end."""
    starts = range(0, max(1, len(document.text) - OVERLAP), SIZE - OVERLAP)
    for start in starts:
        text = document.text[start : start + SIZE]
        yield Chunk(page_content=text, metadata={"title": document.title})
