"""The whole pipeline with a real Chroma, a fake embedder and a queue-fed fake model."""

import asyncio
import json
import threading
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from onrecord.assistant import Assistant
from onrecord.errors import CorpusError, ModelError, QuestionError
from onrecord.settings import Settings
from onrecord.types import (
    Answer,
    AnswerReady,
    ClaimVerified,
    Document,
    Event,
    EvidenceFound,
    Passage,
    Scope,
    StageStarted,
)
from tests.fakes import FakeEmbeddings, FakeModel, draft

NEWS = Document(
    id="news",
    title="News",
    text="The ferry sank on Monday. Captain Dahl allegedly slept. "
    "The mayor opened a bridge in Oslo.",
)
Make = Callable[..., Assistant]


@pytest.fixture
def make(monkeypatch: pytest.MonkeyPatch, settings: Settings, embeddings: FakeEmbeddings) -> Make:
    monkeypatch.setattr("onrecord.library.open_embeddings", lambda *_: embeddings)
    monkeypatch.setattr("onrecord.library.embedder_id", lambda _: "fake")

    def assistant(model: FakeModel, corpus: Any = (NEWS,), **changes: Any) -> Assistant:
        return Assistant(corpus, model=model, settings=settings.model_copy(update=changes))

    return assistant


SURE = {"threshold": -100.0}
UNSURE = {"threshold": 100.0}


def check_invariants(answer: Answer, documents: tuple[Document, ...]) -> None:
    texts = {document.id: document.text for document in documents}
    for citation in [*answer.citations, *answer.nearest]:
        assert texts[citation.document_id][citation.start : citation.end] == citation.text
    numbers = [citation.number for citation in answer.citations]
    assert numbers == list(range(1, len(numbers) + 1))
    if answer.status == "answered":
        assert answer.claims
        assert all(claim.citations for claim in answer.claims)
    else:
        assert not answer.claims
        assert answer.nearest


def test_an_answer_cites_the_exact_sentence(make: Make) -> None:
    model = FakeModel(odds=[5, -5, -5], drafts=[draft({1: "The ferry sank on Monday."})])
    answer = make(model, **SURE).ask("When did the ferry sink?")
    assert answer.status == "answered"
    assert answer.text == "The ferry sank on Monday [1]."
    assert answer.citations[0].text == "The ferry sank on Monday."
    assert set(answer.timings) >= {"retrieve", "read", "word", "total"}
    assert answer.model == "fake"
    check_invariants(answer, (NEWS,))


def test_a_question_with_a_slip_says_how_it_was_read(make: Make) -> None:
    assistant = make(FakeModel(odds=[5, -5, -5]), **SURE)
    said = [assistant.ask(f"When did the {name} sink?").read_as for name in ("ferry", "ferrry")]
    assert said == ["", "When did the ferry sink?"]


def test_a_refusal_says_so_and_lists_the_nearest(make: Make) -> None:
    answer = make(FakeModel(odds=[-5]), **UNSURE).ask("Who won the ferry race?")
    assert answer.status == "not_in_corpus"
    assert "does not say" in answer.text
    assert len(answer.nearest) == 3
    check_invariants(answer, (NEWS,))


def test_a_yes_no_question_is_answered_first(make: Make) -> None:
    model = FakeModel(odds=[5, -5, 4], drafts=[draft({1: "The mayor opened a bridge."})])
    answer = make(model, **SURE).ask("Did the mayor open a bridge?")
    assert answer.text.startswith("Yes: The mayor opened a bridge")


@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=200), st.floats(-20, 20), st.text(min_size=1, max_size=40))
def test_whatever_the_model_writes_the_answer_is_grounded(
    make: Make, output: str, odds: float, question: str
) -> None:
    assistant = make(FakeModel(odds=[odds], drafts=[output], texts=[output]))
    try:
        answer = assistant.ask(question)
    except QuestionError:
        assert not any(char.isalnum() for char in question)
        return
    check_invariants(answer, (NEWS,))
    for claim in answer.claims:
        words = claim.text.removeprefix("Yes: ").removeprefix("No: ")
        assert claim.marked in answer.text
        assert set(filter(str.isdigit, words)) <= set(claim.citations[0].text)


