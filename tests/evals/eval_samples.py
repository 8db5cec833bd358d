"""A small document, facts about it, and an assistant that answers from a list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from onrecord import Answer, Citation, Claim, Document
from onrecord.evals import Fact
from onrecord.types import (
    AnswerReady,
    Decided,
    Event,
    Evidence,
    EvidenceFound,
    Sentence,
    StageStarted,
    Status,
)

TEXT = (
    "Ada Byron met Charles Babbage on 5 June 1833. He showed her three machines. "
    "The mill, she said, would weave algebra."
)
DOCUMENT = Document(id="ada.txt", title="Ada", text=TEXT)
SENTENCES = tuple(f"{sentence}." for sentence in TEXT.rstrip(".").split(". "))


def cite(sentence: int, number: int = 1) -> Citation:
    start = TEXT.index(SENTENCES[sentence])
    return Citation(
        number=number,
        document_id=DOCUMENT.id,
        title=DOCUMENT.title,
        sentence=sentence,
        start=start,
        end=start + len(SENTENCES[sentence]),
        text=SENTENCES[sentence],
    )


def answer(text: str, *sentences: int) -> Answer:
    citations = tuple(cite(sentence, number) for number, sentence in enumerate(sentences, 1))
    claim = Claim(text=text, citations=citations)
    return Answer(
        question="?",
        text=claim.marked,
        status=Status.ANSWERED,
        claims=(claim,),
        citations=citations,
    )


def refusal(*nearest: int) -> Answer:
    return Answer(
        question="?",
        text="The corpus does not say.",
        status=Status.NOT_IN_CORPUS,
        nearest=tuple(cite(sentence, number) for number, sentence in enumerate(nearest, 1)),
    )


def fact(**fields: Any) -> Fact:
    known: dict[str, Any] = {
        "id": "machines",
        "split": "tune",
        "category": "how_many",
        "question": "How many machines did he show her?",
        "answerable": True,
        "answers": [["three"]],
        "gold": [["showed her three machines"]],
        "document": DOCUMENT.id,
    }
    return Fact.model_validate(known | fields)


def unanswerable(**fields: Any) -> Fact:
    known = {"id": "price", "category": "near_miss", "question": "What did the mill cost?"}
    return fact(**(known | {"answerable": False, "answers": [], "gold": []} | fields))


@dataclass
class FakeAssistant:
    """Gives the answers it was made with, by question; raises those that are errors.

    Its candidates are the sentences of `candidates`, best first; its confidence is 2 nats for an
    answer and -2 for a refusal, where `confidences` has no other for the question.
    """

    answers: Mapping[str, Answer | BaseException]
    documents: tuple[Document, ...] = (DOCUMENT,)
    model_name: str = "fake"
    histories: list[list[Mapping[str, str]]] = field(default_factory=list)
    candidates: tuple[int, ...] = (0, 1, 2)
    confidences: Mapping[str, float] = field(default_factory=dict)

    def stream(
        self, question: str, history: Sequence[Mapping[str, str]] | None = None
    ) -> Iterator[Event]:
        self.histories.append(list(history or ()))
        yield StageStarted(stage="retrieve")
        yield EvidenceFound(evidence=tuple(evidence(sentence) for sentence in self.candidates))
        result = self.answers[question]
        if isinstance(result, BaseException):
            raise result
        sure = 2.0 if result.status is Status.ANSWERED else -2.0
        yield Decided(confidence=self.confidences.get(question, sure))
        yield AnswerReady(answer=result)


def evidence(sentence: int) -> Evidence:
    cited = cite(sentence)
    place = Sentence(
        document_id=cited.document_id, index=sentence, start=cited.start, end=cited.end
    )
    return Evidence(sentence=place, text=cited.text)
