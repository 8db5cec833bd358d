"""Does a claim say only what its source says? Rules, each of which names what it found.

Of two kinds. A number, a date or time, a unit, a name, a quotation or a sign that the source does
not have is never published, nor as a fact what it says under a word of doubt. Whatever else a claim
does otherwise than its source (a word of its own, a hedge that is gone, a name beside other words)
is a doubt: rules do not know which clause a hedge belongs to, and a reader that does may set it
aside. Where there is none, a doubt counts as much: a claim that fails is replaced by the source's
own words, so that a false alarm costs style, and a miss would cost the truth.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from onrecord.attribution import QUOTED, SAYING, is_attributed
from onrecord.clauses import changed_sides, come_about, joined_clauses
from onrecord.english import is_english
from onrecord.measures import SIGNS, miscounted, unbounded, units
from onrecord.moments import WHEN, moments
from onrecord.names import ALSO_NAMES, moved_names, put_together
from onrecord.phrases import moved_phrases
from onrecord.quantities import amounts
from onrecord.words import FUNCTION_WORDS, fold, stem, tokens

_WITHIN = re.compile(r"“([^“”\"]{2,})[”\"]")  # the inner one of two, whose outer is never closed
_AROUND = re.compile(r"“([^“”]{2,})”")  # the outer one

_NEGATIONS = frozenset(
    """
    not no never none nobody nothing neither nor without cannot denied deny denies
    refused refuse refuses rejected reject rejects failed fail fails lacks lacked
    declined decline declines unable unlikely hardly barely scarcely rarely seldom
    """.split()
)
_CONTRACTED = ("n't", "n’t")
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
_RUMOUR_STEMS = frozenset(map(stem, RUMOURS))
_CONDITIONS = frozenset({"if", "unless"})
_REMOTE = frozenset(
    """
    whether suspicion suspicions appear appears appeared seem seems seemed nearly almost former
    formerly will doubtful threatened threatens tried tries
    """.split()
)
"""What stands behind one of these is not so, or not quite, or not known to be."""
_REACH = 3  # content words behind a negation that it may deny
_LONGEST_ASIDE = 8  # words and commas
_ASIDES = frozenset({"however", "therefore", "moreover", "indeed", "of", "course"})
_COUNTING = frozenset(
    stem(word)
    for word in """
    minus quarter double triple quadruple couple pair trio
    """.split()
)
_ONE = frozenset({"one", "single", "sole", "lone"})
_WRITTEN_ONE = re.compile(r"(?<![\w.,-])1(?!\w|[.,⁄]\d)")
_WEIGHTY = frozenset(
    """
    all both every most many more less least few up down off out against must can
    """.split()
)
"""Function words that say another thing than the one in whose place they stand."""
_HE, _SHE = frozenset("he him his himself".split()), frozenset("she her hers herself".split())
_AT_ALL = re.compile(r"\bat all\b", re.IGNORECASE)
_NOBODY = frozenset("no any every".split())
_POINTING = frozenset("each this that the which another".split())
_ENDING = re.compile(r"(?<=\d)(?:st|nd|rd|th|s)$")
UNSAID = "it is not said who says so"
_PUNCTUATION = frozenset(" .,;:!?'\"“”‘’()-–—…")


def foreign(claim: str, source: str) -> list[str]:
    """Return what of a claim no source of these words can carry, each in words.

    That is the numbers, times, units, names, quotations and signs that it lacks, and what it only
    reports.

    Args:
        claim: One sentence.
        source: The text of the sentence that it cites.
    """
    return [
        *_unknown_numbers(claim, source),
        *_unknown_quotations(claim, source),
        *(_unknown(word) for word in _unknown_words(claim, source) if _is_strict(word)),
        *(f"“{name}” is not one name in the source" for name in put_together(claim, source)),
        *_unknown_characters(claim, source),
        *_made_certain(claim, source),
    ]


def doubts(claim: str, source: str) -> list[str]:
    """Return what else of a claim its source may not carry, each in words; as for `foreign`."""
    return [
        *(_unknown(word) for word in _unknown_words(claim, source) if not _is_strict(word)),
        *_lost_negation(claim, source),
        *_lost_hedges(claim, source),
        *_lost_conditions(claim, source),
        *_other_pronoun(claim, source),
        *moved_names(claim, source),
        *moved_phrases(claim, source),
        *come_about(claim, source),
        *joined_clauses(claim, source),
        *changed_sides(claim, source),
        *(f"{number} is not how many the source says" for number in unbounded(claim, source)),
    ]


def _unknown_numbers(claim: str, source: str) -> list[str]:
    known, days = moments(source).found, moments(claim).found
    unknown = amounts(claim) - amounts(source) - known - {"1"}
    if _has_unknown_one(claim, source):
        unknown.add("1")
    other = units(claim) - units(source)
    return [
        *(f"the number {number} is not in the source" for number in sorted(unknown)),
        *(f"the date or time {day} is not in the source" for day in sorted(days - known)),
        *(f"the unit “{unit}” is not in the source" for unit in sorted(other)),
        *(f"“{count}” is not how the source counts" for count in miscounted(claim, source)),
    ]


def _has_unknown_one(claim: str, source: str) -> bool:
    """Tell whether a claim says that it is one, and the source neither that nor "a soldier".

    As words, "no one" and "the one" are no number.
    """
    words, known = (list(map(fold, tokens(text))) for text in (claim, source))
    around = zip(["", *words], words, [*words[1:], ""], strict=False)
    counted = {
        behind
        for before, word, behind in around
        if word in _ONE
        and before not in _NOBODY
        and not (before in _POINTING and behind in FUNCTION_WORDS | {""})
        and behind != "another"
    }
    is_said = counted <= set(known) - FUNCTION_WORDS
    is_written, is_there = (_WRITTEN_ONE.search(moments(text).rest) for text in (claim, source))
    return not ("1" in amounts(source) or is_there or (is_said and not is_written))


def _unknown_quotations(claim: str, source: str) -> list[str]:
    known = _quotable(source)
    quotations = [first or second for first, second in QUOTED.findall(claim)]
    for pattern in (_WITHIN, _AROUND):
        quotations += [other for other in pattern.findall(claim) if other not in quotations]
    return [
        f"the quotation “{quotation}” is not in the source"
        for quotation in quotations
        if _quotable(quotation).strip(" .,!?;:") not in known
    ]


def _quotable(text: str) -> str:
    return " ".join(re.sub(r"[‘’]", "'", re.sub(r"[“”«»„]", '"', text)).split()).casefold()


def _unknown_words(claim: str, source: str) -> list[str]:
    """Return the words that carry content and are none of the source's; names and months do."""
    known, measures = {stem(word) for word in tokens(source)}, units(source)
    unknown = [
        word
        for place, word in enumerate(tokens(_AT_ALL.sub("", claim)))
        if stem(word) not in known
        and not units(word) & measures
        and not _is_grammar(word, first=place == 0)
        and not _is_amount(word)
    ]
    return list(dict.fromkeys(unknown))