def test_a_stream_ends_with_its_answer_and_takes_no_claim_back(make: Make) -> None:
    model = FakeModel(odds=[5, -5, -5], drafts=[draft({1: "The ferry sank on Monday."})])
    events = list(make(model, **SURE).stream("When did the ferry sink?"))
    assert isinstance(events[-1], AnswerReady)
    assert any(isinstance(event, EvidenceFound) for event in events)
    shown = tuple(event.claim for event in events if isinstance(event, ClaimVerified))
    assert shown == events[-1].answer.claims


def test_async_twins(make: Make) -> None:
    model = FakeModel(drafts=[draft({1: "The ferry sank on Monday."})])
    assistant = make(model, **SURE)

    async def both() -> tuple[Answer, list[Any]]:
        answer = await assistant.aask("When did the ferry sink?")
        return answer, [event async for event in assistant.astream("When did the ferry sink?")]

    with ThreadPoolExecutor(1) as elsewhere:  # this thread may have a loop, of a browser test
        answer, events = elsewhere.submit(lambda: asyncio.run(both())).result()
    assert answer.claims == events[-1].answer.claims


@pytest.mark.parametrize("question", ["", "   ", "?!…", "a" * 10_000])
def test_questions_that_cannot_be_asked(make: Make, question: str) -> None:
    model = FakeModel()
    with pytest.raises(QuestionError, match=r"ask|Ask"):
        make(model).ask(question)
    assert model.prompts == []


@pytest.mark.parametrize(
    "history",
    [[{"role": "system", "content": "x"}], [{"role": "user"}], ["text"], [{"content": 1}]],
)
def test_a_malformed_history_is_named(make: Make, history: Any) -> None:
    with pytest.raises(QuestionError, match="history"):
        make(FakeModel()).ask("Who?", history)


def test_changed_files_are_noticed(make: Make, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "a.txt").write_text("The ferry sank.")
    assistant = make(FakeModel(drafts=[""]), corpus, **SURE)
    assert assistant.ask("What sank?").citations[0].text == "The ferry sank."
    (corpus / "a.txt").write_text("The submarine sank today.")
    assert assistant.ask("What sank?").citations[0].text == "The submarine sank today."
    (corpus / "b.txt").write_text("Another thing.")
    told: list[str] = []
    report = assistant.refresh(progress=lambda message, _share: told.append(message))
    assert told == ["Indexing 1 sentence: 0 done", "Indexed 2 sentences"]
    assert report.added == ("b.txt",)
    assert report.unchanged == ("a.txt",)


def test_a_model_that_fails_says_so_and_the_question_can_be_asked_again(make: Make) -> None:
    class Failing(FakeModel):
        def stream_json(self, *_: Any, **__: Any) -> Iterator[str]:
            raise ModelError("the engine is gone")

    with pytest.raises(ModelError, match="gone"):
        make(Failing(), **SURE).ask("When did the ferry sink?")


def test_close_gives_the_model_back(make: Make) -> None:
    model = FakeModel()
    with make(model):
        pass
    assert model.closed


def test_an_empty_corpus_is_an_error(tmp_path: Path, settings: Settings) -> None:
    with pytest.raises(CorpusError):
        Assistant(tmp_path, model=FakeModel(), settings=settings)


def test_an_answer_goes_to_json_and_back(make: Make) -> None:
    answer = make(FakeModel(drafts=[""]), **SURE).ask("When did the ferry sink?")
    assert Answer.model_validate(json.loads(answer.to_json())) == answer
    assert Answer.model_validate(answer.to_dict()) == answer


@pytest.mark.parametrize("status", ["answered", "not_in_corpus"])
def test_an_ungrounded_answer_cannot_be_made(make: Make, status: str) -> None:
    answer = make(FakeModel(drafts=[""]), **SURE).ask("When did the ferry sink?")
    wrong = {**answer.to_dict(), "status": status}
    if status == "answered":
        wrong["claims"] = [{"text": "Said without a source.", "citations": []}]
    with pytest.raises(ValueError, match="citation"):
        Answer.model_validate(wrong)


