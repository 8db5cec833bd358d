"""The corpus folder is changed under harmless names; nothing is lost, and nothing else touched."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from onrecord.corpus import load_corpus, read_document
from onrecord.errors import CorpusError
from onrecord.shelf import _safe, put, remove, rename, restore, write
from onrecord.words import composed
from tests.nobody import as_nobody, locked

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=200)
AWKWARD_TEXT = st.text(
    st.sampled_from("-ab\n\r\t :\"'\\#%{}[]|>&*!?,\x00\x07\x85\u2028\ufeff\ud800é漢😀")
)


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
    with pytest.raises(CorpusError, match="one folder"):
        write("A ferry", "It sank.", file)
    with pytest.raises(CorpusError, match="one folder"):
        remove("a.txt", [tmp_path])


def test_a_folder_that_cannot_be_written_is_named(open_path: Path) -> None:
    file, folder = sent(open_path, "a.txt"), open_path / "corpus"
    folder.mkdir(mode=0o500)

    def check() -> None:
        for place in (folder, locked(open_path), locked(open_path) / "corpus"):
            with pytest.raises(CorpusError, match="cannot be written"):
                put(file, place)
            with pytest.raises(CorpusError, match="cannot be written"):
                write("A title", "A text.", place)

    as_nobody(check)


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


@given(ANY_TEXT)
@example("漢" * 300)
@example("../../etc/passwd")
def test_any_name_becomes_a_harmless_one(stem: str) -> None:
    name = _safe(stem)
    assert name
    assert not name.startswith(".")
    assert name not in ("..", "~")
    assert not set(name) & set('/\\:*?"<>|\0\n')
    assert len(name.encode()) <= 200


def test_a_pasted_text_becomes_a_document(corpus: Path) -> None:
    key = write("Ferry: 3 dead", "The ferry sank.\r\nIt was old.\n", corpus)
    assert key == "Ferry 3 dead.md"
    document = load_corpus(corpus).documents[key]
    assert (document.title, document.text) == ("Ferry: 3 dead", "The ferry sank.\nIt was old.")


def test_the_file_of_a_pasted_text_is_plain_to_read(corpus: Path) -> None:
    title = 'The “Skagen” sinks: no "act of God", says the inquiry, but “neglect” ' * 3
    written = corpus / write(title, "It was old.", corpus)
    quoted = title.strip().replace('"', r"\"")
    assert written.read_text(encoding="utf-8") == f'---\ntitle: "{quoted}"\n---\n\nIt was old.'


def test_a_pasted_text_is_not_written_twice_nor_over_another(corpus: Path) -> None:
    texts = ["The ferry sank.", "The ferry did not sink.", "The ferry sank."]
    keys = [write("A ferry", text, corpus) for text in texts]
    assert keys == ["A ferry.md", "A ferry (2).md", "A ferry.md"]


def test_front_matter_within_a_pasted_text_is_text(corpus: Path) -> None:
    text = "---\ntitle: Another\nsource: Nobody\n---\n\nThe ferry sank."
    document = read_document(corpus / write("A ferry", text, corpus), corpus)
    assert (document.title, document.text, document.source) == ("A ferry", text, "")


@pytest.mark.parametrize(
    ("title", "text", "why"),
    [
        (" \n", "It sank.", "no title"),
        ("A ferry", " \n-", "no words"),
        ("A", "a" * 20_000_001, "MB"),
    ],
)
def test_what_is_no_document_is_not_written(corpus: Path, title: str, text: str, why: str) -> None:
    with pytest.raises(CorpusError, match=why):
        write(title, text, corpus)
    assert not list(corpus.iterdir())


@given(ANY_TEXT | AWKWARD_TEXT, ANY_TEXT | AWKWARD_TEXT)
@example("---", "---\na\n---\n")
@example("漢" * 300, "a")
@example("\ufeff", "0")
@example("a\u0301", "e\u0301\u00ad\n.")
def test_whatever_is_written_is_read_back(title: str, text: str) -> None:
    title_kept = " ".join(without_no_text(title).split())
    text_kept = without_no_text(text).replace("\r\n", "\n").replace("\r", "\n").strip()
    with TemporaryDirectory() as name:
        folder = Path(name)
        if not title_kept or not re.search(r"\w", text_kept):
            with pytest.raises(CorpusError):
                write(title, text, folder)
            assert not list(folder.iterdir())
            return
        document = read_document(folder / write(title, text, folder), folder)
        assert (document.title, document.text) == (title_kept, text_kept)
        assert [document.id] == [path.name for path in folder.iterdir()]


def without_no_text(text: str) -> str:
    return composed(
        "".join("\ufffd" if char == "\0" or "\ud800" <= char <= "\udfff" else char for char in text)
    )


def test_a_removed_document_is_kept_and_no_longer_read(corpus: Path) -> None:
    fill(corpus, {"a.txt": "The ferry sank.", "old/b.txt": "It was old."})
    kept = remove("old/b.txt", corpus)
    assert kept == corpus / ".removed" / "1" / "old" / "b.txt"
    assert kept.read_text(encoding="utf-8") == "It was old."
    assert list(load_corpus(corpus).documents) == ["a.txt"]


def test_of_one_name_many_can_be_removed_and_put_back(corpus: Path) -> None:
    kept = []
    for text in ("One.", "Two.", "Three."):
        fill(corpus, {"old/b.txt": text})
        kept.append(remove("old/b.txt", corpus))
    assert [restore(path, corpus) for path in kept] == [
        "old/b.txt",
        "old/b (2).txt",
        "old/b (3).txt",
    ]
    texts = {key: found.text for key, found in load_corpus(corpus).documents.items()}
    assert texts == {"old/b.txt": "One.", "old/b (2).txt": "Two.", "old/b (3).txt": "Three."}


def test_a_document_with_a_number_in_its_name_gets_that_name_back(corpus: Path) -> None:
    fill(corpus, {"a (2).txt": "The ferry sank."})
    assert restore(remove("a (2).txt", corpus), corpus) == "a (2).txt"


def test_a_document_comes_back_where_its_folder_has_gone(corpus: Path) -> None:
    fill(corpus, {"old/b.txt": "It was old."})
    kept = remove("old/b.txt", corpus)
    (corpus / "old").rmdir()
    assert restore(kept, corpus) == "old/b.txt"


def test_nothing_is_put_back_twice(corpus: Path) -> None:
    fill(corpus, {"a.txt": "The ferry sank."})
    kept = remove("a.txt", corpus)
    restore(kept, corpus)
    with pytest.raises(CorpusError, match="no document"):
        restore(kept, corpus)


def test_a_file_that_somebody_moved_among_the_removed_can_be_put_back(corpus: Path) -> None:
    fill(corpus, {".removed/a.txt": "The ferry sank."})
    assert restore(corpus / ".removed" / "a.txt", corpus) == "a.txt"


def test_a_corpus_may_be_named_in_two_ways(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(corpus, {"a.txt": "The ferry sank."})
    monkeypatch.chdir(corpus)
    kept = remove("a.txt", ".")
    assert kept == Path(".removed/1/a.txt")
    assert restore(kept, corpus) == "a.txt"


@pytest.mark.parametrize(
    ("document_id", "name", "renamed"),
    [
        ("a.TXT", "Ferry", "Ferry.TXT"),
        ("a.TXT", " Ferry.txt ", "Ferry.TXT"),
        ("a.TXT", "Ferry.md", "Ferry.md.TXT"),
        ("a.TXT", "../../Ferry: 3 dead", "Ferry 3 dead.TXT"),
        ("a.TXT", ".ferry", "ferry.TXT"),
        ("a.TXT", "a", "a.TXT"),
        ("old/b.txt", "Ferry", "old/Ferry.txt"),
        ("old/b.txt", "c", "old/c (2).txt"),
        ("old/b.txt", "b.txt", "old/b.txt"),
    ],
)
def test_another_name_is_a_safe_one_in_the_same_folder_and_free(
    corpus: Path, document_id: str, name: str, renamed: str
) -> None:
    fill(corpus, {"a.TXT": "The ferry sank.", "old/b.txt": "It was old.", "old/c.txt": "It burnt."})
    before = load_corpus(corpus).documents
    assert rename(document_id, name, corpus) == renamed
    after = load_corpus(corpus).documents
    assert after[renamed].text == before[document_id].text
    assert sorted(found.text for found in after.values()) == sorted(
        found.text for found in before.values()
    )


@pytest.mark.parametrize("name", ["", " ", "…", ".txt", "//"])
def test_what_is_no_name_is_refused(corpus: Path, name: str) -> None:
    fill(corpus, {"a.txt": "The ferry sank."})
    with pytest.raises(CorpusError, match="no name"):
        rename("a.txt", name, corpus)


def test_a_link_is_left_as_it_is(corpus: Path) -> None:
    fill(corpus, {"a.txt": "The ferry sank."})
    (corpus / "b.txt").symlink_to("a.txt")
    for change in (lambda: remove("b.txt", corpus), lambda: rename("b.txt", "c", corpus)):
        with pytest.raises(CorpusError, match="is a link"):
            change()
    assert sorted(load_corpus(corpus).documents) == ["a.txt", "b.txt"]


def test_nothing_is_moved_through_a_link(tmp_path: Path, corpus: Path) -> None:
    fill(tmp_path, {"corpus/a.txt": "One.", "corpus/old/b.txt": "Two.", "other/1/c.txt": "Three."})
    kept = remove("old/b.txt", corpus)
    (corpus / "old").rmdir()
    (corpus / "old").symlink_to(tmp_path / "other")
    with pytest.raises(CorpusError, match="old is a link"):
        restore(kept, corpus)
    (corpus / ".removed").rename(corpus / "kept")
    (corpus / ".removed").symlink_to(tmp_path / "other")
    with pytest.raises(CorpusError, match="removed is a link"):
        remove("a.txt", corpus)
    with pytest.raises(CorpusError, match="removed is a link"):
        restore(corpus / ".removed" / "1" / "c.txt", corpus)
    assert contents(tmp_path / "other") == {"1/c.txt": b"Three."}


def test_where_nothing_can_be_kept_nothing_is_removed(corpus: Path) -> None:
    fill(corpus, {"a.txt": "The ferry sank.", ".removed": "A file, not a folder."})
    with pytest.raises(CorpusError, match="cannot be written"):
        remove("a.txt", corpus)
    assert (corpus / "a.txt").is_file()


def test_a_move_that_fails_leaves_everything_as_it_was(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(corpus, {"a.txt": "The ferry sank."})

    def other_device(self: Path, _target: Path) -> Path:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(Path, "replace", other_device)
    monkeypatch.setattr(Path, "hardlink_to", other_device)
    for change in (lambda: remove("a.txt", corpus), lambda: rename("a.txt", "b", corpus)):
        with pytest.raises(CorpusError, match="cross-device"):
            change()
        assert contents(corpus) == {"a.txt": b"The ferry sank."}


DOCUMENTS = ("a.txt", "old/b.txt", "old/note.md")
REMOVED = (".removed/1/a.txt", ".removed/2/old/b.txt")
PARTS = (
    *(part for path in (*DOCUMENTS, *REMOVED) for part in path.split("/")),
    *("", ".", "..", "~", "\0", "\ud800", "a.txt ", "A.TXT", "b.txt", "corpus", "other"),
    *(".hidden.txt", ".git", "config.txt", "tool.exe", "out.txt", "out", "in.txt", "secret.txt"),
)
PATHS = (
    st.sampled_from((*DOCUMENTS, *REMOVED))
    | st.lists(st.sampled_from(PARTS), min_size=1, max_size=6).map("/".join)
    | ANY_TEXT
)
FROM = st.sampled_from(("", "", "{outer}/", "{outer}/corpus/"))


@settings(max_examples=60)
@given(PATHS, FROM)
def test_whatever_is_removed_nothing_else_is_touched(path: str, origin: str) -> None:
    with world() as (outer, corpus):
        document_id = origin.format(outer=outer) + path
        done = is_done_harmlessly(lambda: remove(document_id, corpus), outer)
        assert done == (document_id in DOCUMENTS)


@settings(max_examples=60)
@given(PATHS, FROM, PATHS)
def test_whatever_is_renamed_nothing_else_is_touched(path: str, origin: str, name: str) -> None:
    with world() as (outer, corpus):
        document_id = origin.format(outer=outer) + path
        done = is_done_harmlessly(lambda: rename(document_id, name, corpus), outer)
        assert document_id in DOCUMENTS or not done


@settings(max_examples=60)
@given(PATHS, FROM)
def test_whatever_is_put_back_nothing_else_is_touched(path: str, origin: str) -> None:
    with world() as (outer, corpus):
        named = corpus / (origin.format(outer=outer) + path)
        done = is_done_harmlessly(lambda: restore(named, corpus), outer)
        assert done == (named in [corpus / kept for kept in REMOVED])


def is_done_harmlessly(change: Callable[[], object], outer: Path) -> bool:
    """Tell whether a change is made: of names in the corpus alone, or of nothing."""
    before = contents(outer)
    try:
        change()
    except CorpusError:
        assert contents(outer) == before
        return False
    after = contents(outer)
    assert sorted(after.values()) == sorted(before.values())
    gone, come = before.keys() - after.keys(), after.keys() - before.keys()
    assert all(key.startswith("corpus/") for key in gone | come)
    assert all(before[key] == after[key] for key in before.keys() & after.keys())
    return True


@contextmanager
def world() -> Iterator[tuple[Path, Path]]:
    """Make a corpus with all that an id could name, and things beside it; tell where."""
    with TemporaryDirectory() as name:
        outer = Path(name)
        corpus = outer / "corpus"
        within = (*DOCUMENTS, *REMOVED, ".hidden.txt", ".git/config.txt", "tool.exe")
        paths = ["secret.txt", "other/b.txt", *(f"corpus/{path}" for path in within)]
        fill(outer, {path: f"This is {path}." for path in paths})
        (corpus / "out.txt").symlink_to(outer / "secret.txt")
        (corpus / "out").symlink_to(outer / "other")
        (corpus / "in.txt").symlink_to(corpus / "a.txt")
        yield outer, corpus


def fill(folder: Path, texts: dict[str, str]) -> None:
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def contents(folder: Path) -> dict[str, bytes]:
    """Return what is in every file, and where every link leads."""
    return {
        path.relative_to(folder).as_posix(): (
            str(path.readlink()).encode() if path.is_symlink() else path.read_bytes()
        )
        for path in folder.rglob("*")
        if path.is_symlink() or path.is_file()
    }
