"""What a run was made of, as hashes and versions: two runs of the same pins can be compared."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from importlib.resources.abc import Traversable

from onrecord import Document

_PACKAGES = (
    *("onrecord", "xllamacpp", "sentence-transformers", "torch", "chromadb", "bm25s"),
    *("langchain-core", "langchain-openai", "sentencex", "snowballstemmer", "numpy"),
)
_NOT_ANSWERING = ("evals", "ui", "cli", "__pycache__")
"""What the names of those parts of the package begin with that no answer goes through."""


def pins(model: str, documents: Iterable[Document]) -> dict[str, str]:
    """Return what an answer depends on, beside the question and the settings.

    Args:
        model: The model's name.
        documents: The corpus.

    Returns:
        The model's name; SHA-256 (hexadecimal) of the documents' texts and titles together,
        of the prompts, and of the package (its code, prompts and trained reader); and the
        versions of Python and of the packages that answers go through.
    """
    by_id = sorted(documents, key=lambda document: document.id)
    texts = [part for each in by_id for part in (each.id, each.title, each.text)]
    return {
        "model": model,
        "documents": _digest(text.encode("utf-8", "surrogatepass") for text in texts),
        "prompts": _digest(_contents(files("onrecord.prompts"))),
        "package": _digest(_contents(files("onrecord"))),
        "python": platform.python_version(),
        **{name: _version(name) for name in _PACKAGES},
    }


def _contents(folder: Traversable) -> Iterator[bytes]:
    """Yield names and contents of all files below a folder, in the order of their names."""
    for item in sorted(folder.iterdir(), key=lambda item: item.name):
        if item.name.startswith(_NOT_ANSWERING):
            continue
        if item.is_dir():
            yield from _contents(item)
        else:
            yield item.name.encode()
            yield item.read_bytes()


def _digest(parts: Iterable[bytes]) -> str:
    """Return one SHA-256 of many parts, each marked off from the next."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(hashlib.sha256(part).digest())
    return whole.hexdigest()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
