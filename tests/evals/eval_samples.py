"""A small document, facts about it, and an assistant that answers from a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from onrecord import Answer, Citation, Claim, Document
from onrecord.evals import Fact
from onrecord.types import Status

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
    """Gives the answers it was made with, by question; raises those that are errors."""

    answers: Mapping[str, Answer | BaseException]
    documents: tuple[Document, ...] = (DOCUMENT,)
    model_name: str = "fake"
    histories: list[list[Mapping[str, str]]] = field(default_factory=list)

    def ask(self, question: str, history: Sequence[Mapping[str, str]] | None = None) -> Answer:
        self.histories.append(list(history or ()))
        result = self.answers[question]
        if isinstance(result, BaseException):
            raise result
        return result
