"""Does a claim say more than the sentences that it cites? Its numbers, names and quotations tell.

This is apart from the check that the pipeline makes itself: what is measured must not be what
is measuring.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from hunspell import Hunspell

from onrecord import Claim
from onrecord.evals.wording import mentions, normalise

_WORD = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)*")
_OPENING = re.compile(r"(?:^|[.!?:…]|[\"“‘(])\W*$")  # before a word that begins a sentence
_QUOTATION = re.compile(r"“([^“”]+)”|\"([^\"]+)\"|‘([^‘’]+)’")
_PRONOUN = "i"  # the one word that is capitalised anywhere, and names nobody
_ONE = "1"  # which "one" and "no one" become too
_WRITTEN_ONE = re.compile(r"(?<![\d.,])1(?![\d.,]*\d)")


_COUNTERS = """
    once twice thrice first second third fourth fifth sixth seventh eighth ninth tenth eleventh
    twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth
    half halves quarter quarters thirds fifths tenths dozen dozens hundreds thousands millions
    billions twenties thirties forties fifties sixties seventies eighties nineties
    """.split()
_WHEN = """
    monday tuesday wednesday thursday friday saturday sunday january february april june july august
    september october november december spring summer autumn winter noon midnight am pm
    yesterday today tonight tomorrow
    """.split()
_UNITS = """
    dollar euro pound krone kroner percent kilometre metre mile foot feet kilogram tonne litre
    degree minute hour day week month year decade
    """.split()
_SHORT_UNITS = {"$": "dollar", "€": "euro", "£": "pound", "%": "percent", "km": "kilometre"} | {
    "kg": "kilogram",
    "per cent": "percent",
    "kilometer": "kilometre",
    "meter": "metre",
}
_SHORT_UNIT = re.compile(
    "|".join(rf"(?<![^\W\d]){re.escape(unit)}(?![^\W\d])(?!s\b)" for unit in _SHORT_UNITS)
)
_STRICT = frozenset([*_COUNTERS, *_WHEN, *_UNITS])
_ONE_OF = re.compile(r"\bone ([a-z]{3,})\b", re.IGNORECASE)
_TOGETHER = re.compile(r"\d+(?:[-–/:]\d+)+")
_CAPITALS = re.compile(r"[A-ZÀ-Þ][\w-]*(?: [A-ZÀ-Þ][\w-]*)*")


def unsupported(claim: Claim) -> tuple[str, ...]:
    """Return the numbers, dates, units, names and quotations of a claim that its sources lack.

    Numbers, names and quotations are compared under `wording.normalise`, whole words only. A name
    is a capitalised word within the sentence. So "Armenia" is not found in "Armenian", nor "EU" in
    "European Union": the check is strict, and knows no inference. Two names in a row must be of one
    name there; a word in small letters that the sources lack must be English.
    """
    cited = " ".join(citation.text for citation in claim.citations)
    said = (*_numbers(claim.text), *_names(claim.text), *_quotations(claim.text))
    return (
        *(part for part in said if normalise(part) and not mentions(cited, [part])),
        *sorted(_closed(claim.text) - _closed(cited)),
        *sorted(_pairs(claim.text) - _pairs(cited)),
        *(two for two in _joined(claim.text, cited)),
        *(noun for noun in _ONE_OF.findall(claim.text) if _is_more_than_one(noun, cited)),
        *(word for word in _strange(claim.text) if not mentions(cited, [word, f"{word}s"])),
    )


def _closed(text: str) -> set[str]:
    """Return the words of a text that count, measure or say when, plural units as singular ones."""
    spelled = _SHORT_UNIT.sub(
        lambda found: f" {_SHORT_UNITS[found.group()]} ",
        re.sub(r"\b([ap])\.m\b", r"\1m", text.lower()),
    )
    words = _WORD.findall(spelled)
    units = {word.removesuffix("s") for word in words if word != "seconds"}
    # "I am" is no time of day.
    no_time = set() if re.search(r"\d ?am\b", spelled) else {"am"}
    return ({*words} & _STRICT | units & set(_UNITS)) - no_time


def _pairs(text: str) -> set[str]:
    """Return what is written as one thing of several numbers: times, scores, days in digits."""
    return {found.replace("–", "-") for found in _TOGETHER.findall(text)}


def _joined(claim: str, cited: str) -> Iterator[str]:
    """Yield two names in a row that do not follow each other in any name of the cited text."""
    known = {
        pair
        for name in _CAPITALS.findall(cited)
        for place, first in enumerate(name.split())
        for pair in ((first, later) for later in name.split()[place + 1 :])
    }
    within = " ".join(_CAPITALS.findall(cited)).removeprefix(_opening_word(cited))
    capitals = {word for word in within.split() if word.lower() not in (*_WHEN, "may", "march")}
    for name in _CAPITALS.findall(claim):
        for first, second in pairwise(name.split()):
            if {first, second} <= capitals and (first, second) not in known:
                yield f"{first} {second}"


def _opening_word(text: str) -> str:
    """Return the word that begins a text, where its capital is no sign of a name."""
    word = _WORD.match(text)
    return word.group() if word and _is_english(word.group().lower()) else ""


def _is_more_than_one(noun: str, cited: str) -> bool:
    words = normalise(cited).split()
    before = {first for first, second in pairwise(words) if second in (noun, f"{noun}s")}
    return any(word.isdigit() for word in before) and _ONE not in before and noun not in words


def _strange(text: str) -> Iterator[str]:
    """Yield the words in small letters that no dictionary has; a name is not English so."""
    for word in _WORD.findall(text):
        if word.islower() and word not in _STRICT and not _is_english(word):
            yield word


def _is_english(word: str) -> bool:
    return not word.isascii() or bool(_dictionary().spell(word))


@cache
def _dictionary() -> Hunspell:
    return Hunspell("en_US")


def _numbers(text: str) -> Iterator[str]:
    for word in normalise(text).split():
        if word[0].isdigit() and (word != _ONE or _WRITTEN_ONE.search(text)):
            yield word


def _names(text: str) -> Iterator[str]:
    for found in _WORD.finditer(text):
        word = found.group()
        if (
            word[0].isupper()
            and normalise(word).split()[:1] != [_PRONOUN]
            and not normalise(word)[:1].isdigit()  # "Two" is a number
            and not _OPENING.search(text[: found.start()])
        ):
            yield word


def _quotations(text: str) -> Iterator[str]:
    for found in _QUOTATION.finditer(text):
        yield next(part for part in found.groups() if part)
