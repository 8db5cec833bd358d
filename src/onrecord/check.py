"""Does a claim say only what its source says? Rules, each of which names what it found.

Of two kinds. A number, a name, a quotation or a sign that the source does not have is never
published, nor as a fact what it says under a word of doubt. Whatever else a claim does otherwise
than its source (a word of its own, a hedge that is gone, a name beside other words) is a doubt:
rules do not know which clause a hedge belongs to, and a reader that does may set it aside. Where
there is none, a doubt counts as much: a claim that fails is replaced by the source's own words, so
that a false alarm costs style, and a miss would cost the truth.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

from onrecord.quantities import amounts, dates
from onrecord.words import FUNCTION_WORDS, fold, stem, tokens

_NUMBER = re.compile(r"\d(?:[\d.,]*\d)?")
QUOTED = re.compile(r"[“\"«„]([^”\"»“]{2,})[”\"»“]|(?<!\w)[‘']([^’'\n]{8,})[’'](?!\w)")
_WITHIN = re.compile(r"“([^“”\"]{2,})[”\"]")  # the inner one of two, whose outer is never closed
_UNIT = re.compile(r"[^\W_]+(?:[’'.\-‑–][^\W_]+)*|,")

_NUMBER_WORDS = {
    word: str(value)
    for value, word in enumerate(
        """
    zero one two three four five six seven eight nine ten eleven twelve thirteen
    fourteen fifteen sixteen seventeen eighteen nineteen twenty
    """.split()
    )
} | {
    word: str(10 * value)
    for value, word in enumerate(
        """
    thirty forty fifty sixty seventy eighty ninety
    """.split(),
        3,
    )
}

_NEGATIONS = frozenset(
    """
    not no never none nobody nothing neither nor without cannot denied deny denies
    refused refuse refuses rejected reject rejects failed fail fails lacks lacked
    """.split()
)
_HEDGES = frozenset(
    stem(word)
    for word in """
    allegedly alleged reportedly purportedly supposedly claim claimed claiming accuse
    accused suspected apparently possibly perhaps may might could would should rumoured
    rumored expected planned likely believed thought estimated approximately roughly
    implying
    """.split()
)
RUMOURS = frozenset(
    """
    allegedly alleged reportedly purportedly purported supposedly supposed apparently
    presumably rumoured rumored suspected possibly perhaps
    """.split()
)
"""Hedges of what stands right behind them, so that there is no asking which clause they mean."""
ATTRIBUTIONS = frozenset(
    stem(word)
    for word in """
    said says say saying told stated states statement according announced declared
    claimed claiming argued insisted added noted wrote warned denied accused reported
    """.split()
)
_COUNTING = frozenset(
    stem(word)
    for word in """
    hundred thousand million billion trillion dozen half third quarter double triple twice
    """.split()
)
_ALSO_NAMES = frozenset({"may", "will", "us"})
UNSAID = "it is not said who says so"
_PUNCTUATION = frozenset(" .,;:!?'\"“”‘’()-–—…")
_PREPOSITIONS = frozenset(
    """
    in on at during since after before for from near until
    """.split()
)


class _Unit(NamedTuple):
    """A content word, and the function word or comma that leads to it."""

    word: str
    link: str


def foreign(claim: str, source: str) -> list[str]:
    """Return what of a claim no source of these words can carry, each in words.

    That is the numbers, names, quotations and signs that it lacks, and what it only reports.

    Args:
        claim: One sentence.
        source: The text of the sentence that it cites.
    """
    return [
        *_unknown_numbers(claim, source),
        *_unknown_quotations(claim, source),
        *(_unknown(word) for word in _unknown_words(claim, source) if _is_strict(word)),
        *_unknown_characters(claim, source),
        *_made_certain(claim, source),
    ]


def doubts(claim: str, source: str) -> list[str]:
    """Return what else of a claim its source may not carry, each in words; as for `foreign`."""
    return [
        *(_unknown(word) for word in _unknown_words(claim, source) if not _is_strict(word)),
        *_lost_negation(claim, source),
        *_lost_hedges(claim, source),
        *_moved_names(claim, source),
    ]


def numbers(text: str) -> set[str]:
    """Return the numbers of a text, in digits without thousands separators."""
    folded = unicodedata.normalize("NFKC", text)
    digits = {_plain_number(match) for match in _NUMBER.findall(folded)}
    return digits | {_NUMBER_WORDS[word] for word in _folded(folded) if word in _NUMBER_WORDS}


def _plain_number(written: str) -> str:
    return re.sub(r",(?=\d{3}(?!\d))", "", written)


def _folded(text: str) -> list[str]:
    return [fold(word) for word in tokens(text)]


def _unknown_numbers(claim: str, source: str) -> list[str]:
    # "one" and "no" are seldom numbers; as words they are checked like all words.
    unknown = (numbers(claim) - numbers(source)) | (amounts(claim) - amounts(source))
    days = dates(claim) - dates(source)
    return [
        *(f"the number {number} is not in the source" for number in sorted(unknown - {"1"})),
        *(f"the date {day} is not in the source" for day in sorted(days)),
    ]


def _unknown_quotations(claim: str, source: str) -> list[str]:
    known = _quotable(source)
    quotations = [first or second for first, second in QUOTED.findall(claim)]
    quotations += [inner for inner in _WITHIN.findall(claim) if inner not in quotations]
    return [
        f"the quotation “{quotation}” is not in the source"
        for quotation in quotations
        if _quotable(quotation).strip(" .,!?;:") not in known
    ]


def _quotable(text: str) -> str:
    return " ".join(re.sub(r"[‘’]", "'", re.sub(r"[“”«»„]", '"', text)).split()).casefold()


def _unknown_words(claim: str, source: str) -> list[str]:
    """Return the words that carry content and are none of the source's; names and months do."""
    known = {stem(word) for word in tokens(source)}
    unknown = [
        word
        for place, word in enumerate(tokens(claim))
        if stem(word) not in known
        and not _is_grammar(word, first=place == 0)
        and not (numbers(word) and numbers(word) <= numbers(source))
    ]
    return list(dict.fromkeys(unknown))


