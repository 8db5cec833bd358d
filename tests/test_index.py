import re
from pathlib import Path
from threading import Event

import pytest
from filelock import FileLock

from onrecord import alone as module
from onrecord.corpus import Corpus, load_corpus
from onrecord.errors import BarredIndexError, HeldIndexError, StoreError
from onrecord.index import Index, chunks_of
from onrecord.leaving import LeftError, until
from onrecord.retrieve import Retriever
from onrecord.types import Document
from tests.fakes import FakeEmbeddings


def corpus_of(**texts: str) -> Corpus:
    return load_corpus([Document(id=key, title=key, text=text) for key, text in texts.items()])


A = "The ferry sank on Monday. Nobody was hurt."
B = "The mayor opened a bridge. It cost four million euros."


@pytest.fixture
def index(tmp_path: Path, embeddings: FakeEmbeddings) -> Index:
    return Index(embeddings, "fake", tmp_path / "index", "test")


def test_only_what_is_new_is_embedded(index: Index, embeddings: FakeEmbeddings) -> None:
    first = index.sync(corpus_of(a=A))
    assert (first.added, first.sentences, first.embedded) == (("a",), 2, len(embeddings.embedded))
    again = index.sync(corpus_of(a=A))
    assert (again.unchanged, again.embedded) == (("a",), 0)
    more = index.sync(corpus_of(a=A, b=B))
    assert (more.added, more.unchanged) == (("b",), ("a",))
    assert len(embeddings.embedded) == len(set(embeddings.embedded))


def test_a_renamed_document_costs_nothing(index: Index) -> None:
    index.sync(corpus_of(a=A))
    report = index.sync(corpus_of(z=A))
    assert (report.added, report.removed, report.embedded) == (("z",), ("a",), 0)


def test_a_changed_document_is_embedded_where_it_changed(index: Index) -> None:
    index.sync(corpus_of(a=A, b=B))
    report = index.sync(corpus_of(a=A, b=B + " It is red."))
    assert report.changed == ("b",)
    assert 0 < report.embedded <= 3  # the new sentence, its window, and its neighbour's window


def test_a_removed_document_disappears(index: Index, embeddings: FakeEmbeddings) -> None:
    index.sync(corpus_of(a=A, b=B))
    index.sync(corpus_of(b=B))
    index.sweep()
    left = {chunk.id for chunk in chunks_of(corpus_of(b=B))}
    assert index.search(embeddings.embed_query("the ferry sank"), tuple(left), 10).keys() == left
    gone = {chunk.id for chunk in chunks_of(corpus_of(a=A))}
    with pytest.raises(StoreError):
        index.search(embeddings.embed_query("the ferry sank"), tuple(gone), 10)


def test_how_many_of_the_new_sentences_are_embedded_is_told(index: Index) -> None:
    index.sync(corpus_of(a=A))
    told: list[tuple[str, float | None]] = []
    many = " ".join(f"Ship number {number} sank." for number in range(100, 200))
    index.sync(corpus_of(a=A, b=many), lambda *step: told.append(step))
    first, *others, last = told
    assert first == ("Indexing 100 sentences: 0 done", 0.0)
    assert last == ("Indexed 102 sentences", 1.0)
    done = [int(str(re.search(r"(\d+) done", message)[1])) for message, _ in others]
    assert done == sorted(set(done))
    assert 1 <= done[0] <= done[-1] <= 99
    assert [share for _, share in others] == pytest.approx([it / 100 for it in done], abs=0.01)


def test_an_interrupted_run_is_finished_by_the_next(
    tmp_path: Path, embeddings: FakeEmbeddings
) -> None:
    class Interrupted(FakeEmbeddings):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            if self.embedded:
                raise KeyboardInterrupt
            return super().embed_documents(texts)

    many = corpus_of(a=" ".join(f"Sentence number {n} stands here." for n in range(100)))
    broken = Interrupted()
    with pytest.raises(KeyboardInterrupt):
        Index(broken, "fake", tmp_path / "index", "test").sync(many)
    report = Index(embeddings, "fake", tmp_path / "index", "test").sync(many)
    assert report.embedded == len({c.id for c in chunks_of(many)}) - len(broken.embedded)


def test_another_embedder_begins_anew(tmp_path: Path, embeddings: FakeEmbeddings) -> None:
    Index(embeddings, "one", tmp_path, "test").sync(corpus_of(a=A))
    assert Index(embeddings, "two", tmp_path, "test").sync(corpus_of(a=A)).embedded > 0


def test_a_folder_that_cannot_be_used_says_so(tmp_path: Path, embeddings: FakeEmbeddings) -> None:
    (tmp_path / "index").write_text("a file stands in the way")
    with pytest.raises(BarredIndexError, match=r"none of onrecord's.*ONRECORD_CACHE_DIR"):
        Index(embeddings, "fake", tmp_path / "index", "test")


def test_another_process_that_indexes_is_waited_for_with_a_word_and_not_for_ever(
    index: Index, embeddings: FakeEmbeddings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOMENT", 0.01)
    monkeypatch.setattr(module, "LONGEST", 0.05)
    told: list[str] = []
    with FileLock(tmp_path / "index" / "index.lock"):
        with pytest.raises(HeldIndexError, match=r"has been indexing .* end it"):
            index.sync(corpus_of(a=A), lambda message, _: told.append(message))
        with pytest.raises(HeldIndexError):  # to open it too, it may have to be written
            Index(
                embeddings,
                "fake",
                tmp_path / "index",
                "other",
                progress=lambda message, _: told.append(message),
            )
        assert told == ["Waiting for another onrecord to be done with indexing"] * 2
        monkeypatch.setattr(module, "LONGEST", 60.0)
        left = Event()
        left.set()
        with until(left), pytest.raises(LeftError):
            index.sync(corpus_of(a=A))
    assert index.sync(corpus_of(a=A)).embedded == 3


def test_retrieval_ranks_and_carries_exact_text(embeddings: FakeEmbeddings) -> None:
    corpus = corpus_of(a=A, b=B, c=A.replace("ferry", "boat"))
    index = Index(embeddings, "fake", None, "memory-test")
    index.sync(corpus)
    retriever = Retriever(corpus, index, embeddings)
    found = retriever.retrieve("Who opened the bridge?", 4)
    assert found[0].text == "The mayor opened a bridge."
    assert [e.score for e in found] == sorted((e.score for e in found), reverse=True)
    for item in found:
        text = corpus.documents[item.sentence.document_id].text
        assert text[item.sentence.start : item.sentence.end] == item.text
    cost = retriever.retrieve("four million euros", 1)[0]
    assert cost.context == "The mayor opened a bridge."


@pytest.mark.parametrize("question", ["xyzzy", "?!", "the of and", "a" * 5000])
def test_retrieval_takes_any_question(embeddings: FakeEmbeddings, question: str) -> None:
    corpus = corpus_of(a="Only one sentence.")
    index = Index(embeddings, "fake", None, "memory-one")
    index.sync(corpus)
    assert len(Retriever(corpus, index, embeddings).retrieve(question, 8)) == 1
