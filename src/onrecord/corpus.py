"""Files -> `Document`s and their sentences."""

from __future__ import annotations

import os
import re
import string
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from math import ceil
from pathlib import Path

from charset_normalizer import from_bytes

from onrecord.errors import CorpusError
from onrecord.extract import EXTRACTORS, Extracted, extract
from onrecord.front_matter import front_matter, heading
from onrecord.sentences import split_sentences
from onrecord.types import Document, Sentence
from onrecord.words import composed, well_formed

SUFFIXES = (".txt", ".md", *EXTRACTORS)
MAX_BYTES = 20_000_000

_WORD = re.compile(r"\w")

_ELSEWHERE = "or name another folder with ONRECORD_CORPUS or --corpus."

Stamp = tuple[str, int, int, int]
"""Path, size and times of a file: another as soon as the file is."""
CorpusLike = str | Path | Document | Sequence[str | Path | Document]


@dataclass(frozen=True)
class Corpus:
    """What there is to ask about.

    Attributes:
        documents: The documents that could be read, by id.
        sentences: Their sentences, by document id.
        skipped: Why a file or a folder could not be read, by its path.
        stamps: What the file of a document was like when it was read, by document id.
        refused: Why a file was refused for what it is, by what it was like then.
    """

    documents: dict[str, Document]
    sentences: dict[str, tuple[Sentence, ...]]
    skipped: dict[str, str] = field(default_factory=dict)
    stamps: dict[str, Stamp] = field(default_factory=dict)
    refused: dict[Stamp, str] = field(default_factory=dict)

    def before(self, sentence: Sentence) -> Sentence:
        """Return the sentence before one in its document; of the first one, itself."""
        return self.sentences[sentence.document_id][max(0, sentence.index - 1)]


def load_corpus(source: CorpusLike, before: Corpus | None = None) -> Corpus:
    """Read a folder, a file, documents, or a list of them.

    Files and inner folders that cannot be read are listed in `skipped`, and do not stop the others.

    Args:
        source: What to read.
        before: The same as it was read before: files that have not changed are not read again, be
            it that they were refused.

    Raises:
        CorpusError: A path does not exist or may not be read, two documents have one id, or nothing
            could be read.
    """
    before = before or Corpus({}, {})
    documents: dict[str, Document] = {}
    skipped: dict[str, str] = {}
    stamps: dict[str, Stamp] = {}
    refused: dict[Stamp, str] = {}
    for item in _items(source):
        if isinstance(item, Document):
            _add(documents, item)
            continue
        root = Path(item)
        files, unreadable = _files(root)
        folder = root if root.is_dir() else root.parent
        skipped |= unreadable
        for path in files:
            stamp = _stamp(path)  # first: what changes meanwhile is read again
            name = path.relative_to(folder).as_posix()
            try:
                _add(documents, _known(before, name, stamp) or read_document(path, folder))
                if stamp is not None:
                    stamps[name] = stamp
            except CorpusError as error:
                skipped[well_formed(str(path))] = str(error)
                is_for_its_name = name in documents  # another file has it, which may go
                if stamp is not None and not is_for_its_name and _is_lasting(error):
                    refused[stamp] = str(error)
    if not documents:
        raise CorpusError(_nothing_read(source, skipped))
    sentences = {
        key: before.sentences[key]
        if before.documents.get(key) is document
        else split_sentences(document)
        for key, document in documents.items()
    }
    return Corpus(documents, sentences, skipped, stamps, refused)


def fingerprint(source: CorpusLike) -> tuple[Stamp, ...]:
    """Return path, size and times of every file: it changes when a file does.

    A program can set the time of a file's modification back (`cp -p` does), and not that of its
    change of state. They are compared for being equal alone, so that a clock may jump.
    """
    folders = (Path(item) for item in _items(source) if not isinstance(item, Document))
    stamps = (_stamp(path) for folder in folders for path in _files(folder)[0])
    return tuple(stamp for stamp in stamps if stamp is not None)


def read_document(path: Path, root: Path) -> Document:
    """Read one file; its id is its path below `root`.

    The front matter (`---`, YAML, `---`) of a text or Markdown file may give title, date and
    source; the document's text, and so every offset, begins behind it. All line ends become a
    line feed, and an accent one character with its letter (NFC). Of other files the text is taken:
    see extract.py.

    Raises:
        CorpusError: The file is too large, damaged, binary, empty or unreadable, or its name is
            not UTF-8.
    """
    name = path.relative_to(root).as_posix()
    if name != (shown := well_formed(name)):
        raise CorpusError(f"{shown} has a name that is not UTF-8; rename the file.")
    data = _bytes_of(path)
    suffix = path.suffix.lower()
    found = extract(path.name, suffix, data) if suffix in EXTRACTORS else _plain(path, data)
    text = composed(found.text)
    if not _WORD.search(text):
        raise CorpusError(f"{path.name} has no words in it; write some text, or remove the file.")
    title = found.title or (heading(found.text) if suffix == ".md" else "") or _title_of(path)
    return Document(
        id=name,
        title=composed(title) or _title_of(path),
        text=text,
        source=composed(found.source),
        date=well_formed(found.date),
        pages=_pages(found, text),
    )