def _is_amount(word: str) -> bool:
    """Tell whether a word is all amount, which its value is told by: "12th" is, and "B12" not."""
    return bool(amounts(word)) and not re.search(r"\d[^\W\d]|[^\W\d]\d", _ENDING.sub("", word))


def _is_strict(word: str) -> bool:
    """Tell whether no reader may let pass a word that the source lacks: names, and what counts.

    A name in small letters is told by its being no word of English.
    """
    if fold(word) in _WEIGHTY:
        return False
    return not word.islower() or stem(word) in _COUNTING | WHEN or not is_english(fold(word))


def _unknown(word: str) -> str:
    return f"“{word}” is not in the source"


def _is_grammar(word: str, *, first: bool) -> bool:
    """Tell whether a word is free to use: "may" is, and "May" within a sentence is a month."""
    folded = fold(word)
    if folded not in FUNCTION_WORDS - _WEIGHTY:
        return False
    return word.islower() or (first and folded not in ALSO_NAMES)


def _unknown_characters(claim: str, source: str) -> list[str]:
    """Signs, markup, invisible characters and other scripts' digits come from the source or not.

    Signs of units are compared as these.
    """
    odd = {char for char in claim if not (char.isalnum() or char in _PUNCTUATION | SIGNS)}
    odd |= {char for char in claim if char.isnumeric() and not char.isascii()}
    return [
        f"the character U+{ord(char):04X} is not in the source" for char in sorted(odd - {*source})
    ]


