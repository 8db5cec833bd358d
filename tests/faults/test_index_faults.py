"""An index that is damaged is mended where it can be, and else by what its message names."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from onrecord import Settings, index, library
from onrecord.errors import BarredIndexError, StoreError
from onrecord.index import Index
from onrecord.library import Library
from onrecord.progress import silent
from onrecord.types import EVERYTHING
from onrecord.vectors.place import forget_folders, talking_to
from tests.fakes import FakeEmbeddings
from tests.faults.indexing import Hashed, check, corpus_of_version, open_index
from tests.faults.killing import Said

_READ = (
    "import sys; from pathlib import Path; from tests.faults import indexing; "
    "indexing.open_index(Path(sys.argv[1])).sync(indexing.corpus_of_version(1))"
)


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
    return asked.consult(lambda edition: edition.glance(["ferry"], 1, EVERYTHING))[0].text


def test_a_damaged_database_is_named_and_made_anew_by_what_is_said(
    tmp_path: Path, asked: Library
) -> None:
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "chroma.sqlite3").write_bytes(b"garbage " * 1000)
    for _ in range(2):
        with pytest.raises(StoreError, match=r"run `onrecord index --anew`"):
            asked.refresh()
    assert asked.refresh(anew=True).embedded == 3
    assert found_by(asked) == "The ferry sank."


def test_a_file_in_the_folders_place_stays(tmp_path: Path, asked: Library) -> None:
    (tmp_path / "index").write_text("In the way.")
    for anew in (False, True):
        with pytest.raises(BarredIndexError, match="a file is in its way"):
            asked.refresh(anew)
    (tmp_path / "index").rename(tmp_path / "mine")
    assert asked.refresh().embedded == 3
    assert (tmp_path / "mine").read_text() == "In the way."


def test_what_is_removed_is_chromas_alone(tmp_path: Path, asked: Library) -> None:
    """A cache folder may be one in which somebody else has a folder of that name."""
    asked.refresh()
    folder = tmp_path / "index"
    (header,) = folder.glob("*/header.bin")
    own = folder / "notes" / "header.bin", folder / "a.json", header.with_name("mine.txt")
    own[0].parent.mkdir()
    for file in own:
        file.write_text("Not to be lost.")
    forget_folders()
    (folder / "chroma.sqlite3").write_bytes(b"garbage " * 1000)
    again = Library(tmp_path / "corpus", Settings(cache_dir=tmp_path), silent)
    with pytest.raises(StoreError, match=r"run `onrecord index --anew`"):
        again.refresh()
    assert again.refresh(anew=True).embedded == 3
    assert [file.read_text() for file in own] == ["Not to be lost."] * 3
    assert not header.exists()


def test_a_folder_of_others_that_chroma_cannot_use_is_left_as_it_is(
    tmp_path: Path, asked: Library
) -> None:
    (tmp_path / "index" / "chroma.sqlite3").mkdir(parents=True)
    (tmp_path / "index" / "chroma.sqlite3" / "mine.txt").write_text("Not to be lost.")
    with pytest.raises(BarredIndexError, match=r"nothing in it is an index.*ONRECORD_CACHE_DIR"):
        asked.refresh(anew=True)
    assert (tmp_path / "index" / "chroma.sqlite3" / "mine.txt").exists()


def test_what_is_made_anew_is_one_corpus_alone(tmp_path: Path, asked: Library) -> None:
    (tmp_path / "other.txt").write_text("The bridge opened.")
    other = Library(tmp_path / "other.txt", Settings(cache_dir=tmp_path), silent)
    assert (other.refresh().embedded, asked.refresh().embedded) == (2, 3)
    assert asked.refresh(anew=True).embedded == 3
    assert found_by(asked) == "The ferry sank."
    other = Library(tmp_path / "other.txt", Settings(cache_dir=tmp_path), silent)
    assert other.refresh().embedded == 0


@pytest.mark.parametrize(
    "said", ["database or disk is full", "Permission denied", "database is locked"]
)
def test_an_index_that_is_barred_is_not_thrown_away(
    tmp_path: Path, asked: Library, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    asked.refresh()

    def barred(*_: object) -> None:
        with talking_to(tmp_path / "index"):
            raise OSError(said)

    with monkeypatch.context() as patched:
        patched.setattr(Index, "clear", barred)
        with pytest.raises(BarredIndexError, match="no other program is at it"):
            asked.refresh(anew=True)
    forget_folders()
    again = Library(tmp_path / "corpus", Settings(cache_dir=tmp_path), silent)
    assert again.refresh().embedded == 0


@pytest.mark.thorough
def test_a_vector_file_that_ends_the_process_does_so_once(tmp_path: Path) -> None:
    corpus = corpus_of_version(1)
    whole = open_index(tmp_path).sync(corpus).embedded
    forget_folders()
    (header,) = tmp_path.glob("index/*/header.bin")
    header.write_bytes(header.read_bytes()[:50])
    read = [sys.executable, "-c", _READ, str(tmp_path)]
    ended = subprocess.run(read, cwd=Path(__file__).parents[2], timeout=60, check=False)
    assert ended.returncode < 0, "Chroma can tell by now: the mark is no longer needed"
    said: list[str] = []
    report = open_index(tmp_path).sync(corpus, lambda message, _: said.append(message))
    assert (report.mended, report.embedded) == (True, whole)
    assert said[0] == "Looking whether the index is damaged"
    assert "had ended the process" in said[1]
    again = open_index(tmp_path).sync(corpus)
    assert (again.mended, again.embedded) == (False, 0)
    assert check(tmp_path, Said(tmp_path / "said"), 1) == []


@pytest.mark.parametrize("is_sound", [True, False])
def test_who_finds_the_mark_makes_the_index_anew_where_it_is_damaged(
    tmp_path: Path, asked: Library, monkeypatch: pytest.MonkeyPatch, is_sound: bool
) -> None:
    asked.refresh()
    (manifest,) = tmp_path.glob("index/onrecord-*.json")
    manifest.with_suffix(".opening").touch()
    if not is_sound:
        monkeypatch.setattr(index, "can_be_read", lambda *_: False)
    again = Library(tmp_path / "corpus", Settings(cache_dir=tmp_path), silent)
    report = again.refresh()
    assert (report.mended, report.embedded) == ((False, 0) if is_sound else (True, 3))
    assert not list(tmp_path.glob("index/*.opening"))
    assert again.refresh().mended is False
    assert found_by(again) == "The ferry sank."


def test_who_is_killed_while_embedding_has_ended_in_no_index(tmp_path: Path) -> None:
    marks: list[Path] = []

    class Looking(Hashed):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            marks.extend(tmp_path.glob("*.opening"))
            return super().embed_documents(texts)

    Index(Looking(), "fake", tmp_path, "looking").sync(corpus_of_version(1))
    assert (tmp_path / "index.lock").exists()
    assert marks == []


def test_an_index_that_breaks_in_use_is_opened_anew(tmp_path: Path, asked: Library) -> None:
    assert found_by(asked) == "The ferry sank."
    shutil.rmtree(tmp_path / "index")
    (tmp_path / "corpus" / "b.txt").write_text("The bridge opened.")
    asked.refresh()
    assert found_by(asked) == "The ferry sank."


def test_no_vector_is_another_texts() -> None:
    first, second = Hashed().embed_documents(["a", "b"])
    assert first != second