BRIDGES = Document(
    id="bridges", title="Bridges", text="The ferry sank on Tuesday. The bridge is new."
)


def places(answer: Answer) -> set[tuple[str, int]]:
    return {(item.document_id, item.sentence) for item in (*answer.citations, *answer.nearest)}


def test_only_the_chosen_documents_may_answer(make: Make) -> None:
    assistant = make(FakeModel(), corpus=(NEWS, BRIDGES), **SURE)
    answer = assistant.ask("When did the ferry sink?", scope=Scope(documents=("bridges",)))
    assert answer.status == "answered"
    assert {document for document, _ in places(answer)} == {"bridges"}


def test_only_the_selected_passage_may_answer(make: Make) -> None:
    start = NEWS.text.index("allegedly")
    scope = Scope(passage=Passage(document_id="news", start=start, end=start + 3))
    answer = make(FakeModel(), corpus=(NEWS, BRIDGES), **SURE).ask("When did it sink?", scope=scope)
    assert places(answer) == {("news", 1)}


@pytest.mark.parametrize(
    ("scope", "said"),
    [
        (Scope(), "None of the 2 documents says."),
        (Scope(documents=("news",)), "The chosen document does not say."),
        (Scope(documents=("news", "bridges")), "None of the 2 chosen documents says."),
        (
            Scope(passage=Passage(document_id="news", start=0, end=5)),
            "The selected passage does not say.",
        ),
    ],
)
def test_a_refusal_says_what_does_not_say(make: Make, scope: Scope, said: str) -> None:
    assistant = make(FakeModel(odds=[-5]), corpus=(NEWS, BRIDGES), **UNSURE)
    assert assistant.ask("Who won?", scope=scope).text == said


def test_what_is_not_in_the_corpus_cannot_be_asked(make: Make) -> None:
    for scope in (
        Scope(documents=("gone",)),
        Scope(documents=("news", "gone")),
        Scope(passage=Passage(document_id="gone", start=0, end=9)),
    ):
        with pytest.raises(QuestionError, match="There is no document 'gone'"):
            make(FakeModel()).ask("Who won?", scope=scope)
    beyond = Scope(passage=Passage(document_id="news", start=9000, end=9001))
    with pytest.raises(QuestionError, match="no sentence in the passage"):
        make(FakeModel()).ask("Who won?", scope=beyond)


def test_sentences_of_the_same_words_are_told_apart_by_what_is_asked(make: Make) -> None:
    twin = Document(id="twin", title="Twin", text=NEWS.text)
    assistant = make(FakeModel(), corpus=(NEWS, twin), **SURE)
    answer = assistant.ask("When did the ferry sink?", scope=Scope(documents=("twin",)))
    assert {document for document, _ in places(answer)} == {"twin"}


def test_a_short_document_is_read_whole_in_whatever_corpus(make: Make) -> None:
    long = Document(id="long", title="Long", text="The ferry sank again. " * 60)
    model = FakeModel(chances=[{"None": 5.0}])
    make(model, corpus=(NEWS, long)).ask("Who won?", scope=Scope(documents=("news",)))
    assert any("The ferry sank on Monday" in said and "Oslo" in said for said in model.prompts)
    assert not any("sank again" in said for said in model.prompts)


def test_its_edition_is_another_as_soon_as_a_document_is(make: Make, tmp_path: Path) -> None:
    file = tmp_path / "news.txt"
    file.write_text(NEWS.text, encoding="utf-8")
    assistant = make(FakeModel(), corpus=tmp_path)
    editions = [assistant.edition(), assistant.edition()]
    file.write_text(f"{NEWS.text} It rained.", encoding="utf-8")
    editions.append(assistant.edition())
    (tmp_path / "more.txt").write_text("It rained again.", encoding="utf-8")
    editions.append(assistant.edition())
    assert len(set(editions)) == 3
    assert assistant.edition() == editions[-1]


