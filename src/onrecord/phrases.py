"""Where a claim's phrases stand in its source: "to Paris" is not "from Paris", nor 12 "to 12"."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from onrecord.names import ALSO_NAMES
from onrecord.quantities import numbers
from onrecord.words import FUNCTION_WORDS, fold, stem

_WORD = re.compile(r"\d[\d.,]*\d|[^\W_]+(?:[’'][^\W_]+)*|[,;:]")
_DIRECTIONS = frozenset(
    """
    to from by before after until since for against above below over under
    """.split()
)
"""Of these, another one says another thing."""
_PREPOSITIONS = _DIRECTIONS | {"in", "on", "at", "during", "near", "with"}


class _Phrase(NamedTuple):
    """A word of content behind a preposition, and the one before that (stems or numbers)."""

    before: str
    preposition: str
    word: str


def moved_phrases(claim: str, source: str) -> list[str]:
    """Return the phrases of a claim that its source does not have so, each in words.

    Another preposition is one where the source has the word behind some preposition, or where it is
    a number. And where the source has another phrase of that kind behind the same word ("ended in
    Vienna"), that is not "ended in Geneva", which it says of something else.
    """
    behind = defaultdict[tuple[str, str], set[str]](set)  # of "ended in": what stands behind it
    before = defaultdict[str, set[str]](set)  # of "Vienna": the prepositions that stand before it
    for each in _phrases(source):
        behind[each.before, each.preposition].add(each.word)
        before[each.word].add(each.preposition)
    return [
        f"“{each.preposition} {each.word}” is not how the source puts it"
        for each in dict.fromkeys(_phrases(claim))
        if _is_turned(each, before[each.word])
        or _is_other(each, behind[each.before, each.preposition])
    ]


def _is_turned(phrase: _Phrase, prepositions: set[str]) -> bool:
    is_said = bool(prepositions) or phrase.word[0].isdigit()
    return phrase.preposition in _DIRECTIONS and is_said and phrase.preposition not in prepositions


def _is_other(phrase: _Phrase, words: set[str]) -> bool:
    return bool(phrase.before and words) and phrase.word not in words


def _phrases(text: str) -> Iterator[_Phrase]:
    before, preposition = "", ""
    for place, word in enumerate(_WORD.findall(text)):
        folded = fold(word)
        if folded in _PREPOSITIONS:
            preposition = folded
        elif word in ",;:":
            preposition = ""
        elif folded not in FUNCTION_WORDS or (place and folded in ALSO_NAMES and word[0].isupper()):
            if preposition:
                yield _Phrase(before, preposition, _key(word))
            before, preposition = _key(word), ""


def _key(word: str) -> str:
    """Return what is compared of a word: of "two" the number, as of "2"."""
    return next(iter(numbers(word)), stem(word))
