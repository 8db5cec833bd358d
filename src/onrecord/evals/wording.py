"""When two wordings say the same thing: the normalisation that answers are compared under."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import partial

_SMALL = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_VALUES = {word: value for value, word in enumerate(_SMALL)} | {
    word: 10 * value for value, word in enumerate(_TENS, start=2)
}
_MONTHS = "january february march april may june july august september october november december"

_THOUSANDS_SEPARATOR = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_WORD = re.compile(r"\d+(?:\.\d+)?|[^\W\d_]+")
_ORDINAL_ENDING = re.compile(r"(?<=\d) (?:st|nd|rd|th)\b")
_DROPPED = frozenset({"a", "an", "the", "s"})  # articles, and what a possessive leaves behind
_SPELLED = re.compile(
    rf"\b(?:({'|'.join(_TENS)})(?: ({'|'.join(_SMALL[1:10])}))?|({'|'.join(_SMALL)}))\b"
)
_SCALED = {
    zeros: re.compile(rf"(?<![\d.])(\d{{1,12}}) {name}(?:(?: and)? (\d{{1,{zeros}}})(?![\d.]))?\b")
    for name, zeros in (("hundred", 2), ("thousand", 3), ("million", 6), ("billion", 9))
}
_DAY_FIRST = re.compile(rf"\b(\d{{1,2}}) (?:of )?({_MONTHS.replace(' ', '|')})\b")


def normalise(text: str) -> str:
    """Return the words of a text in the one form under which wordings are compared.

    Case, punctuation, hyphens, possessives, articles and Unicode's variants are dropped;
    "6,500", "six thousand five hundred" and "6500" are one number; "25th of March",
    "25 March" and "March 25" are one date.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    found = _WORD.findall(_THOUSANDS_SEPARATOR.sub("", folded))
    words = _ORDINAL_ENDING.sub("", " ".join(word for word in found if word not in _DROPPED))
    words = _SPELLED.sub(_in_digits, words)
    for zeros, pattern in _SCALED.items():
        words = pattern.sub(partial(_multiplied, zeros), words)
    return _DAY_FIRST.sub(r"\2 \1", words)


def mentions(text: str, phrases: Iterable[str]) -> bool:
    """Tell whether a text contains one of the phrases, whole words only, both normalised."""
    padded = f" {normalise(text)} "
    return any(f" {words} " in padded for words in map(normalise, phrases) if words)


def _in_digits(spelled: re.Match[str]) -> str:
    return str(sum(_VALUES[word] for word in spelled.groups() if word))


def _multiplied(zeros: int, scaled: re.Match[str]) -> str:
    return str(int(scaled[1]) * 10**zeros + int(scaled[2] or 0))