def _items(source: CorpusLike) -> Iterable[str | Path | Document]:
    return [source] if isinstance(source, str | Path | Document) else source


def _known(before: Corpus, name: str, stamp: Stamp | None) -> Document | None:
    """Return the document of a file as it was read before; None where the file is another.

    Raises:
        CorpusError: It was refused before.
    """
    if stamp is None:
        return None
    if why := before.refused.get(stamp):
        raise CorpusError(why)
    return before.documents[name] if stamp == before.stamps.get(name) else None


def _is_lasting(error: CorpusError) -> bool:
    """Tell whether a file is refused for what it is; what else was in the way may be gone soon."""
    return not isinstance(error.__cause__, OSError | MemoryError)


def _add(documents: dict[str, Document], document: Document) -> None:
    if document.id in documents:
        raise CorpusError(
            f"Two documents are called {document.id!r}; rename one, so that citations stay clear."
        )
    documents[document.id] = document


def _files(root: Path) -> tuple[list[Path], dict[str, str]]:
    """Return the files of a corpus, and why what else is there cannot be looked at, by its path."""
    if not _is_folder(root):
        return [root], {}
    files: list[Path] = []
    unreadable: list[OSError] = []
    inside = root.resolve()
    for folder, folders, names in os.walk(root, onerror=unreadable.append):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for path in (Path(folder, name) for name in names if not name.startswith(".")):
            try:
                if path.suffix.lower() in SUFFIXES and _is_file_inside(path, inside):
                    files.append(path)
            except OSError as error:
                unreadable.append(error)
    gone = FileNotFoundError  # since it was listed
    left_out = [_left_out(error, root) for error in unreadable if not isinstance(error, gone)]
    return sorted(files), dict(left_out)


def _stamp(path: Path) -> Stamp | None:
    try:
        stat = path.stat()
    except OSError:  # it has gone since it was listed
        return None
    return str(path), stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns


def _is_folder(root: Path) -> bool:
    """Tell whether a corpus is a folder, which can be listed, or a file.

    Raises:
        CorpusError: It is neither, or may not be looked at.
    """
    try:
        if root.is_file():
            return False
        if root.is_dir():
            os.scandir(root).close()
            return True
    except OSError as error:
        raise CorpusError(
            f"The corpus at {root} cannot be read ({error.strerror}); "
            f"give whoever runs onrecord the right to read it, {_ELSEWHERE}"
        ) from error
    raise CorpusError(
        f"There is no corpus at {root}; put documents there ({_kinds()}), {_ELSEWHERE}"
    )


def _is_file_inside(path: Path, folder: Path) -> bool:
    return path.is_file() and path.resolve().is_relative_to(folder)


def _left_out(error: OSError, root: Path) -> tuple[str, str]:
    """Return what cannot be looked at, and why, in words."""
    name = Path(error.filename).relative_to(root).as_posix()
    return well_formed(str(error.filename)), well_formed(
        f"{name} cannot be read ({error.strerror}); it is left out, with all that is in it."
    )


def _nothing_read(source: CorpusLike, skipped: dict[str, str]) -> str:
    where = str(source) if isinstance(source, str | Path) else "the corpus that was given"
    why = "".join(f" {reason}" for reason in list(skipped.values())[:3])
    return f"Nothing to ask about in {where}: put a document there ({_kinds()}).{why}"


def _kinds() -> str:
    return ", ".join(SUFFIXES)


def _bytes_of(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise CorpusError(
                f"{path.name} is {ceil(size / 1e5) / 10:g} MB; the limit is "
                f"{MAX_BYTES / 1e6:.0f} MB. Split it into smaller files."
            )
        return path.read_bytes()
    except OSError as error:
        raise CorpusError(f"{path.name} cannot be read ({error.strerror}).") from error


def _plain(path: Path, data: bytes) -> Extracted:
    """Return what a text or Markdown file says, behind its front matter."""
    return front_matter(_decoded(path, data).replace("\r\n", "\n").replace("\r", "\n"))


def _pages(found: Extracted, text: str) -> tuple[int, ...]:
    """Return where each page begins in a text whose words were made whole."""
    if text == found.text:
        return found.pages
    between = (found.text[start:end] for start, end in pairwise((0, *found.pages)))
    return tuple(accumulate(len(composed(part)) for part in between))


def _decoded(path: Path, data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        guess = from_bytes(data).best()
        if guess is None:
            raise CorpusError(f"{path.name} is not text; save it as UTF-8 text.") from None
        text = str(guess)
    if "\0" in text:
        raise CorpusError(f"{path.name} is a binary file; save its text as .txt or .md.")
    return text


def _title_of(path: Path) -> str:
    return string.capwords(re.sub(r"[-_]+", " ", path.stem)) or path.name
