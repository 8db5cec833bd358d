"""A corpus folder that is changed in every way there is, by a process that is killed."""

from __future__ import annotations

import hashlib
import os
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from onrecord.shelf import put, remove, rename, restore, write
from tests.faults.killing import Said, Scenario

_CHANGES = 20
_HOUR = 4000.0  # seconds, and some more


def work(folder: Path, said: Said, number: int) -> None:
    """Add, paste, rename, take out and put back documents, one after the other."""
    chance = random.Random(f"{number} {len(said.lines)}")
    corpus = folder / "corpus"
    corpus.mkdir(exist_ok=True)
    for step in range(len(said.lines), len(said.lines) + _CHANGES):
        documents = sorted(path.name for path in corpus.glob("[!.]*"))
        removed = sorted((corpus / ".removed").rglob("*.*"))
        ways = ["put", "write"] if len(documents) < 12 else []
        ways += ["rename", "remove"] if documents else []
        ways += ["restore"] if removed else []
        match chance.choice(ways):
            case "put":
                file = folder / f"{step % 5}.txt"
                file.write_text(_signed(f"{step} put", 400), encoding="utf-8")
                said.begin(f"new {step} put")
                put(file, corpus)
                said.done(f"new {step} put")
            case "write":
                said.begin(f"new {step} write")
                write(f"Title {step % 5}", _signed(f"{step} write", 4), corpus)
                said.done(f"new {step} write")
            case "rename":
                said.begin("rename")
                rename(chance.choice(documents), f"Name {step % 5}", corpus)
                said.done("rename")
            case "remove":
                said.begin("remove")
                remove(chance.choice(documents), corpus)
                said.done("remove")
            case "restore":
                said.begin("restore")
                restore(chance.choice(removed), corpus)
                said.done("restore")


def check(folder: Path, said: Said, number: int) -> list[str]:
    """Every document that was added is there, once and whole, and nothing else is."""
    corpus = folder / "corpus"
    there = Counter(_names_of(corpus))
    lost = [f"{name} is gone" for name in _added(said) if not there[name]]
    lost += [f"{what} is no whole document" for what in there if what.startswith("half")]
    before = len(there)
    _age(corpus)
    file = folder / "next.txt"
    file.write_text(_signed("next", 1), encoding="utf-8")
    if rename(put(file, corpus), "Next start", corpus) != "Next start.txt":
        lost.append("the next change has another name")
    if len(Counter(_names_of(corpus))) != before + 1:
        lost.append("the next change changes something else")
    lost += [f"{path.name} is left" for path in corpus.rglob(".*.part")]
    return lost


def _added(said: Said) -> Iterator[str]:
    return (what.removeprefix("new ") for what in said.finished if what.startswith("new "))


def _signed(name: str, lines: int) -> str:
    """Return a text that shows whether it is whole: its name, some lines, and their hash."""
    body = f"{name}\n\n" + "A line of the text.\n" * lines
    return f"{body}{hashlib.sha256(body.encode()).hexdigest()}"


def _names_of(corpus: Path) -> Iterator[str]:
    """Yield the name of each document, in the corpus or taken out of it; of none that is half."""
    for path in sorted(corpus.rglob("*.*")):
        if path.is_file() and not path.name.startswith("."):
            text = path.read_text(encoding="utf-8")
            body, seal = text[:-64], text[-64:]
            if text.startswith("---"):
                body = body.split("---\n\n", 1)[-1]
            whole = hashlib.sha256(body.encode()).hexdigest() == seal
            yield (
                body.partition("\n")[0] if whole else f"half: {path.name} ({len(text)} characters)"
            )


def _age(corpus: Path) -> None:
    """Make what a killed process has left as old as it is when it is swept away."""
    for path in corpus.rglob(".*.part"):
        then = path.stat().st_mtime - _HOUR
        os.utime(path, (then, then))


SHELVING = Scenario("changing the corpus folder", work, check, ("onrecord.corpus",), 3, 80)
