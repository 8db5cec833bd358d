"""What is said and kept on a disk that is full, and on one that cannot be written.

Run as a program of its own, with the folder that a small disk is mounted on, another folder that
shows the same disk and cannot be written, and one elsewhere.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from onrecord import OnrecordError, Settings
from onrecord.conversations import Conversations
from onrecord.corpus import load_corpus
from onrecord.evals.asking import Observation
from onrecord.evals.cache import Cache
from onrecord.index import chunks_of
from onrecord.models.weights import obtain
from onrecord.shelf import put, remove
from tests.conversations.samples import WHEN, WHO
from tests.evals.eval_samples import answer, fact
from tests.faults.indexing import corpus_of_version, open_index
from tests.faults.joining import published


@dataclass(frozen=True)
class Acts:
    """Things that write to a disk; each can be done again and again."""

    disk: Path
    elsewhere: Path
    conversation: str
    version: int = 0

    def all(self) -> dict[str, Callable[[], object]]:
        return {
            "add": lambda: put(self.elsewhere / f"{self.version}.txt", self.disk / "corpus"),
            "converse": lambda: self.store.add(self.conversation, WHO),
            "join": self.join,
            "evaluate": self.evaluate,
            "index": self.index,
        }

    @property
    def store(self) -> Conversations:
        return Conversations(self.disk / "data" / "conversations.db")

    def join(self) -> None:
        weights = published(self.elsewhere, 0).model_copy(update={"size": 1})  # it seems to fit
        obtain(weights, Settings(cache_dir=self.disk / "cache"))

    def evaluate(self) -> None:
        seen = Observation(answer=answer("Three.", 1), retrieved=(), confidence=None, seconds=1)
        cache = Cache(self.disk / "kept", {"version": self.version})
        cache.put(fact(), seen)
        assert cache.get(fact()) == seen

    def index(self) -> None:
        index, corpus = open_index(self.disk), corpus_of_version(self.version)
        index.sync(corpus)
        index.sweep()
        assert set(index._store.get(include=[])["ids"]) == {it.id for it in chunks_of(corpus)}

    def kept(self) -> tuple[list[str], int]:
        """Return what of it can be read back."""
        documents = load_corpus(self.disk / "corpus").documents.values()
        exchanges = self.store.load(self.conversation).exchanges
        return [document.text for document in documents], len(exchanges)


def begin(disk: Path, elsewhere: Path) -> Acts:
    for version in range(2):
        text = f"Ferry {version} sank. " * 20_000
        (elsewhere / f"{version}.txt").write_text(text, encoding="utf-8")
    (disk / "corpus").mkdir()
    (disk / "corpus" / "a.txt").write_text("It was old.", encoding="utf-8")
    begun = Conversations(disk / "data" / "conversations.db").begin(WHEN)
    return Acts(disk, elsewhere, begun.id)


def said_of(acts: dict[str, Callable[[], object]]) -> dict[str, str]:
    """Do things, and return what each has to say to its user; "" where it is done."""
    said = dict.fromkeys(acts, "")
    for name, act in acts.items():
        try:
            act()
        except OnrecordError as error:
            said[name] = f"{type(error).__name__}: {error}"
    return said


@contextmanager
def filled(disk: Path) -> Iterator[None]:
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            pass
    yield
    ballast.unlink()


def main(disk: Path, view: Path, elsewhere: Path) -> None:
    acts = begin(disk, elsewhere)
    before = acts.kept()
    with filled(disk):
        full = said_of(acts.all())
    safe = acts.kept() == before
    left = [path.name for path in disk.rglob("*.part*")]
    freed = said_of(acts.all())
    before = acts.kept()
    looked = replace(acts, disk=view, version=1)
    remove_one = {"remove": lambda: remove("a.txt", view / "corpus")}
    read_only = said_of({**looked.all(), **remove_one})
    safe = safe and acts.kept() == looked.kept() == before
    found = {"full": full, "freed": freed, "read_only": read_only, "safe": safe, "left": left}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