def _is_strict(word: str) -> bool:
    """Tell whether no reader may let pass a word that the source lacks: names, and what counts."""
    return not word.islower() or stem(word) in _COUNTING


def _unknown(word: str) -> str:
    return f"“{word}” is not in the source"


def _is_grammar(word: str, *, first: bool) -> bool:
    """Tell whether a word is free to use: "may" is, and "May" within a sentence is a month."""
    folded = fold(word)
    return folded in FUNCTION_WORDS and (word.islower() or (first and folded not in _ALSO_NAMES))


def _unknown_characters(claim: str, source: str) -> list[str]:
    """Signs, markup and invisible characters come from the source or not at all."""
    odd = {char for char in claim if not (char.isalnum() or char in _PUNCTUATION)} - set(source)
    return [f"the character U+{ord(char):04X} is not in the source" for char in sorted(odd)]


def _lost_negation(claim: str, source: str) -> list[str]:
    """A negation may be neither added nor dropped."""
    in_claim, in_source = _negations(claim), _negations(source)
    if in_claim and not in_source:
        return ["the source does not say no"]
    # Where the source denies, a claim may leave the denial out only with what is denied.
    said = {stem(word) for word in tokens(claim)}
    if not in_claim and said & _behind(source, _is_negation):
        return ["the source denies this"]
    return []


def _negations(text: str) -> bool:
    return any(map(_is_negation, _spoken(text)))


def _is_negation(word: str) -> bool:
    return word in _NEGATIONS or word.endswith(("n't", "n’t"))


def _spoken(text: str) -> list[str]:
    return re.findall(r"\w+(?:[’']t)?", text.casefold())


def _behind(source: str, is_mark: Callable[[str], bool]) -> set[str]:
    """Return the stems of the first content word behind each mark."""
    words = _spoken(source)
    found = set()
    for place, word in enumerate(words):
        if is_mark(word):
            behind = (later for later in words[place + 1 :] if later not in FUNCTION_WORDS)
            found.add(stem(next(behind, "")))
    return found - {""}


def _made_certain(claim: str, source: str) -> list[str]:
    """What is "reportedly" so in the source is not simply so in a claim."""
    said = {stem(word) for word in tokens(claim)}
    if said & (_HEDGES | ATTRIBUTIONS | {stem(word) for word in RUMOURS}):
        return []
    reported = said & _behind(source, RUMOURS.__contains__)
    return ["the source only reports this"] if reported else []


def _lost_hedges(claim: str, source: str) -> list[str]:
    """Who said it, and how sure they were, stays with what they said."""
    said = {stem(word) for word in tokens(claim)}
    words = {stem(word) for word in tokens(source) if word != "May"}  # a month is no doubt
    hedges, speakers = words & _HEDGES, words & ATTRIBUTIONS
    if hedges and not said & hedges:
        return ["a hedge of the source is lost"]
    if speakers and not said & speakers:
        return [UNSAID]
    return []


def _moved_names(claim: str, source: str) -> list[str]:
    """What stands beside a name in a claim must stand beside it in the source.

    So "A accused B" is not taken from "B accused A". A passive may be turned round
    ("mediated by A", "A mediated"), and a phrase may move as a whole ("in Geneva").
    """
    names = _names(source)
    known = _neighbours(_units(source, names), names)
    units = _units(claim, names)
    return [
        f"“{left.word} … {right.word}” is not how the source puts it"
        for place, (left, right) in enumerate(pairwise(units), 1)
        if (left.word in names or right.word in names)
        and right.link != ","
        and (left.word, right.word) not in known
        and not (right.link in _PREPOSITIONS and (right.link, right.word) in known)
        and not (right.link == "by" and (_end_of_name(units, place, names), left.word) in known)
    ]


def _names(text: str) -> set[str]:
    """Return the folded words that the text writes with a capital within a sentence."""
    found = re.findall(r"(?<=[\w,;:’'”)] )[“\"(]?([A-ZÀ-ÖØ-Þ][\w’'\-‑]*)", text)
    first = re.findall(r"(?:^|[.!?]\s+)([A-ZÀ-ÖØ-Þ][\w’'\-‑]*)", text, re.MULTILINE)
    names = {fold(word) for word in found}
    return names | {fold(word) for word in first if fold(word) not in FUNCTION_WORDS}


def _units(text: str, names: set[str]) -> list[_Unit]:
    """Return the content words in order, names as they are and other words as stems."""
    units, link = [], ""
    for word in _UNIT.findall(text):
        folded = fold(word)
        if word == "," or folded in FUNCTION_WORDS:
            link = folded or word
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


def _end_of_name(units: Sequence[_Unit], place: int, names: set[str]) -> str:
    """Return the last word of the name that begins at `place`: "Berg" of "Mayor Anna Berg"."""
    end = place
    while end + 1 < len(units) and units[end + 1].word in names and not units[end + 1].link:
        end += 1
    return units[end].word
