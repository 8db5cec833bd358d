"""Chroma in this process's memory, which is given back with the last collection in it."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from chromadb.api.client import Client


class Memory:
    """The one Chroma that all share who keep a collection in memory.

    Of a collection that is deleted Chroma gives back its rows, and not its graph of vectors: that
    takes megabytes, and goes when Chroma does.
    """

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._client: Client | None = None
        self._names: set[str] = set()

    def open(self, name: str) -> Client:
        """Return what keeps a collection of that name, until `give_back`."""
        import chromadb
        from chromadb.config import Settings as ChromaSettings

        with self._turn:
            if self._client is None:
                quiet = ChromaSettings(anonymized_telemetry=False)
                self._client = cast("Client", chromadb.EphemeralClient(settings=quiet))
            self._names.add(name)
            return self._client

    def give_back(self, name: str) -> None:
        """Delete a collection; the others stay."""
        from chromadb.errors import NotFoundError

        with self._turn:
            if self._client is None or name not in self._names:
                return
            self._names.remove(name)
            with suppress(NotFoundError):
                self._client.delete_collection(name)
            if not self._names:
                self._client.close()
                self._client = None


MEMORY = Memory()
