"""The values that flow through the house, in the order in which they flow.

corpus -> `Document`, `Sentence`; retrieve -> `Evidence`; word -> `Draft`; ground ->
`Citation`, `Claim`, `Answer`. All are frozen. This module imports nothing of the house.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Value(BaseModel):
    """A frozen value with no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Document(Value):
    """A text that can be cited.

    Attributes:
        id: What citations name it by; for a file, its path below the corpus folder.
        title: What a reader knows it by.
        text: The body. Every offset counts Unicode code points from its first one.
        source: Where it was published (a name or an address), if that is known.
        date: When it was published, as its front matter writes it, if that is known.
        pages: The offset at which each of its pages begins; none where it has no pages.
    """

    id: str
    title: str
    text: str
    source: str = ""
    date: str = ""
    pages: tuple[int, ...] = ()


class Sentence(Value):
    """One sentence of a document: `document.text[start:end]`.

    Attributes:
        document_id: The `Document.id` it belongs to.
        index: Its place in the document, counted from 0.
        start: Offset of its first code point in the document's text.
        end: Offset behind its last code point.
        page: The page that it begins on, counted from 1; None where there are no pages.
    """

    document_id: str
    index: int
    start: int
    end: int
    page: int | None = None


class Passage(Value):
    """A stretch of a document, such as a reader selects: `document.text[start:end]`.

    Attributes:
        document_id: The document.
        start: Offset of its first code point in the document's text.
        end: Offset behind its last code point.
    """

    document_id: str
    start: int
    end: int


class Scope(Value):
    """What a question is asked of, where that is not the whole corpus.

    Attributes:
        documents: The ids of the documents that may answer; all where none is named.
        passage: The stretch whose sentences alone may answer, if any.
    """

    documents: tuple[str, ...] = ()
    passage: Passage | None = None

    def covers(self, sentence: Sentence) -> bool:
        """Tell whether a sentence may answer; of a passage, one that has any of it."""
        if self.documents and sentence.document_id not in self.documents:
            return False
        passage = self.passage
        return passage is None or (
            sentence.document_id == passage.document_id
            and sentence.start < passage.end
            and passage.start < sentence.end
        )


EVERYTHING = Scope()


class Evidence(Value):
    """A sentence that may answer the question, with what is known about that.

    Attributes:
        sentence: Where it stands.
        text: Its words, exactly as in the document.
        context: The words that stand around it, to resolve "he", "the ministry", "it".
        title: Its document's title.
        score: How well retrieval likes it; higher is better. Comparable within a question.
        similarity: Cosine of question and sentence, -1 to 1.
        support: How sure the reader is that it answers the question: the log-odds (nats) of
            it against none, or None before it has been read.
        beside: The log-odds (nats) that it is needed beside the one that the reader likes
            best, where a reader says so.
    """

    sentence: Sentence
    text: str
    context: str = ""
    title: str = ""
    score: float = 0.0
    similarity: float = 0.0
    support: float | None = None
    beside: float | None = None


def support_of(item: Evidence) -> float:
    """Return the support of a sentence (nats), which it has once it has been read.

    Raises:
        ValueError: It has not been read.
    """
    if item.support is None:
        raise ValueError("only a sentence that has been read has support")
    return item.support


def place_of(item: Evidence) -> tuple[str, int]:
    """Return what puts sentences in the order of their documents."""
    return item.sentence.document_id, item.sentence.index


class Wording(StrEnum):
    """What became of a sentence that the model was writing."""

    WHOLE = "whole"
    UNFINISHED = "unfinished"
    UNSURE = "unsure"


class Draft(Value):
    """A claim as the model wrote it: nothing about it is verified.

    Attributes:
        text: Its words.
        source: The number of the passage that it names, counted from 1.
        lead: "Yes," or "No:", where that comes before the words, in a sentence with them or
            before one of their own; "" else.
        wording: Whether its words are whole; if not, they are not to be used.
    """

    text: str
    source: int
    lead: str = ""
    wording: Wording = Wording.WHOLE


class Citation(Value):
    """The exact sentence that a claim rests on: `document.text[start:end] == text`.

    Attributes:
        number: The marker it has in the answer, counted from 1.
        document_id: The cited document.
        title: The cited document's title.
        sentence: The sentence's place in the document, counted from 0.
        start: Offset of its first code point in the document's text.
        end: Offset behind its last code point.
        text: Its words.
        page: The page that it begins on, counted from 1; None where there are no pages.
    """

    number: int
    document_id: str
    title: str
    sentence: int
    start: int
    end: int
    text: str
    page: int | None = None


class Grounding(StrEnum):
    """How the words of a claim come from those of its sentence."""

    QUOTED = "quoted"
    REWORDED = "reworded"


class Claim(Value):
    """One sentence of an answer, and what it rests on.

    Attributes:
        text: Its words.
        citations: The sentences that it rests on.
        grounding: "quoted" where its words stand in its sentence as they are, else "reworded".
        reasons: What the check had to say, each in words: of a reworded claim, in what it
            differs from its sentence, though the reader finds it there; of one that stands in the
            place of the model's own wording, why that was dropped.
        speaker: Whom its sentence attributes what it says to, if to anybody.
        replaced: Whether the sentence stands in the place of the model's own wording.
    """

    text: str
    citations: tuple[Citation, ...]
    grounding: Grounding = Grounding.QUOTED
    reasons: tuple[str, ...] = ()
    speaker: str = ""
    replaced: bool = False

    @property
    def marked(self) -> str:
        """The claim as it is read: its markers stand before the closing full stop."""
        markers = "".join(f"[{citation.number}]" for citation in self.citations)
        body, stop = (self.text[:-1], ".") if self.text.endswith(".") else (self.text, "")
        return f"{body} {markers}{stop}"


