"""What programs are shown of the corpus: its documents, and single sentences of them."""

from __future__ import annotations

from onrecord.assistant import Assistant
from onrecord.errors import OnrecordError
from onrecord.types import Document, Sentence, Value

MOST_FOUND = 50
"""Sentences that a search may be asked for."""


class NotFoundError(OnrecordError):
    """There is no such document, or no such sentence in it."""

    kind = "not_found"


class DocumentEntry(Value):
    """A document in a list.

    Attributes:
        id: What citations name it by.
        title: What a reader knows it by.
        source: Where it was published, if that is known.
        date: When it was published, if that is known.
        sentences: How many it has.
    """

    id: str
    title: str
    source: str
    date: str
    sentences: int


class DocumentText(Document):
    """A document with its text and its sentences, in order."""

    sentences: tuple[Sentence, ...]


class SentenceInPlace(Value):
    """One sentence of a document, and what stands beside it.

    Attributes:
        document_id: The document.
        title: The document's title.
        number: The sentence's place in the document, counted from 0, as in citations.
        start: Offset of its first code point in the document's text.
        end: Offset behind its last code point.
        page: The page that it begins on, counted from 1; None where there are no pages.
        text: Its words.
        before: The words of the sentence before it; None at the beginning.
        after: The words of the sentence after it; None at the end.
    """

    document_id: str
    title: str
    number: int
    start: int
    end: int
    page: int | None
    text: str
    before: str | None
    after: str | None


def entries(assistant: Assistant) -> tuple[DocumentEntry, ...]:
    """Return all documents, as they are listed."""
    corpus = assistant.corpus
    return tuple(
        DocumentEntry(
            id=document.id,
            title=document.title,
            source=document.source,
            date=document.date,
            sentences=len(corpus.sentences[document.id]),
        )
        for document in corpus.documents.values()
    )


def document_text(assistant: Assistant, document_id: str) -> DocumentText:
    """Return a document with its text and sentences.

    Raises:
        NotFoundError: There is no document of that id.
    """
    document, sentences = _found(assistant, document_id)
    return DocumentText(**document.model_dump(), sentences=sentences)


def sentence_in_place(assistant: Assistant, document_id: str, number: int) -> SentenceInPlace:
    """Return a sentence with its neighbours.

    Args:
        assistant: Whose documents they are.
        document_id: The document.
        number: The sentence's place in it, counted from 0.

    Raises:
        NotFoundError: There is no such document, or no such sentence in it.
    """
    document, sentences = _found(assistant, document_id)
    if not 0 <= number < len(sentences):
        raise NotFoundError(
            f"{document.id} has {len(sentences)} sentences, counted from 0; "
            f"there is no sentence {number}."
        )
    sentence = sentences[number]
    return SentenceInPlace(
        document_id=document.id,
        title=document.title,
        number=number,
        start=sentence.start,
        end=sentence.end,
        page=sentence.page,
        text=_words(document, sentence),
        before=_words(document, sentences[number - 1]) if number else None,
        after=_words(document, sentences[number + 1]) if number + 1 < len(sentences) else None,
    )


def _found(assistant: Assistant, document_id: str) -> tuple[Document, tuple[Sentence, ...]]:
    corpus = assistant.corpus
    if document_id not in corpus.documents:
        raise NotFoundError(
            f"There is no document {document_id!r}; list the documents for their ids."
        )
    return corpus.documents[document_id], corpus.sentences[document_id]


def _words(document: Document, sentence: Sentence) -> str:
    return document.text[sentence.start : sentence.end]
