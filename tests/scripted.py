"""An assistant that says what it was told to, about real documents and their real sentences."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from onrecord.corpus import Corpus
from onrecord.errors import CorpusError, ModelError
from onrecord.observe.request import current
from onrecord.observe.watch import Watch
from onrecord.progress import Progress, silent
from onrecord.receipt import Receipt, receipt, seal
from onrecord.sentences import split_sentences
from onrecord.settings import Settings
from onrecord.types import (
    EVERYTHING,
    Answer,
    AnswerReady,
    Citation,
    Claim,
    ClaimDrafted,
    ClaimVerified,
    Document,
    Event,
    Evidence,
    EvidenceFound,
    Message,
    Scope,
    StageStarted,
    Status,
)


class ScriptedAssistant:
    """Answers by a word in the question, else as scripted.

    The words are glance (something is seen at once), ponder (until `go`, before anything is said),
    refuse, fail, wait (until `go`, after each claim), and draft (each claim word by word, before it
    is verified).

    Args:
        documents: What is asked about.
        script: The claims of an answer: a text, and the sentences it cites as
            (document's place, sentence's place).
    """

    model_name = "local: Scripted-1B"
    is_local = True
    watch = Watch()
    size = (2, 11)
    restarts = 3

    def __init__(
        self,
        documents: Sequence[Document],
        script: Sequence[tuple[str, Sequence[tuple[int, int]]]] = (),
    ) -> None:
        self.documents = tuple(documents)
        self.script = script
        self.asked: list[tuple[str, list[dict[str, str]]]] = []
        self.glanced: list[str] = []
        self.requests: set[str] = set()
        self.scopes: list[Scope] = []
        self.gone: list[Document] = []
        self.settings = Settings(answer_cache=0)  # a test asks the same again and again
        self.go = threading.Event()
        self.waits = threading.Event()
        self.closed = 0
        self.behind = ""  # the edition that it still answers from
        self.refreshed = 0
        self.warmed = 0
        self.texts_warmed: list[Scope] = []
        self.skipped: dict[str, str] = {}
        self.trouble: Exception | None = None

    @property
    def corpus(self) -> Corpus:
        documents = {document.id: document for document in self.documents}
        return Corpus(documents, {key: split_sentences(each) for key, each in documents.items()})

    def edition(self) -> str:
        return repr(self.documents)

    def refresh(self, anew: bool = False, progress: Progress = silent) -> None:
        self.left_out()

    def left_out(self) -> dict[str, str]:
        self.refreshed += 1
        if self.trouble is not None:
            raise self.trouble
        return self.skipped

    def add(self, file: Path) -> str:
        if not file.name.endswith(".txt"):
            raise CorpusError(f"{file.name} <b>cannot</b> be read.")
        text = file.read_text(encoding="utf-8")
        self.documents = (*self.documents, Document(id=file.name, title=file.stem, text=text))
        return file.name

    def write(self, title: str, text: str) -> str:
        if not text.strip():
            raise CorpusError("There are no <b>words</b> in it.")
        name = f"{title}.md"
        self.documents = (*self.documents, Document(id=name, title=title, text=text))
        return name

    def rename(self, document_id: str, name: str) -> str:
        if all(item.id != document_id for item in self.documents):
            raise CorpusError(f"There is no <b>{document_id}</b>.")
        new = f"{name}.txt"
        self.documents = tuple(
            item.model_copy(update={"id": new}) if item.id == document_id else item
            for item in self.documents
        )
        return new

    def remove(self, document_id: str) -> Path:
        if len(self.documents) == 1:
            raise CorpusError("That is the <b>last</b> one.")
        self.gone = [item for item in self.documents if item.id == document_id]
        self.documents = tuple(item for item in self.documents if item.id != document_id)
        return Path(".removed") / document_id

    def restore(self, file: Path) -> str:
        if not self.gone:
            raise CorpusError(f"{file.name} is <b>not there</b> any more.")
        self.documents, self.gone = (*self.documents, *self.gone), []
        return file.name

    def receipt(
        self,
        answer: Answer,
        history: Sequence[Mapping[str, str]] | None = None,
    ) -> Receipt:
        before = [Message.model_validate(message) for message in history or ()]
        return receipt(answer, Settings(), before)

    def warm(self) -> None:
        self.warmed += 1

    def knock(self) -> None:
        """Find everything there."""

    def warm_text(self, scope: Scope) -> None:
        self.texts_warmed.append(scope)

    def whole_texts(self) -> tuple[Scope, ...]:
        return tuple(Scope(documents=(document.id,)) for document in self.documents)

    def glance(
        self,
        question: str,
        history: Sequence[Mapping[str, str]] | None = None,
        scope: Scope = EVERYTHING,
    ) -> tuple[Evidence, ...]:
        self.glanced.append(question)
        return self._evidence()[:3] if "glance" in question else ()

    def stream(
        self,
        question: str,
        history: Sequence[Mapping[str, str]] | None = None,
        scope: Scope = EVERYTHING,
    ) -> Iterator[Event]:
        self.scopes.append(scope)
        self.asked.append((question, [dict(message) for message in history or ()]))
        try:
            edition, documents = self.behind or self.edition(), self.documents
            for event in self._events(question):
                if isinstance(event, AnswerReady):
                    known = {"is_behind": edition != self.edition(), "scope": scope}
                    answer = seal(event.answer, documents).model_copy(update=known)
                    event = AnswerReady(answer=answer, edition=edition)
                self.requests.add(current())
                yield event
                self.requests.add(current())
            self.requests.add(current())
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
        if "ponder" in question:
            self.go.wait(20)
        if "fail" in question:
            raise ModelError("The model at <b>nowhere</b> did not answer; set ONRECORD_MODEL.")
        if "refuse" in question:
            yield AnswerReady(answer=self._refusal(question))
            return
        claims = self._claims()
        for claim in claims:
            yield StageStarted(stage="word")
            if "draft" in question:
                yield from _drafts(claim.text)
            yield ClaimVerified(claim=claim)
            if "wait" in question:
                self.waits.set()
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


class RestlessAssistant(ScriptedAssistant):
    """Has other texts as soon as somebody has looked at those that it has."""

    @property
    def corpus(self) -> Corpus:
        seen = super().corpus
        self.documents = tuple(
            each.model_copy(update={"text": f"A word. {each.text[:9]}"}) for each in self.documents
        )
        return seen


def _drafts(text: str) -> Iterator[ClaimDrafted]:
    words = text.split()
    for count in range(1, len(words) + 1):
        yield ClaimDrafted(text=" ".join(words[:count]))
