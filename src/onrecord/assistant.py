"""The pipeline, in one readable function: understand, retrieve, read, decide, word, ground."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncGenerator, Generator, Iterator, Mapping, Sequence
from contextlib import aclosing, contextmanager, suppress
from functools import cache, partial
from math import isfinite
from pathlib import Path
from typing import Any, Self

from pydantic import ValidationError

from onrecord.calibration import chance_right
from onrecord.choose import MOST
from onrecord.corpus import Corpus, CorpusLike
from onrecord.decide import decide
from onrecord.edition import Edition
from onrecord.english import is_english
from onrecord.errors import OnrecordError, QuestionError
from onrecord.ground import cite, ground
from onrecord.index import IndexReport
from onrecord.library import Library
from onrecord.models import LanguageModel, open_model
from onrecord.observe.watch import Watch
from onrecord.portions import Found
from onrecord.progress import Progress, silent
from onrecord.queries import queries
from onrecord.reader import open_reader
from onrecord.receipt import Receipt, receipt, seal
from onrecord.refusal import refusal
from onrecord.settings import Settings
from onrecord.steps import Steps
from onrecord.types import (
    EVERYTHING,
    Answer,
    AnswerReady,
    Asked,
    Claim,
    ClaimVerified,
    Document,
    Event,
    Evidence,
    EvidenceFound,
    Findings,
    Message,
    Scope,
    StageStarted,
    Status,
    Writing,
)
from onrecord.words import well_formed

History = Sequence[Mapping[str, str]] | None

_NEAREST = 3
_AT_A_GLANCE = 5


class Assistant:
    """Answers questions about a corpus, and cites every sentence.

    Args:
        corpus: A folder, a file, a list of either, or a list of `Document`;
            None takes `settings.corpus`.
        model: "local", "provider:name" or an address, as `Settings.model`; None takes that.
            A ready `LanguageModel` is taken as it is.
        settings: Every other knob; None reads the environment.
        progress: Told of slow work (weights, index, engine).

    Raises:
        CorpusError: There is nothing to ask about.
        ModelError: The model's name is of no known form.
        TracingError: Traces are asked for, and cannot be sent.

    Attributes:
        watch: What sees its questions through, as the settings say: log, metrics and traces.
    """

    def __init__(
        self,
        corpus: CorpusLike | None = None,
        model: str | LanguageModel | None = None,
        settings: Settings | None = None,
        progress: Progress = silent,
    ) -> None:
        self._settings = settings or Settings()
        self._progress = progress
        if model is None or isinstance(model, str):
            chosen = self._settings.model_copy(update={"model": model} if model else {})
            self._model = open_model(chosen, progress)
        else:
            self._model = model
        self._reader = open_reader(self._model, self._settings)
        self.watch = Watch.by(self._settings)
        source = self._settings.corpus if corpus is None else corpus
        self._library = Library(source, self._settings, progress)
        self._warming = threading.Lock()
        self._warm_for = ""
        self._is_begun = self._is_closed = False

    def ask(self, question: str, history: History = None, scope: Scope = EVERYTHING) -> Answer:
        """Answer a question, or say that the corpus does not.

        Files that have changed are read, and the index is brought up to date, before it is
        answered; where another thread is at that and takes long, it is answered from the documents
        as they were before, and says so (`Answer.is_behind`).

        Args:
            question: In plain words.
            history: The conversation so far, as {"role": "user" or "assistant", "content": …}.
            scope: The documents, or the passage of one, that alone may answer.

        Raises:
            QuestionError: The question is empty or too long, the history is malformed, or the
                scope has no sentence of the corpus.
            ModelError: The language model could not be reached.
            CorpusError, StoreError, WeightsError: The corpus, the index or a weight file
                cannot be used.
        """
        for event in self.stream(question, history, scope):
            if isinstance(event, AnswerReady):
                return event.answer
        raise AssertionError("a stream ends with its answer")

    async def aask(
        self, question: str, history: History = None, scope: Scope = EVERYTHING
    ) -> Answer:
        """Answer as `ask` does, without holding up the event loop; given up when cancelled."""
        async with aclosing(self.astream(question, history, scope)) as events:
            async for event in events:
                if isinstance(event, AnswerReady):
                    return event.answer
        raise AssertionError("a stream ends with its answer")

    def stream(
        self, question: str, history: History = None, scope: Scope = EVERYTHING
    ) -> Generator[Event]:
        """Yield what happens: stages, evidence, claims (as written, then verified), the answer.

        Raises:
            The errors of `ask`, when the iteration reaches them.
        """
        return self.watch.follow(question, self._answering(question, history, scope))

    def _answering(self, question: str, history: History, scope: Scope) -> Generator[Event]:
        question = _checked_question(question, self._settings.max_question)
        asked = Asked(question=question, history=_checked_history(history))
        clock = _Clock()
        self._begin()

        yield StageStarted(stage="understand")
        with clock.timing("understand"):
            understood = self._reader.understand(asked)

        yield StageStarted(stage="retrieve")
        with clock.timing("retrieve"):
            edition, asked, found = self._retrieve(understood, scope)
        yield EvidenceFound(evidence=found.candidates)

        yield StageStarted(stage="read")
        with clock.timing("read"):
            evidence = self._reader.read(asked, found)
            strangers = edition.vocabulary.strangers(asked.question)
            decision = decide(asked.question, evidence, len(strangers), self._settings)
        yield decision

        claims: list[Claim] = []
        if decision.sources:
            yield StageStarted(stage="word")
            drafts = self._reader.word(asked, decision.sources, evidence)
            verified = ground(drafts, decision.sources, partial(self._reader.carries, evidence))
            while (made := clock.next("word", verified)) is not None:
                if isinstance(made, Claim):
                    claims.append(made)
                    yield ClaimVerified(claim=made)
                else:
                    yield made

        is_weighed = isfinite(decision.confidence)
        answer = Answer(
            question=question,
            read_as="" if asked.question == question else asked.question,
            confidence=decision.confidence if is_weighed else None,
            probability=self._chance(decision.confidence, claims) if is_weighed else None,
            unknown=strangers,
            scope=scope,
            model=self.model_name,
            timings=clock.seconds(),
            is_behind=self._library.is_behind(edition),
            **(_answered(claims) if claims else _refused(scope, edition, found)),
        )
        yield AnswerReady(answer=seal(answer, edition.documents), edition=edition.name)

    async def astream(
        self, question: str, history: History = None, scope: Scope = EVERYTHING
    ) -> AsyncGenerator[Event]:
        """Yield the events of `stream`, without holding up the event loop.

        Where it is cancelled, or closed, the model is asked nothing more.
        """
        steps = Steps(self.stream(question, history, scope))
        try:
            while (event := await asyncio.to_thread(steps.next)) is not None:
                yield event
        finally:
            await asyncio.to_thread(steps.leave)

    def warm(self) -> None:
        """Do now what the first question would wait for: weights, engine, index, text.

        Of no cost where that is done, and no document has changed since; where one has, and another
        thread is at it, it is not waited for.
        """
        if not self._warming.acquire(blocking=not self._warm_for):
            return
        try:
            edition = self.edition()
            if edition != self._warm_for:
                self._warm()
                self._warm_for = edition
        finally:
            self._warming.release()

    def knock(self) -> None:
        """Return if the engine and the Chroma server that were warm are still there.

        Each is asked for next to nothing, and nothing is started; but the next `warm` looks for
        what was found missing, and starts an engine of this machine anew.

        Raises:
            ModelError, StoreError: One of them is not.
        """
        try:
            self._model.knock()
            self._library.knock()
        except Exception:
            self._warm_for = ""
            raise

    def whole_texts(self) -> tuple[Scope, ...]:
        """Return the texts that are short enough to be read whole, each worth warming by itself."""
        return self._library.whole_texts(MOST) if self._model.has_reader else ()

    def warm_text(self, scope: Scope) -> None:
        """Do now what the first question about a text would wait for, beyond `warm`."""
        _, _, found = self._retrieve(Asked(question="?"), scope)
        self._reader.warm(found)

    def search(self, words: str, k: int = 8, scope: Scope = EVERYTHING) -> Findings:
        """Return the `k` sentences that come nearest to some words; no model is asked.

        Files that have changed are read first, as for `ask`.

        Raises:
            QuestionError: There are no words, or too many.
            CorpusError, StoreError, WeightsError: As for `ask`.
        """
        wanted = Asked(question=_checked_question(words, self._settings.max_question))

        def look(edition: Edition) -> tuple[Edition, tuple[Evidence, ...]]:
            return edition, edition.glance(queries(wanted), k, scope)

        edition, found = self._library.consult(look)
        return Findings(evidence=found, is_behind=self._library.is_behind(edition))

    def glance(
        self, question: str, history: History = None, scope: Scope = EVERYTHING
    ) -> tuple[Evidence, ...]:
        """Return the sentences that are likely to be read for a question, best first, at once.

        No model is asked, so a question that leans on the conversation is not made whole first.
        There are none where they would have to be waited for: before the index is ready, and
        while it is brought up to date.

        Raises:
            QuestionError, StoreError: As for `ask`.
        """
        asked = Asked(
            question=_checked_question(question, self._settings.max_question),
            history=_checked_history(history),
        )
        return self._library.glance(queries(asked), _AT_A_GLANCE, scope)

    def receipt(self, answer: Answer, history: History = None) -> Receipt:
        """Return an answer with all that is needed to check it again; see `onrecord.verify`.

        Args:
            answer: An answer of this assistant, which knows what its documents were like then.
            history: What it was asked with.

        Raises:
            QuestionError: The history is malformed.
            ReceiptError: The answer lacks a document that it quotes.
        """
        return receipt(answer, self._settings, _checked_history(history))

    def add(self, file: Path) -> str:
        """Copy a file into the corpus folder, and return the id of its document.

        It can be asked about at once; embedding it is left to the next question, or `refresh`.

        Raises:
            CorpusError: The corpus is not one folder or cannot be written, or the file is not
                one that can be read.
        """
        return self._library.add(file)

    def write(self, title: str, text: str) -> str:
        """Put a text into the corpus folder under a title, and return the id of its document.

        Raises:
            CorpusError: The corpus is not one folder or cannot be written, or there are no words.
        """
        return self._library.write(title, text)

    def rename(self, document_id: str, name: str) -> str:
        """Give a document's file another name (without its suffix), and return its new id.

        Raises:
            CorpusError: There is no file of that document, or one has the new name already.
        """
        return self._library.rename(document_id, name)

    def remove(self, document_id: str) -> Path:
        """Take a document out of the corpus, and return where its file is kept aside.

        Raises:
            CorpusError: There is no file of that document, or it cannot be moved.
        """
        return self._library.remove(document_id)

    def restore(self, file: Path) -> str:
        """Put a removed document back, and return its id.

        Args:
            file: What `remove` returned.

        Raises:
            CorpusError: The file is not there any more, or cannot be moved.
        """
        return self._library.restore(file)

    def refresh(self, anew: bool = False, progress: Progress | None = None) -> IndexReport:
        """Read the corpus again, and bring the index up to date.

        Args:
            anew: Whether all is to be embedded again, since the index is damaged. Where Chroma
                cannot use its folder at all, what it keeps there of other corpora goes too, until
                these are asked.
            progress: Told how far it is; None has the assistant's own told of it.
        """
        return self._library.refresh(anew, progress)

    def left_out(self) -> Mapping[str, str]:
        """Return why files could not be read, by their paths; up to date as an answer is.

        Raises:
            CorpusError, StoreError, WeightsError: As for `ask`.
        """
        return self._library.consult(lambda edition: edition.corpus.skipped)

    @property
    def model_name(self) -> str:
        """The model that answers."""
        return self._model.name

    @property
    def is_local(self) -> bool:
        """Whether nothing that is asked leaves this machine."""
        return self._model.is_local

    @property
    def restarts(self) -> int:
        """How often the model's server was lost and connected to anew, or started anew."""
        return self._model.restarts

    @property
    def corpus(self) -> Corpus:
        """What can be asked about. Its documents and its sentences belong together.

        It stays as it is: where files have changed, there is another one next time.
        """
        return self._library.corpus

    @property
    def documents(self) -> tuple[Document, ...]:
        """The documents that can be asked about."""
        return tuple(self.corpus.documents.values())

    @property
    def size(self) -> tuple[int, int]:
        """How many documents, and how many sentences, can be asked about."""
        sentences = self.corpus.sentences.values()
        return len(sentences), sum(map(len, sentences))

    @property
    def settings(self) -> Settings:
        """The settings that it was made with."""
        return self._settings

    def edition(self) -> str:
        """Return what is another as soon as a document is: so long, answers stay right."""
        return self._library.edition()

    def close(self) -> None:
        """Give back the engine, if it is this process's own, and what the index has in memory.

        A model that is still getting ready gives it back when it is.
        """
        self._is_closed = True
        self._model.close()
        self._library.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def _begin(self) -> None:
        """Have the model get ready beside index and embedder: each takes seconds by itself.

        What fails there is tried again, and said, when the model is asked.
        """
        self._is_closed = False
        if self._is_begun:
            return
        self._is_begun = True

        def get_ready() -> None:
            with suppress(OnrecordError):
                self._model.warm()
            if self._is_closed:  # meanwhile, and nobody has asked again since
                self._model.close()

        threading.Thread(target=get_ready, daemon=True).start()

    def _warm(self) -> None:
        self._begin()
        self._library.refresh()
        is_english("?")  # reads the dictionary
        if self._is_closed:  # meanwhile
            return
        self._model.warm()
        if self.is_local:
            self._progress("Reading the text", None)
        self.warm_text(EVERYTHING)
        if self.is_local:
            self._progress("The text is read", 1.0)

    def _retrieve(
        self, understood: Asked, scope: Scope = EVERYTHING
    ) -> tuple[Edition, Asked, Found]:
        """Return what a question is asked of, the question without its slips, and what is found."""

        def look(edition: Edition) -> tuple[Edition, Asked, Found]:
            _check_scope(scope, edition)
            question = edition.vocabulary.correct(understood.question)
            asked = understood.model_copy(update={"question": question})
            found = edition.find(queries(asked), self._settings.candidates, MOST, scope)
            return edition, asked, found

        return self._library.consult(look)

    def _chance(self, confidence: float, claims: Sequence[Claim]) -> float | None:
        """Return the chance that it is right; the curves were fitted to the trained reader."""
        if not self._model.has_reader:
            return None
        return chance_right(confidence, answered=bool(claims))