def test_it_is_warmed_once_however_many_open_the_page(make: Make, tmp_path: Path) -> None:
    file = tmp_path / "news.txt"
    file.write_text(NEWS.text, encoding="utf-8")
    model = FakeModel()
    assistant = make(model, corpus=tmp_path)
    with ThreadPoolExecutor(8) as pages:
        for page in [pages.submit(assistant.warm) for _ in range(8)]:
            page.result()
    asked = len(model.prompts)
    assert model.prompts == ["?", "?"]  # behind each of two instructions
    file.write_text(f"{NEWS.text} It rained.", encoding="utf-8")
    assistant.warm()
    assert len(model.prompts) == 2 * asked


@pytest.mark.parametrize("begin", [Assistant.warm, lambda made: made.ask("Who slept?")])
def test_the_model_gets_ready_while_the_index_does(
    make: Make,
    embeddings: FakeEmbeddings,
    begin: Callable[[Assistant], object],
    tmp_path: Path,
) -> None:
    (tmp_path / "news.txt").write_text(NEWS.text, encoding="utf-8")
    is_embedding, is_ready = threading.Event(), threading.Event()

    class Slow(FakeModel):
        def warm(self) -> None:
            is_embedding.wait(60)
            is_ready.set()

    def embed(texts: list[str]) -> list[list[float]]:
        is_embedding.set()
        assert is_ready.wait(60)
        return [embeddings.embed_query(text) for text in texts]

    embeddings.embed_documents = embed  # type: ignore[method-assign]
    begin(make(Slow(), corpus=tmp_path))
    assert is_ready.is_set()


def test_a_model_that_gets_ready_once_its_assistant_is_closed_gives_all_back(make: Make) -> None:
    has_begun, may_be_ready, is_given_back = (threading.Event() for _ in range(3))

    class Slow(FakeModel):
        is_ready = False

        def warm(self) -> None:
            has_begun.set()
            assert may_be_ready.wait(60)
            self.is_ready = True

        def close(self) -> None:
            if self.is_ready:
                is_given_back.set()

    with make(Slow(), **UNSURE) as assistant:
        assistant.ask("Who slept?")
        assert has_begun.wait(60)
    assert not is_given_back.is_set()
    may_be_ready.set()
    assert is_given_back.wait(60)


def test_what_is_closed_while_it_is_warmed_asks_the_model_nothing(
    make: Make, embeddings: FakeEmbeddings, tmp_path: Path
) -> None:
    (tmp_path / "news.txt").write_text(NEWS.text, encoding="utf-8")
    model = FakeModel()
    assistant = make(model, corpus=tmp_path)

    def embed(texts: list[str]) -> list[list[float]]:
        assistant.close()
        return [embeddings.embed_query(text) for text in texts]

    embeddings.embed_documents = embed  # type: ignore[method-assign]
    assistant.warm()
    assert model.prompts == []


def test_a_model_that_gets_ready_is_kept_by_who_asks_again(make: Make) -> None:
    may_be_ready, is_over = threading.Event(), threading.Event()

    class Slow(FakeModel):
        def warm(self) -> None:
            self.thread = threading.current_thread()
            assert may_be_ready.wait(60)
            is_over.set()

    model = Slow()
    assistant = make(model, **UNSURE)
    assistant.ask("Who slept?")
    assistant.close()
    assistant.ask("Who slept?")
    model.closed = False
    may_be_ready.set()
    assert is_over.wait(60)
    model.thread.join(60)
    assert not model.closed


def test_a_model_that_does_not_get_ready_says_so_when_it_is_asked(make: Make) -> None:
    class Gone(FakeModel):
        def warm(self) -> None:
            raise ModelError("It is gone.")

    assert make(Gone(), **UNSURE).ask("Who slept?").nearest
    with pytest.raises(ModelError, match="gone"):
        make(Gone()).warm()


