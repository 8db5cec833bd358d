"""An assistant that says what it was told to, about real documents and their real sentences."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from onrecord.corpus import split_sentences
from onrecord.errors import CorpusError, ModelError
from onrecord.receipt import Receipt, receipt
from onrecord.settings import Settings
from onrecord.types import (
    Answer,
    AnswerReady,
    Citation,
    Claim,
    ClaimVerified,
    Document,
    Event,
    Evidence,
    EvidenceFound,
    Sentence,
    StageStarted,
    Status,
)


class ScriptedAssistant:
    """Answers by a word in the question: refuse, fail, wait (until `go`), else as scripted.

    Args:
        documents: What is asked about.
        script: The claims of an answer: a text, and the sentences it cites as
            (document's place, sentence's place).
    """

    model_name = "local: Scripted-1B"
    is_local = True

    def __init__(
        self,
        documents: Sequence[Document],
        script: Sequence[tuple[str, Sequence[tuple[int, int]]]] = (),
    ) -> None:
        self.documents = tuple(documents)
        self.script = script
        self.asked: list[tuple[str, list[dict[str, str]]]] = []
        self.go = threading.Event()
        self.closed = 0
        self.refreshed = 0
        self.skipped: dict[str, str] = {}
        self.trouble: Exception | None = None

    def sentences(self, document_id: str) -> tuple[Sentence, ...]:
        return split_sentences(next(item for item in self.documents if item.id == document_id))

    def refresh(self) -> Any:
        self.refreshed += 1
        if self.trouble is not None:
            raise self.trouble
        return SimpleNamespace(skipped=self.skipped)

    def add(self, file: Path) -> str:
        if not file.name.endswith(".txt"):
            raise CorpusError(f"{file.name} <b>cannot</b> be read.")
        text = file.read_text(encoding="utf-8")
        self.documents = (*self.documents, Document(id=file.name, title=file.stem, text=text))
        return file.name

    def receipt(
        self, answer: Answer, history: Sequence[Mapping[str, str]] | None = None
    ) -> Receipt:
        return receipt(answer, self.documents, Settings())

    def warm(self) -> None:
        pass

    def stream(
        self, question: str, history: Sequence[Mapping[str, str]] | None = None
    ) -> Iterator[Event]:
        self.asked.append((question, [dict(message) for message in history or ()]))
        try:
            yield from self._events(question)
        finally:
            self.closed += 1

    def cite(self, number: int, document: int, place: int) -> Citation:
        shown = self.documents[document]
        sentence = split_sentences(shown)[place]
        return Citation(
            number=number,
            document_id=shown.id,
            title=shown.title,
            sentence=place,
            start=sentence.start,
            end=sentence.end,
            text=shown.text[sentence.start : sentence.end],
        )

    def _events(self, question: str) -> Iterator[Event]:
        yield StageStarted(stage="understand")
        yield StageStarted(stage="retrieve")
        yield EvidenceFound(evidence=self._evidence())
        yield StageStarted(stage="read")
        if "fail" in question:
            raise ModelError("The model at <b>nowhere</b> did not answer; set ONRECORD_MODEL.")
        if "refuse" in question:
            yield AnswerReady(answer=self._refusal(question))
            return
        claims = self._claims()
        for claim in claims:
            yield StageStarted(stage="word")
            yield ClaimVerified(claim=claim)
            if "wait" in question:
                self.go.wait(20)
        cited = {citation.number: citation for claim in claims for citation in claim.citations}
        yield AnswerReady(
            answer=Answer(
                question=question,
                text=" ".join(claim.marked for claim in claims),
                status=Status.ANSWERED,
                claims=claims,
                citations=tuple(cited.values()),
                model=self.model_name,
                timings={"total": 1.43},
            )
        )

    def _claims(self) -> tuple[Claim, ...]:
        numbers: dict[tuple[int, int], int] = {}
        return tuple(
            Claim(
                text=text,
                citations=tuple(
                    self.cite(numbers.setdefault(place, len(numbers) + 1), *place)
                    for place in places
                ),
            )
            for text, places in self.script
        )

    def _refusal(self, question: str) -> Answer:
        count = len(split_sentences(self.documents[0]))
        nearest = tuple(self.cite(place + 1, 0, place) for place in range(min(3, count)))
        return Answer(
            question=question,
            text="The article does not say.",
            status=Status.NOT_IN_CORPUS,
            nearest=nearest,
            timings={"total": 0.9},
        )

    def _evidence(self) -> tuple[Evidence, ...]:
        shown = self.documents[0]
        return tuple(
            Evidence(sentence=item, text=shown.text[item.start : item.end], title=shown.title)
            for item in split_sentences(shown)[:5]
        )
