"""What Chroma has written into a folder, told from what anybody else keeps there, and removed."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

_DATABASE = re.compile(r"chroma\.sqlite3(?:-journal|-wal|-shm)?")
_COLLECTION = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_VECTORS = (
    "data_level0.bin",
    "header.bin",
    "index_metadata.pickle",
    "length.bin",
    "link_lists.bin",
)


def remove_collections(folder: Path) -> bool:
    """Remove Chroma's database and vectors from a folder; tell whether there was any of it.

    All else stays: somebody may have named a folder as the cache that holds things of their own.

    Raises:
        OSError: It cannot be removed.
    """
    entries = tuple(folder.iterdir())
    databases = [each for each in entries if _DATABASE.fullmatch(each.name) and not each.is_dir()]
    collections = [each for each in entries if _COLLECTION.fullmatch(each.name) and each.is_dir()]
    vectors = [each / name for each in collections for name in _VECTORS if (each / name).is_file()]
    for file in (*databases, *vectors):
        file.unlink()
    for collection in collections:
        with suppress(OSError):  # there is something else in it
            collection.rmdir()
    return bool(databases or vectors)
