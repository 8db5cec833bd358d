"""A corpus whose every sentence answers one question: what each answer has to cite is known."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count, product
from pathlib import Path

_STARTS = ("Var", "Kel", "Mor", "Tess", "Ost", "Brim", "Hal", "Fen", "Gar", "Lind")
_ENDS = ("holt", "mere", "stad", "wick", "burg", "dale", "ness", "ford", "haven", "rode")
_PEOPLE = ("Ida", "Jonas", "Marta", "Henrik", "Clara", "Pavel", "Agnes", "Tomas")
_FAMILIES = ("Kesler", "Brandt", "Olsen", "Novak", "Weiss", "Lund", "Ferrer", "Maas")
_DEEDS = (
    ("built the lighthouse", "The lighthouse of {town} was built by {who} in {year}."),
    ("designed the bridge", "The bridge of {town} was designed by {who}, who was {age}."),
    ("founded the choir", "The choir of {town} was founded by {who} with {age} singers."),
    ("directs the museum", "The museum of {town} is directed by {who} since {year}."),
    ("steers the ferry", "The ferry of {town} is steered by {who} {age} times a day."),
    ("planted the orchard", "The orchard of {town} was planted by {who} in {year}."),
)


@dataclass(frozen=True)
class Fact:
    """A question, and where its answer stands.

    Attributes:
        question: In plain words.
        document: The id of the one document that is about it.
    """

    question: str
    document: str


def write_corpus(folder: Path, towns: int) -> Sequence[Fact]:
    """Write a document about each of so many towns (100 at most), and return what is in them."""
    folder.mkdir(parents=True, exist_ok=True)
    chance, numbers = random.Random(1), count(1801)
    names = [f"{start}{end}" for start, end in product(_STARTS, _ENDS)]
    chance.shuffle(names)
    facts = []
    for town in names[:towns]:
        name = f"{town.lower()}.txt"
        said = []
        for deed, sentence in _DEEDS:
            who = f"{chance.choice(_PEOPLE)} {chance.choice(_FAMILIES)}"
            told = {"town": town, "who": who, "year": next(numbers) % 200 + 1800}
            said.append(sentence.format(**told, age=chance.randint(20, 90)))
            facts.append(Fact(f"Who {deed} of {town}?", name))
        (folder / name).write_text(
            f"---\ntitle: News from {town}\n---\n{' '.join(said)}\n", encoding="utf-8"
        )
    return facts
