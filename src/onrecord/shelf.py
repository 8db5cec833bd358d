"""A file from anywhere -> a file of the corpus folder: read first, whole or not at all."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from onrecord.corpus import SUFFIXES, CorpusLike, read_document
from onrecord.errors import CorpusError

_ODD = re.compile(r"[^\w .()&+,'’-]+")
_LONGEST_STEM = 100


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
    if not isinstance(corpus, str | Path) or not Path(corpus).is_dir():
        raise CorpusError("Documents can be added where the corpus is one folder; this is not one.")
    folder, suffix = Path(corpus), file.suffix.lower()
    if suffix not in SUFFIXES:
        raise CorpusError(f"{file.name} is of no known kind; these are: {', '.join(SUFFIXES)}.")
    read_document(file, file.parent)
    data = file.read_bytes()
    try:
        return _kept(data, folder, _safe(file.stem), suffix).name
    except OSError as error:
        raise CorpusError(f"{folder} cannot be written ({error.strerror or error}).") from error


def _kept(data: bytes, folder: Path, stem: str, suffix: str) -> Path:
    for path in _names(folder, stem, suffix):
        try:
            path.open("xb").close()  # the name is ours now, or was somebody's
        except FileExistsError:
            if path.is_file() and path.read_bytes() == data:
                return path
            continue
        part = path.with_name(f".{path.name}.part")
        try:
            part.write_bytes(data)
            part.replace(path)
        except OSError:
            part.unlink(missing_ok=True)
            path.unlink(missing_ok=True)
            raise
        return path
    raise AssertionError("there is always another number")


def _names(folder: Path, stem: str, suffix: str) -> Iterator[Path]:
    yield folder / f"{stem}{suffix}"
    yield from (folder / f"{stem} ({number}){suffix}" for number in count(2))


def _safe(stem: str) -> str:
    """Return a name that is a name everywhere: no path, no hidden file, no control characters."""
    plain = _ODD.sub(" ", unicodedata.normalize("NFC", stem))
    return " ".join(plain.split())[:_LONGEST_STEM].strip(" .") or "document"