def _lost_negation(claim: str, source: str) -> list[str]:
    """A negation may be neither added nor dropped."""
    in_claim, in_source = _negations(claim), _negations(source)
    if in_claim and not in_source:
        return ["the source does not say no"]
    # Where the source denies, a claim may leave the denial out only with what is denied.
    said = {stem(word) for word in tokens(claim)}
    denied = _behind(source, _is_negation, _REACH)
    if not in_claim and said & denied:
        return ["the source denies this"]
    denies = _behind(claim, _is_negation, _REACH)
    if in_claim and denies and denied and not denies & denied:
        return ["the source denies something else"]
    return []


def _negations(text: str) -> bool:
    return any(map(_is_negation, _spoken(text)))


def _is_negation(word: str) -> bool:
    return word in _NEGATIONS or word.endswith(_CONTRACTED)


def _spoken(text: str) -> list[str]:
    """Return the words of a text, and what parts its clauses."""
    plain = re.sub(
        r"\b(?:yet to|rather than|instead of)\b", "not", re.sub("[‘ʼ＇]", "’", text.casefold())
    )
    return re.findall(r"\w+(?:[’']t)?|[,;:]", plain)


def _behind(source: str, is_mark: Callable[[str], bool], number: int = 1) -> set[str]:
    """Return the stems of the first content words behind each mark, within its clause."""
    words = _spoken(source)
    return {
        stem(later)
        for place, word in enumerate(words)
        if is_mark(word)
        for later in islice(_clause(_behind_aside(word, words[place + 1 :])), number)
    }


def _behind_aside(word: str, following: list[str]) -> list[str]:
    """Return what follows a word, without the aside in "did not, in the end, close"."""
    is_verbal = word in ("not", "never") or word.endswith(_CONTRACTED)
    if is_verbal and following[:1] == [","] and "," in following[1:_LONGEST_ASIDE]:
        return following[following.index(",", 1) + 1 :]
    return following


def _clause(words: Sequence[str]) -> Iterator[str]:
    """Yield the content words up to the end of their clause; an aside does not end it."""
    has_begun = False
    for word in words:
        if word in (";", ":", "but") or (word == "," and has_begun):
            return
        if word != "," and word not in FUNCTION_WORDS | _ASIDES:
            has_begun = True
            yield word


def _other_pronoun(claim: str, source: str) -> list[str]:
    """A source that speaks of her alone says nothing of him."""
    said, known = ({*_spoken(text)} for text in (claim, source))
    return [
        f"“{word}” is not whom the source speaks of"
        for these, those in ((_HE, _SHE), (_SHE, _HE))
        if known & those and not known & these
        for word in sorted(said & these)
    ]


def _made_certain(claim: str, source: str) -> list[str]:
    """What is "reportedly" so in the source is not simply so in a claim."""
    said = {stem(word) for word in tokens(claim)}
    if said & (_HEDGES | _RUMOUR_STEMS) or is_attributed(claim):
        return []
    reported = said & _behind(source, RUMOURS.__contains__)
    return ["the source only reports this"] if reported else []


def _lost_hedges(claim: str, source: str) -> list[str]:
    """Who said it, and how sure they were, stays with what they said."""
    said = {stem(word) for word in tokens(claim)}
    words = {stem(word) for word in tokens(source) if word != "May"}  # a month is no doubt
    hedges, speakers = words & _HEDGES, words & SAYING
    if hedges and not said & hedges:
        return ["a hedge of the source is lost"]
    is_unsaid = is_attributed(source) and not is_attributed(claim)
    if is_unsaid or (speakers and not said & speakers):
        return [UNSAID]
    return []


def _lost_conditions(claim: str, source: str) -> list[str]:
    """What is so if something else is, or nearly, or formerly, is not simply so."""
    words, said = set(_spoken(claim)), {stem(word) for word in tokens(claim)}
    lost = set(_spoken(source)) - words
    remote = {word for word in lost & _REMOTE if said & _behind(source, word.__eq__, _REACH)}
    return [f"“{word}” of the source is lost" for word in sorted(lost & _CONDITIONS | remote)]
