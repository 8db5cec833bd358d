"""Whether a collection can be read, found out by a process of its own, which may end of it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

_LONGEST = 120.0  # seconds, most of which a sound one takes only on a machine with much else to do


def ids_of(get: Callable[..., Any]) -> list[str]:
    """Return the ids of all chunks of a collection, whose vectors are opened for that too.

    Args:
        get: The collection's method of that name.
    """
    ids: list[str] = get(include=[])["ids"]
    get(ids[:1] or None, limit=1, include=["embeddings"])  # of another file
    return ids


def can_be_read(folder: Path, collection: str) -> bool:
    """Tell whether Chroma can read a collection's ids and vectors, and comes out of it."""
    # What the working directory holds is nobody's module.
    command = [sys.executable, "-P", "-m", __name__, str(folder), collection]
    nothing = subprocess.DEVNULL
    try:
        read = subprocess.run(  # noqa: S603 (our own module, and no shell that reads the rest)
            command, stdin=nothing, stdout=nothing, stderr=nothing, timeout=_LONGEST, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return read.returncode == 0


def _read(folder: str, collection: str) -> None:
    import chromadb
    from chromadb.config import Settings as ChromaSettings

    client = chromadb.PersistentClient(folder, ChromaSettings(anonymized_telemetry=False))
    ids_of(client.get_collection(collection, embedding_function=None).get)


if __name__ == "__main__":
    _read(*sys.argv[1:])
