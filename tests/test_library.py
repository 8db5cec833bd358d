"""What is asked while documents are being indexed by another thread, with a real Chroma."""

from __future__ import annotations

import hashlib
import shutil
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from filelock import FileLock

from onrecord import Assistant, Settings, alone, library
from onrecord.edition import Edition
from onrecord.errors import HeldIndexError, LostIndexError
from onrecord.library import Library
from onrecord.progress import silent
from onrecord.types import EVERYTHING, Answer, AnswerReady, Document, EvidenceFound
from onrecord.vectors.memory import Memory
from tests.fakes import FakeEmbeddings, FakeModel

FERRY = "The ferry sank. Nobody was hurt."
BRIDGE = "The bridge was opened slowly."


class Held(FakeEmbeddings):
    """Embeds what is slow only once it may."""

    def __init__(self) -> None:
        super().__init__()
        self.has_begun, self.may_end = threading.Event(), threading.Event()

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        if any("slowly" in text for text in texts):
            self.has_begun.set()
            assert self.may_end.wait(30)
        return super().embed_documents(texts)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[Held]:
    embeddings = Held()
    monkeypatch.setattr(library, "open_embeddings", lambda *_: embeddings)
    monkeypatch.setattr(library, "embedder_id", lambda _: "fake")
    monkeypatch.setattr(library, "_PATIENCE", 0.01)
    yield embeddings
    embeddings.may_end.set()


@pytest.fixture
def others() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as pool:
        yield pool


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "a.txt").write_text(FERRY)
    return folder


@pytest.fixture
def asked(tmp_path: Path, corpus: Path, held: Held) -> Library:
    return Library(corpus, Settings(cache_dir=tmp_path), silent)


def best(asked: Library, words: str = "Who opened the bridge?") -> str:
    return asked.consult(lambda edition: edition.glance([words], 1, EVERYTHING))[0].text


def indexing(others: ThreadPoolExecutor, held: Held, work: Callable[[], object]) -> Future[object]:
    """Begin to index what is slow, in another thread, and return while that is at it."""
    begun = others.submit(work)
    assert held.has_begun.wait(30)
    return begun


def check_waited_for(
    asked: Library, held: Held, others: ThreadPoolExecutor, work: Callable[[], object]
) -> None:
    """See that a question is answered from what is being indexed, and not before."""
    begun = indexing(others, held, work)
    question = others.submit(best, asked)
    assert not question.done()
    held.may_end.set()
    assert question.result() == BRIDGE
    begun.result()


def test_a_long_document_keeps_no_question_waiting(
    asked: Library, corpus: Path, held: Held, others: ThreadPoolExecutor
) -> None:
    asked.refresh()
    before = asked.edition()
    (corpus / "b.txt").write_text(BRIDGE)
    work = indexing(others, held, asked.refresh)
    assert best(asked) in FERRY
    assert asked.consult(lambda edition: edition.name) == before != asked.edition()
    assert [*asked.corpus.documents] == ["a.txt"]
    held.may_end.set()
    work.result()
    assert best(asked) == BRIDGE
    assert asked.consult(lambda edition: edition.name) == asked.edition()


def test_the_first_index_is_waited_for(
    asked: Library, corpus: Path, held: Held, others: ThreadPoolExecutor
) -> None:
    (corpus / "b.txt").write_text(BRIDGE)
    check_waited_for(asked, held, others, asked.refresh)


def test_what_is_made_anew_is_waited_for(
    asked: Library, corpus: Path, held: Held, others: ThreadPoolExecutor
) -> None:
    (corpus / "b.txt").write_text(BRIDGE)
    held.may_end.set()
    asked.refresh()
    held.may_end.clear()
    held.has_begun.clear()
    check_waited_for(asked, held, others, lambda: asked.refresh(anew=True))


def test_who_indexes_waits_for_who_indexes_and_says_so(
    asked: Library, corpus: Path, held: Held, others: ThreadPoolExecutor
) -> None:
    asked.refresh()
    (corpus / "b.txt").write_text(BRIDGE)
    work = indexing(others, held, asked.refresh)
    (corpus / "c.txt").write_text("A dog won the race.")
    told: list[str] = []
    waits = threading.Event()

    def tell(message: str, _share: float | None) -> None:
        told.append(message)
        waits.set()

    second = others.submit(asked.refresh, progress=tell)
    assert waits.wait(30)
    assert told == ["Waiting for other documents to be indexed"]
    held.may_end.set()
    assert (second.result().added, work.done()) == (("c.txt",), True)


def test_a_question_whose_chunks_are_swept_away_is_asked_of_the_next_edition(
    asked: Library, corpus: Path, held: Held
) -> None:
    held.may_end.set()
    asked.refresh()
    looked: list[str] = []

    def look(edition: Edition) -> str:
        looked.append(edition.name)
        if len(looked) == 1:  # meanwhile the file is changed, and another thread indexes it
            (corpus / "a.txt").write_text("The ship sank. Nobody was drowned.")
            asked.refresh()
        return edition.find(["What sank?"], 1, 9).candidates[0].text

    assert asked.consult(look) == "The ship sank."
    assert len(set(looked)) == 2


def test_the_chunks_of_an_edition_stay_until_the_next_is_complete(
    asked: Library, corpus: Path, held: Held, others: ThreadPoolExecutor
) -> None:
    asked.refresh()
    (corpus / "a.txt").write_text(BRIDGE)
    work = indexing(others, held, asked.refresh)
    assert best(asked, "What sank?") == "The ferry sank."
    held.may_end.set()
    work.result()
    with pytest.raises(LostIndexError):
        raise_lost(asked)


