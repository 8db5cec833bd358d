"""A collection of vectors in Chroma, wherever that is: in memory, a folder, or a server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from langchain_core.embeddings import Embeddings

from onrecord.errors import BarredIndexError, LostIndexError, StoreError
from onrecord.vectors.client import connect
from onrecord.vectors.failures import explained
from onrecord.vectors.memory import MEMORY
from onrecord.vectors.server import ChromaServer

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from langchain_chroma import Chroma

Place = Path | ChromaServer | None
"""A folder, a server, or None: memory."""

_BARRED = re.compile(
    r"disk is full|no space left|read-?only (?:database|file system)|permission denied"
    r"|access denied|is locked|(?:resource|is) busy",
    re.IGNORECASE,
)
"""What Chroma or the system says of an index in which nothing is damaged.

Whole phrases, since it names the folder too, which may be called anything.
"""
_TAKEN_AWAY = "code: 1032"
"""SQLite's word for a file that is open, cannot be written, and is no longer in its folder."""


def open_collection(place: Place, name: str, embeddings: Embeddings) -> Chroma:
    """Return a collection, which is made where there is none of that name.

    Raises:
        StoreError: The folder cannot be opened, or the server cannot be used.
    """
    from langchain_chroma import Chroma

    with talking_to(place):
        return Chroma(
            collection_name=name,
            embedding_function=embeddings,
            client=_client(place, name),
            collection_configuration={"hnsw": {"space": "cosine"}},
        )


def give_back(place: Place, name: str) -> None:
    """Give back what a collection takes in memory; one in a folder or on a server stays.

    Raises:
        StoreError: It cannot be deleted.
    """
    if place is None:
        with talking_to(place):
            MEMORY.give_back(name)


def talking_to(place: Place) -> AbstractContextManager[None]:
    """Turn what goes wrong with Chroma in the block into a `StoreError` that says what to do."""
    return explained(place) if isinstance(place, ChromaServer) else _explained_here(place)


def _client(place: Place, name: str) -> ClientAPI:
    import chromadb
    from chromadb.config import Settings as ChromaSettings

    if isinstance(place, ChromaServer):
        return connect(place)
    if place is None:
        return MEMORY.open(name)
    quiet = ChromaSettings(anonymized_telemetry=False)
    place.mkdir(parents=True, exist_ok=True)
    return chromadb.PersistentClient(path=str(place), settings=quiet)


@contextmanager
def _explained_here(folder: Path | None) -> Iterator[None]:
    from chromadb.errors import ChromaError, InternalError, NotFoundError

    try:
        yield
    except (FileExistsError, NotADirectoryError) as error:
        raise BarredIndexError(
            f"The index cannot be kept in {folder}: a file is in its way that is none of "
            "onrecord's. Move that away, or name another folder with ONRECORD_CACHE_DIR."
        ) from error
    except (ChromaError, OSError, ValueError, RuntimeError) as error:
        forget_folders()
        if _BARRED.search(str(error)) and _TAKEN_AWAY not in str(error):
            raise BarredIndexError(
                f"The index in {folder or 'memory'} cannot be used now ({error}). See that its "
                "disk is not full, the folder is yours and no other program is at it, and do this "
                "again."
            ) from error
        lost = isinstance(error, NotFoundError | InternalError)
        raise (LostIndexError if lost else StoreError)(
            f"The index in {folder or 'memory'} cannot be used ({error}). "
            "What onrecord keeps there can be made again: run `onrecord index --anew`."
        ) from error


def forget_folders() -> None:
    """Have Chroma open its folders anew: it would go on with what it has opened, or failed to."""
    from chromadb.api.shared_system_client import SharedSystemClient

    SharedSystemClient.clear_system_cache()
