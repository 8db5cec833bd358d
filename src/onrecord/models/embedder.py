"""The embedder: sentence-transformers from a verified folder, with no network."""

from __future__ import annotations

import hashlib
import logging
from functools import cache
from pathlib import Path

from langchain_core.embeddings import Embeddings

from onrecord.models.weights import EMBEDDER, embedder_path
from onrecord.progress import Progress, silent
from onrecord.settings import Settings


def open_embeddings(settings: Settings, progress: Progress = silent) -> Embeddings:
    """Return the embedder; it is loaded once per process and folder.

    Raises:
        WeightsError: Its files are nowhere, or not the ones that were meant.
    """
    folder = embedder_path(settings, progress)
    progress("Loading the embedder", None)
    return _load(folder)


def embedder_id(settings: Settings) -> str:
    """Return a short name of the embedder's weights: another embedder, another index."""
    if settings.embedder is None:
        return EMBEDDER.files[0].sha256[:12]
    digest = hashlib.sha256()
    for path in sorted(settings.embedder.rglob("*")):
        if path.is_file():
            stat = path.stat()
            digest.update(f"{path.name}:{stat.st_size}:{stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:12]


@cache
def _load(folder: Path) -> Embeddings:
    from langchain_huggingface import HuggingFaceEmbeddings
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    logging.getLogger("sentence_transformers").setLevel(logging.WARNING)
    return HuggingFaceEmbeddings(
        model_name=str(folder),
        model_kwargs={"device": "cpu", "local_files_only": True},
        encode_kwargs={"normalize_embeddings": True, "batch_size": 32},
    )
