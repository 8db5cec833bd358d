"""What may not be read is named, and stops nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from onrecord import Settings
from onrecord.cli_errors import explained
from onrecord.corpus import fingerprint, load_corpus
from onrecord.doctor import examine
from onrecord.errors import CorpusError
from tests.nobody import as_nobody, locked


@pytest.fixture
def corpus(open_path: Path) -> Path:
    """A folder with two files, one of them in a folder of its own, that are read beforehand."""
    folder = open_path / "corpus"
    (folder / "inner").mkdir(parents=True)
    (folder / "ferry.txt").write_text("The ferry sank.", encoding="utf-8")
    (folder / "inner" / "bridge.txt").write_text("The bridge is closed.", encoding="utf-8")
    assert list(load_corpus(folder).documents) == ["ferry.txt", "inner/bridge.txt"]
    return folder


@pytest.mark.parametrize(
    ("mode", "left_out"),
    [(0o000, "inner"), (0o644, "inner/bridge.txt")],
    ids=["closed", "of names alone"],
)
def test_a_folder_that_cannot_be_read_is_named_and_the_others_are_read(
    corpus: Path, mode: int, left_out: str
) -> None:
    (corpus / "inner").chmod(mode)

    def check() -> None:
        found = load_corpus(corpus)
        assert list(found.documents) == ["ferry.txt"]
        said = {str(corpus / left_out): f"{left_out} cannot be read (Permission denied)"}
        assert {path: why.split(";")[0] for path, why in found.skipped.items()} == said
        assert len(fingerprint(corpus)) == 1

    as_nobody(check)


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_read(corpus: Path) -> None:
    (corpus / "ferry.txt").chmod(0)

    def check() -> None:
        found = load_corpus(corpus)
        assert list(found.documents) == ["inner/bridge.txt"]
        assert list(found.skipped.values()) == ["ferry.txt cannot be read (Permission denied)."]

    as_nobody(check)


@pytest.mark.parametrize("below", ["", "corpus", "a.txt"])
def test_a_corpus_that_cannot_be_read_is_told_from_an_empty_one(
    open_path: Path, below: str
) -> None:
    place = locked(open_path) / below

    def check() -> None:
        for read in (load_corpus, fingerprint):
            with pytest.raises(CorpusError, match=r"cannot be read \(Permission denied\); give"):
                read(place)

    as_nobody(check)


def test_a_command_says_what_it_may_not_read(
    open_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    facts = locked(open_path) / "facts.jsonl"

    def check() -> None:
        with pytest.raises(SystemExit) as ended, explained():
            facts.is_file()
        assert ended.value.code == 1

    as_nobody(check)
    said = "".join("".join(capfd.readouterr()).split())
    assert f"{facts}cannotbereadorwritten(Permissiondenied)" in said
    assert "Traceback" not in said


def test_the_doctor_survives_weights_that_it_may_not_look_for(open_path: Path) -> None:
    own = locked(open_path) / "own.gguf"
    settings = Settings(weights=own, cache_dir=open_path, data_dir=open_path)
    examine(settings)  # which imports what it looks at

    def check() -> None:
        assert any(f"{own}" in found.detail and not found.ok for found in examine(settings))

    as_nobody(check)