def test_what_was_found_missing_is_warmed_again(make: Make, tmp_path: Path) -> None:
    (tmp_path / "news.txt").write_text(NEWS.text, encoding="utf-8")
    model = FakeModel()
    assistant = make(model, corpus=tmp_path)
    assistant.warm()
    asked = len(model.prompts)
    assistant.knock()
    assistant.warm()
    assert len(model.prompts) == asked
    model.gone = ModelError("It is gone.")
    with pytest.raises(ModelError):
        assistant.knock()
    assistant.warm()
    assert len(model.prompts) == 2 * asked


def test_of_a_few_short_documents_the_likeliest_is_evaluated_whole_once_for_all_that_ask(
    make: Make,
) -> None:
    model = FakeModel(chances=[{"None": 5.0}])
    other = Document(id="other", title="Other", text="Ann sang. Bob slept. " * 20)
    with make(model, [NEWS, other]) as assistant:
        assistant.ask("Who opened the bridge?")
        (read,) = model.prepared
        assert all(f"] {sentence}" in read for sentence in NEWS.text.split(". ")[:2])
        assert "Ann sang" not in read
        for scope in assistant.whole_texts():
            assistant.warm_text(scope)
        assert model.prepared[1] == read  # as it was asked about, so that it is evaluated once
        assert "Ann sang" in model.prepared[2]


def test_searching_asks_no_model(make: Make) -> None:
    model = FakeModel()
    found = make(model).search("Who opened the bridge?", k=2)
    (best, _) = found.evidence
    assert not found.is_behind
    assert best.text == "The mayor opened a bridge in Oslo."
    assert model.prompts == []


def test_a_glance_shows_what_is_likely_to_be_read_and_asks_no_model(make: Make) -> None:
    model = FakeModel()
    assistant = make(model)
    assert assistant.glance("Who opened the bridge?") == ()  # the index is not there yet
    assistant.refresh()
    (best, *_) = assistant.glance("Who opened the bridge?")
    assert best.text == "The mayor opened a bridge in Oslo."
    before = [{"role": "user", "content": "Who opened the bridge?"}]
    assert assistant.glance("Where did he do it?", before)[0].text == best.text
    assert model.prompts == []


def test_an_answer_says_how_sure_it_is(make: Make) -> None:
    sure = make(FakeModel(odds=[5]), **SURE).ask("When did the ferry sink?")
    unsure = make(FakeModel(odds=[-5]), **UNSURE).ask("When did the ferry sink?")
    assert sure.confidence is not None
    assert unsure.confidence is not None
    assert sure.confidence > 0 > unsure.confidence


def test_half_a_surrogate_in_a_question_is_no_trouble(make: Make) -> None:
    assistant = make(FakeModel(), **SURE)
    said = [{"role": "user", "content": "Who\ud800?"}]
    answer = assistant.ask("Who slept\ud800?", history=said)
    assert answer.question == "Who slept??"
    assert assistant.receipt(answer).model_dump_json()


def test_a_stream_that_is_cancelled_ends_at_once_and_is_closed(make: Make) -> None:
    has_begun, may_go_on, is_closed = threading.Event(), threading.Event(), threading.Event()

    def slow(*_: object) -> Generator[Event]:
        try:
            has_begun.set()
            may_go_on.wait(30)
            yield StageStarted(stage="read")
        finally:
            is_closed.set()

    assistant = make(FakeModel())
    assistant.stream = slow  # type: ignore[method-assign]

    async def cancelled() -> None:
        asking = asyncio.create_task(assistant.aask("Why?"))
        await asyncio.to_thread(has_begun.wait)
        asking.cancel()
        await asking

    def run() -> None:
        with pytest.raises(asyncio.CancelledError):
            asyncio.run(asyncio.wait_for(cancelled(), 30))

    with ThreadPoolExecutor(1) as elsewhere:
        running = elsewhere.submit(run)
        has_begun.wait(30)
        threading.Timer(0.2, may_go_on.set).start()  # the loop's end waits for its threads
        running.result()
    assert is_closed.wait(30)
