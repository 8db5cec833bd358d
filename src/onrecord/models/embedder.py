"""The embedder: sentence-transformers from a verified folder, with no network.

It is compiled once per machine (`compile.py`), so that later processes start without PyTorch.
"""

from __future__ import annotations

import hashlib
import logging
from contextlib import suppress
from pathlib import Path

from langchain_core.embeddings import Embeddings

from onrecord.alone import alone
from onrecord.errors import WeightsError
from onrecord.models.compile import NotCompiledError, compile_embedder
from onrecord.models.compiled import CompiledEmbeddings
from onrecord.models.weights import EMBEDDER, check_again, embedder_path
from onrecord.progress import Progress, silent
from onrecord.settings import Settings

_COMPILED = "1"
"""Goes into the compiled folder's name: raise it when it is made another way."""

_loaded: dict[tuple[Path, Path], Embeddings] = {}
"""The embedders of this process, by their folders: each is loaded once."""


def open_embeddings(settings: Settings, progress: Progress = silent) -> Embeddings:
    """Return the embedder; it is loaded once per process and folder.

    Raises:
        WeightsError: Its files are nowhere, not the ones that were meant, or no embedder.
        LeftError: Nobody waits for it any more.
    """
    folder = embedder_path(settings, progress)
    compiled = settings.cache_dir / "compiled" / f"{embedder_id(settings)}-{_COMPILED}"
    progress("Loading the embedder", None)
    try:
        return _load(folder, compiled, progress)
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        why = str(error).partition("\n")[0]
        own = "Name another folder with ONRECORD_EMBEDDER, or unset it to use the default embedder"
        remedy = own if settings.embedder else check_again(EMBEDDER, settings)
        raise WeightsError(
            f"The embedder in {folder} cannot be loaded ({why}). {remedy}."
        ) from error


def embedder_id(settings: Settings) -> str:
    """Return a short name of the embedder's weights: another embedder, another index."""
    if settings.embedder is None:
        return EMBEDDER.files[0].sha256[:12]
    folder, digest = settings.embedder.expanduser(), hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            stat, name = path.stat(), path.relative_to(folder).as_posix()
            digest.update(f"{name}:{stat.st_size}:{stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:12]


def _load(folder: Path, compiled: Path, progress: Progress) -> Embeddings:
    known = folder, compiled
    if known not in _loaded:
        try:
            _loaded[known] = _compiled(folder, compiled, progress)
        except (NotCompiledError, OSError, RuntimeError):  # slower, but not for want of that
            _loaded[known] = _as_it_is(folder)
    return _loaded[known]


def _compiled(folder: Path, compiled: Path, progress: Progress = silent) -> Embeddings:
    """Return the compiled embedder, compiling it where that was not done yet."""
    with suppress(OSError, RuntimeError):
        return CompiledEmbeddings(compiled)
    compiled.parent.mkdir(parents=True, exist_ok=True)
    word = "Waiting for another onrecord to be done with compiling the embedder"
    too_long = NotCompiledError("another process has been at it for long")
    with alone(compiled.with_suffix(".lock"), word, too_long, progress):
        with suppress(OSError, RuntimeError):  # another process has just done it
            return CompiledEmbeddings(compiled)
        _be_quiet()
        compile_embedder(folder, compiled)
    return CompiledEmbeddings(compiled)


def _as_it_is(folder: Path) -> Embeddings:
    from langchain_huggingface import HuggingFaceEmbeddings

    _be_quiet()
    return HuggingFaceEmbeddings(
        model_name=str(folder),
        model_kwargs={"device": "cpu", "local_files_only": True},
        encode_kwargs={"normalize_embeddings": True, "batch_size": 32},
    )


def _be_quiet() -> None:
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()
    logging.getLogger("sentence_transformers").setLevel(logging.WARNING)