def _answered(claims: Sequence[Claim]) -> dict[str, Any]:
    cited = {citation.number: citation for claim in claims for citation in claim.citations}
    return {
        "text": " ".join(claim.marked for claim in claims),
        "status": Status.ANSWERED,
        "claims": tuple(claims),
        "citations": tuple(cited[number] for number in sorted(cited)),
    }


def _refused(scope: Scope, edition: Edition, found: Found) -> dict[str, Any]:
    nearest = [cite(item, number) for number, item in enumerate(found.candidates[:_NEAREST], 1)]
    return {
        "text": refusal(scope, len(edition.documents)),
        "status": Status.NOT_IN_CORPUS,
        "nearest": tuple(nearest),
    }


def _check_scope(scope: Scope, edition: Edition) -> None:
    """Let nobody think that a document was asked which there is none of.

    Raises:
        QuestionError: It names one, or a passage without a sentence.
    """
    known = edition.corpus.documents
    named = (*scope.documents, *([scope.passage.document_id] if scope.passage else []))
    if missing := [name for name in named if name not in known]:
        raise QuestionError(
            f"There is no document {missing[0]!r} here; `onrecord index` lists those that there "
            "are. Ask of one of these, or of all."
        )
    if scope.passage and not any(map(scope.covers, edition.corpus.sentences[named[-1]])):
        raise QuestionError(
            "There is no sentence in the passage that the question is to be asked of; choose a "
            "longer one."
        )


