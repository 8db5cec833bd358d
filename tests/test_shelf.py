"""What somebody adds lands in the corpus folder, under a harmless name, whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.corpus import load_corpus
from onrecord.errors import CorpusError
from onrecord.shelf import _safe, put


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    return folder


def sent(tmp_path: Path, name: str, text: str = "The ferry sank.") -> Path:
    (tmp_path / "sent").mkdir(exist_ok=True)
    path = tmp_path / "sent" / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_is_copied_and_can_be_read(tmp_path: Path, corpus: Path) -> None:
    assert put(sent(tmp_path, "A ferry.TXT"), corpus) == "A ferry.txt"
    assert list(load_corpus(corpus).documents) == ["A ferry.txt"]


def test_nothing_is_written_over(tmp_path: Path, corpus: Path) -> None:
    (corpus / "a.txt").write_text("An older text.", encoding="utf-8")
    file = sent(tmp_path, "a.txt")
    assert [put(file, corpus), put(file, corpus)] == ["a (2).txt", "a (2).txt"]
    assert (corpus / "a.txt").read_text(encoding="utf-8") == "An older text."
    assert sorted(path.name for path in corpus.iterdir()) == ["a (2).txt", "a.txt"]


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("a.exe", "MZ", "no known kind"),
        ("a.txt", " \n", "no words"),
        ("a.pdf", "not a pdf", "damaged"),
    ],
)
def test_what_cannot_be_read_is_not_added(
    tmp_path: Path, corpus: Path, name: str, text: str, why: str
) -> None:
    with pytest.raises(CorpusError, match=why):
        put(sent(tmp_path, name, text), corpus)
    assert not list(corpus.iterdir())


def test_only_a_folder_takes_documents(tmp_path: Path) -> None:
    file = sent(tmp_path, "a.txt")
    with pytest.raises(CorpusError, match="one folder"):
        put(file, file)
    with pytest.raises(CorpusError, match="one folder"):
        put(file, [tmp_path])


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write")
def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, corpus: Path) -> None:
    corpus.chmod(0o500)
    with pytest.raises(CorpusError, match="cannot be written"):
        put(sent(tmp_path, "a.txt"), corpus)
    corpus.chmod(0o700)


def test_a_write_that_fails_leaves_nothing_behind(
    tmp_path: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = sent(tmp_path, "a.txt")

    def full(self: Path, _data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(CorpusError, match="No space left"):
        put(file, corpus)
    assert not list(corpus.iterdir())


@given(st.text(max_size=200))
def test_any_name_becomes_a_harmless_one(stem: str) -> None:
    name = _safe(stem)
    assert name
    assert not name.startswith(".")
    assert name not in ("..", "~")
    assert not set(name) & set('/\\:*?"<>|\0\n')
    assert len(name) <= 100
