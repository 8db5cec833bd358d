"""An index that is damaged is mended where it can be, and else by what its message names."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from onrecord import Settings, library
from onrecord.errors import StoreError
from onrecord.library import Library
from onrecord.progress import silent
from onrecord.vectors.place import forget_folders
from tests.fakes import FakeEmbeddings
from tests.faults.indexing import Hashed, check, corpus_of_version, open_index
from tests.faults.killing import Said


@pytest.mark.parametrize("damage", ["cut", "gone"])
def test_half_written_vectors_are_made_again(tmp_path: Path, damage: str) -> None:
    """A process that is killed while Chroma writes them leaves them so."""
    corpus = corpus_of_version(1)
    whole = open_index(tmp_path).sync(corpus).embedded
    forget_folders()
    (graph,) = tmp_path.glob("index/*/index_metadata.pickle")
    for file in [graph] if damage == "cut" else list(graph.parent.iterdir()):
        file.write_bytes(b"") if damage == "cut" else file.unlink()
    assert open_index(tmp_path).sync(corpus).embedded == whole
    assert check(tmp_path, Said(tmp_path / "said"), 1) == []


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    monkeypatch.setattr(library, "open_embeddings", lambda *_: FakeEmbeddings())
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.txt").write_text("The ferry sank. Nobody was hurt.")
    return Library(tmp_path / "corpus", Settings(cache_dir=tmp_path), silent)


def found_by(asked: Library) -> str:
    return asked.retrieve(["ferry"], 1, 9).candidates[0].text


def test_a_damaged_database_is_named_and_gone_when_the_folder_is(
    tmp_path: Path, asked: Library
) -> None:
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "chroma.sqlite3").write_bytes(b"garbage " * 1000)
    for _ in range(2):
        with pytest.raises(StoreError, match=r"delete the folder, and run `onrecord index`"):
            asked.refresh()
    shutil.rmtree(tmp_path / "index")
    assert asked.refresh().embedded == 3
    assert found_by(asked) == "The ferry sank."


def test_an_index_that_breaks_in_use_is_opened_anew(tmp_path: Path, asked: Library) -> None:
    assert found_by(asked) == "The ferry sank."
    shutil.rmtree(tmp_path / "index")
    (tmp_path / "corpus" / "b.txt").write_text("The bridge opened.")
    asked.refresh()
    assert found_by(asked) == "The ferry sank."


def test_no_vector_is_another_texts() -> None:
    first, second = Hashed().embed_documents(["a", "b"])
    assert first != second
