"""Changes of the corpus folder: add a file or a text, take out, put back, give another name.

A new file is read before it counts, nothing is ever written over or deleted, and an id or a path
from outside counts only where it is that of a file that is there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from onrecord.corpus import SUFFIXES, CorpusLike, fingerprint, read_document
from onrecord.errors import CorpusError
from onrecord.files import move_to_free, part_beside
from onrecord.words import composed

_REMOVED = ".removed"
_ODD = re.compile(r"[^\w .()&+,'’-]+")
_NO_TEXT = re.compile(r"[\0\ud800-\udfff]")  # what UTF-8 or corpus.py does not take for text
_LONGEST_STEM = 200  # bytes; file systems take 255, suffix and number included


def put(file: Path, corpus: CorpusLike) -> str:
    """Copy a file into the corpus folder, and return the id of its document.

    A file that is there already, byte for byte and under the same name, is not copied again;
    another of the same name is given a number.

    Args:
        file: What to add.
        corpus: Must be one folder.

    Raises:
        CorpusError: There is no such folder, the file cannot be read or is of no known kind, or
            the folder cannot be written.
    """
    folder, suffix = _folder(corpus), file.suffix.lower()
    if suffix not in SUFFIXES:
        raise CorpusError(f"{file.name} is of no known kind; these are: {', '.join(SUFFIXES)}.")
    read_document(file, file.parent)
    with _changing(folder):
        return _kept(file.read_bytes(), _names(folder, _safe(file.stem), suffix)).name


def write(title: str, text: str, corpus: CorpusLike) -> str:
    """Add a text as a Markdown file that is named by its title, and return its document's id.

    The document has this title and this text, but for what a file does not keep: the title's
    white space becomes single spaces, the text's line ends become line feeds and the white space
    around it is dropped; NUL and lone surrogates become U+FFFD.

    Args:
        title: What a reader will know it by.
        text: Its body, taken as it is: what looks like front matter in it is text.
        corpus: Must be one folder; names are given as by `put`.

    Raises:
        CorpusError: There is no such folder or it cannot be written, the title is empty, or the
            text has no words or is too long.
    """
    folder, title = _folder(corpus), " ".join(_written(title).split())
    if not title:
        raise CorpusError("The text has no title; give it one.")
    body = _written(text).strip()
    with _changing(folder), TemporaryDirectory() as scratch:
        file = Path(scratch) / f"{_safe(title)}.md"
        file.write_bytes(f"{_front_matter(title)}{body}".encode())
        return put(file, folder)


def remove(document_id: str, corpus: CorpusLike) -> Path:
    """Take a document out of the corpus, and return where its file is kept: see `restore`.

    That is below the hidden folder `.removed` of the corpus, in a folder of its own (they are
    numbered), under the path that it had; so it can be put back under the same id.

    Args:
        document_id: The document's path below the folder.
        corpus: Must be one folder.

    Raises:
        CorpusError: There is no such folder or document, or the folder cannot be written.
    """
    folder = _folder(corpus)
    with _changing(folder):
        file = _file_of(document_id, folder)
        place = _new_folder(_unlinked(folder / _REMOVED, folder)) / file.relative_to(folder)
        place.parent.mkdir(parents=True, exist_ok=True)
        return file.replace(place)


def restore(path: Path, corpus: CorpusLike) -> str:
    """Put a removed file back where it was, and return the id of its document.

    Where another file has taken its name by now, it is given a number.

    Args:
        path: What `remove` returned.
        corpus: The folder that it was removed from.

    Raises:
        CorpusError: There is no such folder or removed file, or the folder cannot be written.
    """
    folder = _folder(corpus)
    with _changing(folder):
        kept = _unlinked(folder / _REMOVED, folder)
        file = _file_of(_below(path, kept), kept)
        parts = file.relative_to(kept).parts
        place = folder.joinpath(*(parts[1:] or parts))  # moved there by hand, it has no number
        _unlinked(place.parent, folder).mkdir(parents=True, exist_ok=True)
        moved = _moved(file, _names(place.parent, place.stem, place.suffix))
        return moved.relative_to(folder).as_posix()


def rename(document_id: str, name: str, corpus: CorpusLike) -> str:
    """Give a document's file another name in the same folder, and return its new id.

    Its suffix stays, and characters that are not safe in a name become spaces. Where another
    file has the name already, it is given a number.

    Args:
        document_id: The document's path below the folder.
        name: The new name, with or without the suffix.
        corpus: Must be one folder.

    Raises:
        CorpusError: There is no such folder or document, the name has no letter or digit, or the
            folder cannot be written.
    """
    folder = _folder(corpus)
    with _changing(folder):
        file = _file_of(document_id, folder)
        stem = _without_suffix(name.strip(), file.suffix)
        if not any(char.isalnum() for char in stem):
            raise CorpusError(f"{name!r:.100} is no name for a file; use letters or digits.")
        moved = _moved(file, _names(file.parent, _safe(stem), file.suffix))
        return moved.relative_to(folder).as_posix()


def _written(text: str) -> str:
    """Return a text as it can be written and is read again."""
    return composed(_NO_TEXT.sub("\ufffd", text))


def _folder(corpus: CorpusLike) -> Path:
    if isinstance(corpus, str | Path):
        with _changing(Path(corpus)):
            if Path(corpus).is_dir():
                return Path(corpus)
    raise CorpusError(
        "Documents can be added and changed where the corpus is one folder, and this is not "
        "one; name a folder with ONRECORD_CORPUS or --corpus."
    )


@contextmanager
def _changing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CorpusError(
            f"{folder} cannot be written ({error.strerror or error}); "
            "make it writable, or make room there."
        ) from error


def _file_of(document_id: str, root: Path) -> Path:
    """Return the file of a document below `root`.

    The id is compared with those of the files that are there, and never opened as a path.
    """
    found = fingerprint(root) if root.is_dir() else ()
    files = {Path(name).relative_to(root).as_posix(): Path(name) for name, *_ in found}
    file = files.get(document_id)
    if file is None:
        raise CorpusError(
            f"There is no document {document_id!r:.100} in {root}; reload the list of documents."
        )
    if file.is_symlink():  # elsewhere it would lead elsewhere
        raise CorpusError(f"{file} is a link; change the file it leads to, or the link by hand.")
    return file


def _below(path: Path, root: Path) -> str:
    """Return a path as an id below `root`; nothing is looked up for it."""
    try:
        return path.absolute().relative_to(root.absolute()).as_posix()
    except ValueError:
        raise CorpusError(
            f"{str(path)!r:.100} is no removed file of this corpus; those are in {root}."
        ) from None


def _unlinked(place: Path, folder: Path) -> Path:
    """Return a place in the folder that no link on the way makes one elsewhere."""
    for part in (place, *place.parents):
        if part == folder:
            break
        if part.is_symlink():
            raise CorpusError(f"{part} is a link; put a folder in its place.")
    return place


def _new_folder(parent: Path) -> Path:
    """Make a folder with the first number that is free."""
    parent.mkdir(exist_ok=True)
    for number in count(1):
        try:
            (parent / str(number)).mkdir()
        except FileExistsError:
            continue
        return parent / str(number)
    raise AssertionError("there is always another number")


def _kept(data: bytes, names: Iterator[Path]) -> Path:
    """Write a file under the first name that is free, or find it there already."""
    for path in names:
        if path.is_file() and path.read_bytes() == data:
            return path
        if path.exists() or path.is_symlink():
            continue
        with part_beside(path) as part:
            part.write_bytes(data)
            if move_to_free(part, path):
                return path
    raise AssertionError("there is always another number")


def _moved(file: Path, names: Iterator[Path]) -> Path:
    """Move a file to the first name that is free, or its own."""
    for path in names:
        if path == file or move_to_free(file, path):
            return path
    raise AssertionError("there is always another number")


def _names(folder: Path, stem: str, suffix: str) -> Iterator[Path]:
    yield folder / f"{stem}{suffix}"
    yield from (folder / f"{stem} ({number}){suffix}" for number in count(2))


def _front_matter(title: str) -> str:
    """Return front matter that gives this title, on one line and quoted."""
    quoted = yaml.safe_dump(title, default_style='"', allow_unicode=True, width=float("inf"))
    return f"---\ntitle: {quoted}---\n\n"


def _without_suffix(name: str, suffix: str) -> str:
    return name[: -len(suffix)] if name.lower().endswith(suffix.lower()) else name


def _safe(stem: str) -> str:
    """Return a name that is a name everywhere: no path, no hidden file, no control characters."""
    plain = " ".join(_ODD.sub(" ", unicodedata.normalize("NFC", stem)).split())
    return plain.encode()[:_LONGEST_STEM].decode(errors="ignore").strip(" .") or "document"