class Findings(Value):
    """What a search has found.

    Attributes:
        evidence: The sentences that come nearest, best first.
        is_behind: Whether documents had changed by its end that were not searched, such as one that
            was still being indexed; searched again later, there may be others.
    """

    evidence: tuple[Evidence, ...]
    is_behind: bool = False


class Status(StrEnum):
    """What came of a question."""

    ANSWERED = "answered"
    NOT_IN_CORPUS = "not_in_corpus"


class Sealed(Value):
    """A document as it was when it was cited.

    Attributes:
        id, title, source, date: As `Document` has them.
        sha256: Of the document's text in UTF-8, in hexadecimal.
    """

    id: str
    title: str
    sha256: str
    source: str = ""
    date: str = ""


class Answer(Value):
    """What onrecord says, and what it rests on.

    An answered answer has at least one citation on every claim. A refusal has no
    claims, and lists the sentences that came nearest.

    Attributes:
        question: The question, as it was asked.
        read_as: What was answered instead, where that is not it: the question with slips put right,
            or one that leans on the conversation, made whole; else "".
        text: The answer in words, with [1]-style markers.
        status: "answered" or "not_in_corpus".
        claims: The sentences of the answer.
        citations: Every cited sentence once, by number.
        nearest: On a refusal, the closest sentences, best first.
        confidence: Log-odds (nats) that the corpus answers the question; below
            `Settings.threshold` it is refused. None where nothing could be weighed.
        probability: The chance that the answer, or the refusal, is right (calibration.py). None
            where nothing could be weighed, and of models that it was not measured of.
        unknown: Names and numbers of the question that stand nowhere in the corpus.
        scope: What it was asked of.
        model: The model that wrote it.
        timings: Seconds spent by stage, and in "total".
        is_behind: Whether documents had changed by its end that it was not answered from, such as
            one that was still being indexed; asked again later, it may be another.
        documents: Those that it quotes, as they were when it was asked; see `Assistant.receipt`.
    """

    question: str
    text: str
    status: Status
    claims: tuple[Claim, ...] = ()
    citations: tuple[Citation, ...] = ()
    nearest: tuple[Citation, ...] = ()
    confidence: float | None = None
    probability: float | None = None
    unknown: tuple[str, ...] = ()
    scope: Scope = EVERYTHING
    model: str = ""
    timings: dict[str, float] = {}
    is_behind: bool = False
    documents: tuple[Sealed, ...] = ()
    read_as: str = ""

    @property
    def quoted(self) -> tuple[Citation, ...]:
        """Every sentence that it shows: those that it cites or, refusing, what comes nearest."""
        return (*self.citations, *self.nearest)

    @model_validator(mode="after")
    def _grounded_or_refused(self) -> Self:
        if self.status is Status.ANSWERED:
            if not self.claims or any(not claim.citations for claim in self.claims):
                raise ValueError("an answered answer has at least one citation on every claim")
        elif self.claims or self.citations:
            raise ValueError("a refusal has no claims and no citations")
        return self

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as plain dictionaries, lists, strings and numbers."""
        return self.model_dump(mode="json")

    def to_json(self, indent: int | None = None) -> str:
        """Return the answer as JSON text."""
        return self.model_dump_json(indent=indent)


class Message(Value):
    """One turn of a conversation, in the shape that chat models use."""

    role: Literal["user", "assistant"]
    content: str


class Asked(Value):
    """A question, as it is to be understood: with the messages before it, oldest first."""

    question: str
    history: tuple[Message, ...] = ()


class StageStarted(Value):
    """A stage of the pipeline has begun.

    Attributes:
        stage: "understand", "retrieve", "read" or "word".
    """

    stage: str


class EvidenceFound(Value):
    """Retrieval has ranked its candidates; nothing is decided yet."""

    evidence: tuple[Evidence, ...]


class Decided(Value):
    """Whether the corpus answers the question, and from what: nothing is worded yet.

    Attributes:
        confidence: Log-odds (nats) that it does; below `Settings.threshold` it is refused.
        sources: The sentences to answer from, in document order; empty for a refusal.
    """

    confidence: float
    sources: tuple[Evidence, ...] = ()


class ClaimDrafted(Value):
    """The model is writing a claim: this much so far, and nothing of it is verified.

    More of it follows, or the claim as it may be shown, or that it is dropped.
    """

    text: str


class ClaimDropped(Value):
    """What the model has written last is not shown as a claim, not even as a quotation.

    Attributes:
        text: Its words.
        reason: Why, in words for the reader.
    """

    text: str
    reason: str


class ClaimVerified(Value):
    """A claim has passed the check and may be shown: it is never taken back."""

    claim: Claim


class AnswerReady(Value):
    """The whole answer. It is always the last event of a stream.

    Attributes:
        answer: The answer.
        edition: The name of the edition of the documents that it was asked of, which is not shown.
    """

    answer: Answer
    edition: str = Field("", exclude=True)


Writing = ClaimDrafted | ClaimDropped
"""What only shows how an answer is being written."""

Event = StageStarted | EvidenceFound | Decided | Writing | ClaimVerified | AnswerReady
"""What `Assistant.stream` yields."""