class _Clock:
    """Adds up seconds by stage."""

    def __init__(self) -> None:
        self._began = time.perf_counter()
        self._spent: dict[str, float] = {}

    @contextmanager
    def timing(self, stage: str) -> Iterator[None]:
        began = time.perf_counter()
        try:
            yield
        finally:
            self._spent[stage] = self._spent.get(stage, 0.0) + time.perf_counter() - began

    def next(self, stage: str, claims: Iterator[Claim | Writing]) -> Claim | Writing | None:
        """Return the next claim, or what there is of it, and count the wait; None at the end."""
        with self.timing(stage):
            return next(claims, None)

    def seconds(self) -> dict[str, float]:
        spent = {**self._spent, "total": time.perf_counter() - self._began}
        return {stage: round(seconds, 4) for stage, seconds in spent.items()}


def _checked_question(question: str, longest: int) -> str:
    if not isinstance(question, str) or not any(char.isalnum() for char in question):
        raise QuestionError("There is no question; ask something in words.")
    if len(question) > longest:
        raise QuestionError(
            f"The question has {len(question):,} characters; the limit is {longest:,}. "
            "Ask a shorter one (or raise ONRECORD_MAX_QUESTION)."
        )
    return well_formed(question.strip())


def _checked_history(history: History) -> tuple[Message, ...]:
    try:
        return tuple(
            Message(role=turn["role"], content=well_formed(turn["content"]))
            for turn in history or ()
        )
    except (ValidationError, KeyError, TypeError, AttributeError) as error:
        raise QuestionError(
            'The history is a list of {"role": "user" or "assistant", "content": "…"}.'
        ) from error


@cache
def _shared() -> Assistant:
    """The process's own assistant, made of the environment's settings at the first question."""
    return Assistant()


_making = threading.Lock()


def _default() -> Assistant:
    with _making:
        return _shared()


def ask(question: str, history: History = None, scope: Scope = EVERYTHING) -> Answer:
    """Ask the corpus that the environment names (`corpus/` by default); see `Assistant.ask`."""
    return _default().ask(question, history, scope)


async def aask(question: str, history: History = None, scope: Scope = EVERYTHING) -> Answer:
    """Ask as `ask` does, without holding up the event loop."""
    return await asyncio.to_thread(ask, question, history, scope)
