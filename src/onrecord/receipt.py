"""An answer with all that it rests on, in one file; and whether it still stands, with no model.

A receipt keeps the question, the answer, every quotation with its place, and the hashes of the
documents. Whoever has the documents can see for himself: is each quoted sentence still there, word
for word, and does the answer say only what the rules of check.py let pass?
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from importlib import metadata
from pathlib import Path
from typing import Literal, Self

from pydantic import ValidationError

from onrecord.check import foreign
from onrecord.corpus import Corpus, CorpusLike, load_corpus
from onrecord.errors import ReceiptError
from onrecord.files import write_whole
from onrecord.ground import unled
from onrecord.refusal import is_refusal
from onrecord.settings import Settings
from onrecord.types import Answer, Citation, Document, Message, Sealed, Value
from onrecord.words import readable

_MAX_BYTES = 5_000_000
_DECIDING = ("weights", "candidates", "readings", "threshold")
"""The settings that an answer depends on, beside the model's name."""


class Receipt(Value):
    """An answer, and what is needed to check it again.

    Attributes:
        format: What this file is.
        answer: The question, the answer and its quotations.
        history: The conversation before it, oldest first.
        documents: Those that the answer has, which earlier versions kept here alone.
        settings: What the answer depended on, beside the model and the documents.
        version: The onrecord that made it.
        made: When, in UTC.
    """

    format: Literal["onrecord receipt 1"] = "onrecord receipt 1"
    answer: Answer
    history: tuple[Message, ...] = ()
    documents: tuple[Sealed, ...]
    settings: dict[str, str]
    version: str
    made: datetime

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a receipt.

        Raises:
            ReceiptError: The file cannot be read, or is no receipt.
        """
        try:
            if path.stat().st_size > _MAX_BYTES:
                raise ReceiptError(f"{path} is too large to be a receipt.")
            return cls.model_validate_json(path.read_bytes())
        except OSError as error:
            raise ReceiptError(f"{path} cannot be read ({error.strerror}).") from error
        except ValidationError as error:
            raise ReceiptError(
                f"{path} is no receipt of onrecord, or not all of one; "
                "`onrecord ask QUESTION --receipt FILE` writes one."
            ) from error

    def save(self, path: Path) -> None:
        """Write the receipt as JSON, whole or not at all.

        Raises:
            ReceiptError: It cannot be written there.
        """
        try:
            write_whole(path, self.model_dump_json(indent=2) + "\n")
        except OSError as error:
            raise ReceiptError(f"{path} cannot be written ({error.strerror}).") from error


class Standing(StrEnum):
    """What has become of a quoted sentence."""

    STANDS = "stands"
    MOVED = "moved"
    GONE = "gone"
    NO_DOCUMENT = "no document"


class Checked(Value):
    """A citation, and what has become of its sentence.

    Attributes:
        citation: As the receipt has it.
        standing: "stands" at its place; "moved", word for word, to another; "gone" from its
            document, of which it is no whole sentence; or "no document" of that id.
    """

    citation: Citation
    standing: Standing


class Verification(Value):
    """What is left of a receipt.

    Attributes:
        citations: Each quoted sentence, in the order of the answer.
        changed: The ids of documents whose text is not the one that was cited.
        altered: What in the receipt itself does not fit together, each in words.
    """

    citations: tuple[Checked, ...]
    changed: tuple[str, ...] = ()
    altered: tuple[str, ...] = ()

    @property
    def stands(self) -> bool:
        """Whether every quotation is still in its document, and the answer says no more."""
        kept = (Standing.STANDS, Standing.MOVED)
        return not self.altered and all(item.standing in kept for item in self.citations)


def receipt(answer: Answer, settings: Settings, history: Sequence[Message] = ()) -> Receipt:
    """Return the receipt of an answer.

    Args:
        answer: What was answered, as `seal` returns it.
        settings: What it was answered with.
        history: The conversation before it, oldest first.

    Raises:
        ReceiptError: It lacks a document that it quotes.
    """
    if not {each.document_id for each in answer.quoted} <= {each.id for each in answer.documents}:
        raise ReceiptError(
            "This answer does not say what the documents that it quotes were like when it was "
            "given; ask again for one that does."
        )
    return Receipt(
        answer=answer,
        history=tuple(history),
        documents=answer.documents,
        settings={name: str(getattr(settings, name)) for name in _DECIDING},
        version=metadata.version("onrecord"),
        made=datetime.now(UTC),
    )


def seal(answer: Answer, documents: Iterable[Document]) -> Answer:
    """Return an answer with what to know the documents again by that it quotes.

    Args:
        answer: What was answered.
        documents: The corpus that it was answered from.
    """
    quoted = {citation.document_id for citation in answer.quoted}
    sealed = tuple(
        Sealed(
            id=document.id,
            title=document.title,
            sha256=_sha256(document.text),
            source=document.source,
            date=document.date,
        )
        for document in documents
        if document.id in quoted
    )
    return answer.model_copy(update={"documents": sealed})


def verify(receipt: Receipt, corpus: CorpusLike | None = None) -> Verification:
    """Check a receipt against the documents as they are now. No model is asked.

    Args:
        receipt: What `Receipt.load` has read, or `Assistant.receipt` has made.
        corpus: As for `Assistant`; None takes the corpus that the environment names.

    Raises:
        CorpusError: There are no documents.
    """
    now = load_corpus(Settings().corpus if corpus is None else corpus)
    documents = now.documents
    return Verification(
        citations=tuple(
            Checked(citation=item, standing=_standing(item, now)) for item in receipt.answer.quoted
        ),
        changed=tuple(
            sealed.id
            for sealed in receipt.documents
            if sealed.id in documents and _sha256(documents[sealed.id].text) != sealed.sha256
        ),
        altered=tuple(_altered(receipt)),
    )


def _standing(citation: Citation, corpus: Corpus) -> Standing:
    """Look for a whole sentence: of "He denied that he lied", "he lied" is no quotation."""
    document = corpus.documents.get(citation.document_id)
    if document is None:
        return Standing.NO_DOCUMENT
    standing = Standing.GONE
    for sentence in corpus.sentences[document.id]:
        if document.text[sentence.start : sentence.end] == citation.text:
            if (sentence.start, sentence.end) == (citation.start, citation.end):
                return Standing.STANDS
            standing = Standing.MOVED
    return standing


def _altered(receipt: Receipt) -> Iterator[str]:
    """Yield what somebody must have changed by hand: onrecord writes no such answer."""
    answer = receipt.answer
    sealed = {document.id for document in receipt.documents}
    if answer.claims and answer.text != " ".join(claim.marked for claim in answer.claims):
        yield "The answer's text is not made of its claims."
    if not answer.claims and not is_refusal(answer.text):
        yield "It is said to be a refusal, and its text is none."
    for claim in answer.claims:
        for citation in claim.citations:
            if citation not in answer.citations:
                yield f"[{citation.number}] is not among the answer's citations."
            for fault in foreign(readable(unled(claim.text)), readable(citation.text)):
                yield f"[{citation.number}] {fault}."
    for citation in answer.quoted:
        if citation.document_id not in sealed:
            yield f"[{citation.number}] cites a document that the receipt does not name."


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