def test_an_index_that_another_process_holds_is_no_reason_to_forget_what_was_read(
    asked: Library, corpus: Path, held: Held, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alone, "MOMENT", 0.01)
    monkeypatch.setattr(alone, "LONGEST", 0.01)
    held.may_end.set()
    asked.refresh()
    read = asked.consult(lambda edition: edition)
    (corpus / "b.txt").write_text(BRIDGE)
    with FileLock(tmp_path / "index" / "index.lock"), pytest.raises(HeldIndexError):
        best(asked)
    (corpus / "b.txt").unlink()
    assert asked.consult(lambda edition: edition) is read


def test_what_is_in_memory_is_given_back_and_what_others_have_there_stays(
    tmp_path: Path, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = Memory()
    monkeypatch.setattr("onrecord.vectors.place.MEMORY", memory)
    chroma = memory.open("looked at")
    before = chroma.count_collections()
    documents = [Document(id="a", title="a", text=FERRY)]
    settings = Settings(cache_dir=tmp_path)
    one, other = (Assistant(documents, FakeModel(), settings) for _ in range(2))
    assert one.search("ferry").evidence == other.search("ferry").evidence != ()
    assert chroma.count_collections() == before + 2
    one.close()
    embedded = len(held.embedded)
    assert other.search("ferry").evidence
    assert len(held.embedded) == embedded
    other.close()
    assert chroma.count_collections() == before
    assert one.search("ferry").evidence
    for _ in range(2):
        one.close()
    assert chroma.count_collections() == before
    memory.give_back("looked at")


def test_chroma_leaves_memory_with_the_last_collection_there() -> None:
    memory = Memory()
    chroma = memory.open("one")
    assert memory.open("other") is chroma
    memory.give_back("one")
    assert memory.open("other") is chroma
    memory.give_back("other")
    assert memory.open("one") is not chroma
    memory.give_back("one")


def test_an_embedder_whose_files_are_replaced_searches_no_vectors_of_the_old_one(
    asked: Library, corpus: Path, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Turned(FakeEmbeddings):
        def embed_query(self, text: str) -> list[float]:
            return super().embed_query(text)[::-1]

    held.may_end.set()
    assert asked.refresh().embedded == 3
    monkeypatch.setattr(library, "open_embeddings", lambda *_: Turned())
    monkeypatch.setattr(library, "embedder_id", lambda _: "turned")
    assert best(asked, "What sank?") == "The ferry sank."
    (corpus / "b.txt").write_text(BRIDGE)
    assert asked.refresh().embedded == 5
    assert best(asked) == BRIDGE
    assert best(asked, "What sank?") == "The ferry sank."


def raise_lost(asked: Library) -> None:
    index = asked._index
    assert index is not None
    gone = "sentence:" + hashlib.sha256(b"The ferry sank.").hexdigest()[:40]
    index.search(FakeEmbeddings().embed_query("ferry"), (gone,), 1)


def test_an_answer_says_what_it_was_asked_of_and_its_receipt_seals_that(
    tmp_path: Path, corpus: Path, held: Held, others: ThreadPoolExecutor
) -> None:
    settings = Settings(cache_dir=tmp_path, threshold=-100.0)
    with Assistant(corpus, FakeModel(), settings) as assistant:
        assistant.refresh()
        before = assistant.edition()
        (corpus / "a.txt").write_text(f"{FERRY} It was raised {BRIDGE}")
        work = indexing(others, held, assistant.refresh)
        ready = ready_of(assistant, "What sank?")
        assert assistant.search("bridge").is_behind
        held.may_end.set()
        work.result()
        assert ready.edition == before != assistant.edition()
        assert ready.answer.is_behind
        receipt = assistant.receipt(ready.answer)
        assert [each.sha256 for each in receipt.documents] == [sha256(FERRY)]
        assert "edition" not in ready.model_dump()
        now = ready_of(assistant, "What sank?")
        assert now.edition == assistant.edition()
        assert now.answer.documents != ready.answer.documents
        assert not now.answer.is_behind
        assert not assistant.search("bridge").is_behind


def test_an_answer_whose_documents_are_taken_away_meanwhile_is_given_and_says_so(
    tmp_path: Path, corpus: Path, held: Held
) -> None:
    with Assistant(corpus, FakeModel(), Settings(cache_dir=tmp_path)) as assistant:
        events = assistant.stream("What sank?")
        assert any(isinstance(event, EvidenceFound) for event in events)
        shutil.rmtree(corpus)
        *_, ready = events
        assert isinstance(ready, AnswerReady)
        assert ready.answer.is_behind


def test_who_opens_a_page_waits_for_nobody_who_indexes(
    tmp_path: Path, corpus: Path, held: Held, others: ThreadPoolExecutor
) -> None:
    with Assistant(corpus, FakeModel(), Settings(cache_dir=tmp_path)) as assistant:
        assistant.warm()
        (corpus / "b.txt").write_text(BRIDGE)
        (corpus / "c.txt").write_bytes(b"\0")
        work = indexing(others, held, assistant.warm)
        assistant.warm()
        assert assistant.left_out() == {}
        assert not work.done()
        held.may_end.set()
        work.result()
        assert [*map(Path, assistant.left_out())] == [corpus / "c.txt"]


def ready_of(assistant: Assistant, question: str) -> AnswerReady:
    *_, ready = assistant.stream(question)
    assert isinstance(ready, AnswerReady)
    assert isinstance(ready.answer, Answer)
    return ready


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
