"""The names of a claim and its source: do they stand beside what they stand beside there?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from onrecord.english import is_english
from onrecord.moments import MONTHS, WHEN
from onrecord.quantities import amounts
from onrecord.words import FUNCTION_WORDS, WORD, fold, stem

ALSO_NAMES = frozenset({"may", "will", "us"})
"""Words of grammar that with a capital are none."""

_UNIT = re.compile(r"[^\W_]+(?:[’'.\-‑–][^\W_]+)*|,")
_BESIDE = re.compile(r"[.”\"]*[\s‐‑–-]*[“\"]*")
_PREPOSITIONS = frozenset(
    """
    in on at during since after before for from near until
    """.split()
)


class _Unit(NamedTuple):
    """A content word, and the function word or comma that leads to it."""

    word: str
    link: str


def put_together(claim: str, source: str) -> list[str]:
    """Return the names of several words in a claim that are of no one name of its source.

    A name may be shortened ("Captain Dahl" is of "Captain Nils Dahl"), and lose its capitals.
    """
    known = _full_names(source, set())
    parts = {part for name in known for part in name}
    lower = {fold(word) for word in WORD.findall(source) if word.islower()}
    first = {name for name in _names(source) if not is_english(name)}
    within = (_names_within(source) | first) - lower
    return [
        " ".join(name)
        for name in _full_names(claim, within, parts)
        if len(name) > 1 and not any(_is_part(name, full) for full in known)
    ]


def _full_names(text: str, names: set[str], among: set[str] | None = None) -> list[list[str]]:
    """Return the names of a text, each as its folded words.

    Args:
        text: The text.
        names: Words that are names without a capital too.
        among: The only words that count, if not all.
    """
    found: list[list[str]] = [[]]
    end = 0
    for at in WORD.finditer(text):
        word = fold(at.group())
        if not _BESIDE.fullmatch(text, end, at.start()):
            found.append([])
        if _is_name(at.group(), names) and (among is None or word in among):
            found[-1].append(word)
        else:
            found.append([])
        if at.group().endswith(("’s", "'s")):
            found.append([])
        end = at.end()
    return [name for name in found if name]


def _is_name(word: str, names: set[str]) -> bool:
    folded = fold(word)
    if word.islower():
        return folded in names
    return (
        (folded not in FUNCTION_WORDS or folded in ALSO_NAMES)
        and folded not in MONTHS
        and stem(word) not in WHEN
        and not amounts(word)
    )


def _is_part(name: Sequence[str], full: Sequence[str]) -> bool:
    """Tell whether the words of a name are words of the other, in this order."""
    rest = iter(full)
    return all(word in rest for word in name)


def _names_within(text: str) -> set[str]:
    """Return the folded words that a text writes with a capital within a sentence."""
    return {
        fold(word) for word in re.findall(r"(?<=[\w,;:’'”)] )[“\"(]?([A-ZÀ-ÖØ-Þ][\w’'\-‑]*)", text)
    }


def moved_names(claim: str, source: str) -> list[str]:
    """What stands beside a name in a claim must stand beside it in the source.

    So "A accused B" is not taken from "B accused A". A passive may be turned round
    ("mediated by A", "A mediated"), and a phrase may move as a whole ("in Geneva"). But who does
    something is not who has it done to them: "hit by the train" is not "hit the train".
    """
    names = _names(source)
    there = _units(source, names)
    known, agents = _neighbours(there, names), _agents(there)
    units = _units(claim, names)
    return [
        f"“{left.word} … {right.word}” is not how the source puts it"
        for place, (left, right) in enumerate(pairwise(units), 1)
        if (right.link != "by" and (left.word, right.word) in agents)
        or (
            (left.word in names or right.word in names)
            and right.link != ","
            and (left.word, right.word) not in known
            and not (right.link in _PREPOSITIONS and (right.link, right.word) in known)
            and not (right.link == "by" and (_end_of_name(units, place, names), left.word) in known)
        )
    ]


def _names(text: str) -> set[str]:
    """Return the folded words that are names, as far as their capitals tell."""
    first = re.findall(r"(?:^|[.!?]\s+)([A-ZÀ-ÖØ-Þ][\w’'\-‑]*)", text, re.MULTILINE)
    return _names_within(text) | {fold(word) for word in first if fold(word) not in FUNCTION_WORDS}


def _units(text: str, names: set[str]) -> list[_Unit]:
    """Return the content words in order, names as they are and other words as stems."""
    units, link = [], ""
    for word in _UNIT.findall(text):
        folded = fold(word)
        if word == "," or folded in FUNCTION_WORDS:
            is_by = link == "by" and word != ","  # "by the army"
            link = link if is_by else folded or word
            continue
        units.append(_Unit(folded if folded in names else stem(word), link))
        link = ""
    return units


def _neighbours(units: Sequence[_Unit], names: set[str]) -> set[tuple[str, str]]:
    """Return the pairs of words that may stand beside each other, and what links to what."""
    known = {(unit.link, unit.word) for unit in units}
    for place, (left, right) in enumerate(pairwise(units), 1):
        known.add((left.word, right.word))
        if right.link == "by":
            known.add((_end_of_name(units, place, names), left.word))
    return known


def _agents(units: Sequence[_Unit]) -> set[tuple[str, str]]:
    """Return what is done, and the word that names who does it, behind "by" alone."""
    pairs = [((left.word, right.word), right.link == "by") for left, right in pairwise(units)]
    return {pair for pair, is_by in pairs if is_by} - {pair for pair, is_by in pairs if not is_by}


def _end_of_name(units: Sequence[_Unit], place: int, names: set[str]) -> str:
    """Return the last word of the name that begins at `place`: "Berg" of "Mayor Anna Berg"."""
    end = place
    while end + 1 < len(units) and units[end + 1].word in names and not units[end + 1].link:
        end += 1
    return units[end].word
