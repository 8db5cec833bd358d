"""The embedder: sentence-transformers from a verified folder, with no network."""

from __future__ import annotations

import hashlib
import logging
from functools import cache
from pathlib import Path

from langchain_core.embeddings import Embeddings

from onrecord.errors import WeightsError
from onrecord.models.weights import EMBEDDER, embedder_path
from onrecord.progress import Progress, silent
from onrecord.settings import Settings


def open_embeddings(settings: Settings, progress: Progress = silent) -> Embeddings:
    """Return the embedder; it is loaded once per process and folder.

    Raises:
        WeightsError: Its files are nowhere, not the ones that were meant, or no embedder.
    """
    folder = embedder_path(settings, progress)
    progress("Loading the embedder", None)
    try:
        return _load(folder)
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        why = str(error).partition("\n")[0]
        raise WeightsError(
            f"The embedder in {folder} cannot be loaded ({why}). Name another folder with "
            "ONRECORD_EMBEDDER, or unset it to use the default embedder."
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


@cache
def _load(folder: Path) -> Embeddings:
    from langchain_huggingface import HuggingFaceEmbeddings
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()
    logging.getLogger("sentence_transformers").setLevel(logging.WARNING)
    return HuggingFaceEmbeddings(
        model_name=str(folder),
        model_kwargs={"device": "cpu", "local_files_only": True},
        encode_kwargs={"normalize_embeddings": True, "batch_size": 32},
    )
