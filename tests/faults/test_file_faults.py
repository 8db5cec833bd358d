"""Files that change, vanish or are left half done by a process that was killed."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from onrecord import corpus as reading
from onrecord.corpus import fingerprint, load_corpus
from onrecord.files import move_to_free, part_beside, write_whole
from onrecord.shelf import put, rename

DIES = """
import os, signal, sys
from pathlib import Path
from onrecord import shelf

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

setattr(Path, sys.argv[1], die)
corpus = Path(sys.argv[2])
shelf.write("b", "Another ferry sank.", corpus) if sys.argv[3] == "write" else shelf.rename(
    "a.txt", "b", corpus
)
"""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "a.txt").write_text("The ferry sank.")
    return folder


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize(
    ("step", "change"),
    [
        ("hardlink_to", "write"),
        ("unlink", "write"),
        ("hardlink_to", "rename"),
        ("unlink", "rename"),
    ],
)
def test_whoever_is_killed_at_a_step_leaves_no_half_document(
    corpus: Path, step: str, change: str
) -> None:
    command = [sys.executable, "-c", DIES, step, str(corpus), change]
    assert subprocess.run(command, check=False).returncode == -9
    found = load_corpus(corpus)
    assert not found.skipped
    assert "The ferry sank." in [document.text for document in found.documents.values()]


@pytest.mark.parametrize("code", [errno.EPERM, errno.ENOTSUP])
def test_where_a_file_has_one_name_alone_it_is_moved_too(
    corpus: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def no_links(self: Path, _target: Path) -> None:
        raise OSError(code, "no links here")

    monkeypatch.setattr(Path, "hardlink_to", no_links)
    assert rename("a.txt", "b", corpus) == "b.txt"
    assert not move_to_free(corpus / "b.txt", corpus / "b.txt")
    assert [path.name for path in corpus.iterdir()] == ["b.txt"]


def test_what_a_killed_process_left_is_swept_away_and_nothing_else(
    tmp_path: Path, corpus: Path
) -> None:
    names = [f".onrecord-{'a' * 32}.part", f".onrecord-{'b' * 32}.part", ".movie.part"]
    for name in names:
        (corpus / name).write_text("half")
        os.utime(corpus / name, (1, 1))
    os.utime(corpus / names[1])  # its process may be at work
    (tmp_path / "c.txt").write_text("The bridge opened.")
    put(tmp_path / "c.txt", corpus)
    write_whole(corpus / "d.txt", "It rained.")
    assert sorted(path.name for path in corpus.iterdir()) == [
        ".movie.part",
        names[1],
        *("a.txt", "c.txt", "d.txt"),
    ]


def test_a_clock_that_jumps_forward_sweeps_nothing_away_that_is_being_written(
    tmp_path: Path, corpus: Path
) -> None:
    (tmp_path / "c.txt").write_text("The bridge opened.")
    with part_beside(corpus / "d.txt") as part:
        part.write_text("It rained.")
        os.utime(part, (1, 1))
        put(tmp_path / "c.txt", corpus)
        part.replace(corpus / "d.txt")
    assert sorted(path.name for path in corpus.iterdir()) == ["a.txt", "c.txt", "d.txt"]


@pytest.mark.parametrize("when", [0, 1_000_000_000, 9_000_000_000], ids=["epoch", "past", "future"])
def test_a_change_of_the_same_size_and_time_is_seen(corpus: Path, when: int) -> None:
    file = corpus / "a.txt"
    os.utime(file, (when, when))
    before = fingerprint(corpus)
    file.write_text("The ferry swam.")
    os.utime(file, (when, when))
    assert fingerprint(corpus) != before


def test_a_clock_that_jumps_back_hides_no_change(corpus: Path) -> None:
    file = corpus / "a.txt"
    os.utime(file, (9_000_000_000, 9_000_000_000))
    before = fingerprint(corpus)
    file.write_text("The ferry swam.")
    assert fingerprint(corpus) != before


def test_a_file_that_vanishes_while_it_is_read_does_not_stop_the_others(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = [corpus / "a.txt", corpus / "gone.txt"]
    monkeypatch.setattr(reading, "_files", lambda _root: (listed, {}))
    assert [name for name, *_ in fingerprint(corpus)] == [str(corpus / "a.txt")]
    found = load_corpus(corpus)
    assert list(found.documents) == ["a.txt"]
    assert "gone.txt cannot be read (No such file or directory)" in found.skipped[str(listed[1])]
