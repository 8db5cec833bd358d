"""A question and a sentence -> whether the sentence leaves open who, or which, is asked for.

Asked who abstained, a small model likes "It was carried by 29 votes, with four abstentions"; asked
which plots are vacant, "Three plots are vacant". Both are about just what is asked, and neither
answers it: the first speaks of nobody, and what the second has under "three" (or "a", or "some")
it counts, and does not name. Of the 10,564 questions of `training/articles` that have an answer,
this takes none for one that has not (`python scripts/statements.py`). Nor does it tell many of the
others: but of those that it tells, a reader is often sure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from onrecord.english import is_english
from onrecord.parts import count_parts
from onrecord.quantities import valued
from onrecord.words import FUNCTION_WORDS, fold, stem

_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_WHO = re.compile(r"(?:(?:and|so|but)\s)?(?:who|whom|whose)\b", re.IGNORECASE)
_WHICH = re.compile(r"\bwhich((?:\s[\w’'-]+){1,6})", re.IGNORECASE)

_SOMEBODY = frozenset(
    """
    i we he she they you me us him her them my our his their who whom those others somebody someone
    nobody anyone anybody everyone everybody none neither both each no-one
    agency army association authority bank board boy brother bureau child children church city club
    commission community company congress corporation council country couple court crew crowd
    daughter department elderly embassy family father federation firm foundation friend fund girl
    group guard hospital household husband institute institution jury king league magazine ministry
    mother museum nation navy neighbour neighbor newspaper nun monk nurse office orchestra
    organisation organization paper party people person police poor pope press prince public queen
    rich school senate service side sister society son staff state station studio team thief thieves
    town tribe troops twin union university village wife young youth
    """.split()
)
_AGENT = re.compile(r"(?:[eo]r|ist|ian|ary|man|men|ant|ent|eer|ess|ee)s?$")
"""How what somebody is called for what they do ends; other words too, which are then let pass."""
_SHORTEST = 5  # letters of such a word
_ENGLISH = 0.5  # of the words of an English sentence, at least, are in the dictionary

_COUNTS = frozenset(
    """
    one two three four five six seven eight nine ten eleven twelve some several most both other
    another many certain
    """.split()
)
_TIMES = frozenset("year month week day decade century hour percent time".split())
_BARE = rf"(?!(?:{'|'.join(sorted(FUNCTION_WORDS))})\b)[^\W\d_][\w’'-]*"
_INDEFINITE = re.compile(
    rf"(?<![\w’'])(?:an?|another|some|several|certain|many|⟨[^⟩]*⟩)"
    rf"(?P<noun>(?:\s{_BARE}){{1,3}})(?=(?P<behind>[^\w⟨]*(?:\s?[\w’'-]+){{0,3}}))"
)
_NAMING = re.compile(
    r"[“”\"‘:(–—]"
    r"|\b(?:called|named|known as|such as|especially|chiefly|mainly|namely|including)\b"
    r"|, (?:the|an?|its|their|his|her|my|our)\b[^,;]{1,60}(?:,| and )"
)
"""What brings names in without capitals."""
_QUALIFYING = re.compile(r"\s?,|\s(?:of|in|at|near|from|on|by|with|for|that|which|who|whose)\b")


def leaves_open(question: str, sentence: str) -> bool:
    """Tell whether a sentence leaves open who, or which, a question of one part asks for.

    Args:
        question: In plain words; of other languages than English, nothing is told.
        sentence: One that may be thought to answer it; the same holds.
    """
    if count_parts(question) > 1 or not _is_written_out(sentence):
        return False
    if _WHO.match(question.strip()):  # "Who is older, Ann or Bea?" names them itself
        return not re.search(r"\bor\b", question) and not _speaks_of_somebody(question, sentence)
    asked = _asked_for(question)
    return bool(asked) and _counts_alone(question, asked, sentence)


def _is_written_out(sentence: str) -> bool:
    """Tell whether it is an English sentence, the capitals of which tell something."""
    words = _WORD.findall(sentence)
    known = sum(map(is_english, words))
    return known >= _ENGLISH * len(words) > 0 and not sentence[:1].islower()


def _speaks_of_somebody(question: str, sentence: str) -> bool:
    known = {fold(word) for word in _WORD.findall(question)}
    words = _WORD.findall(sentence)
    return any(
        fold(word) not in known and (_is_name(place, word) or _is_somebody(fold(word)))
        for place, word in enumerate(words)
    ) or any(fold(word) in _SOMEBODY for word in words)


def _is_somebody(word: str) -> bool:
    if not {word, word.removesuffix("s"), word.removesuffix("es")}.isdisjoint(_SOMEBODY):
        return True
    return len(word) >= _SHORTEST and bool(_AGENT.search(word))


def _is_name(place: int, word: str) -> bool:
    """Tell whether a word may be a name, or stand for one; the first has its capital anyway."""
    return word[0].isupper() and (place > 0 or fold(word) not in FUNCTION_WORDS | _COUNTS)


def _asked_for(question: str) -> set[str]:
    """Return the stems of what stands behind "which": of "which two mining companies", two."""
    found = _WHICH.search(question)
    words = list(_nouns(found[1].split())) if found else []
    return set() if not _TIMES.isdisjoint(words) else {stem(word) for word in words}


def _nouns(words: list[str]) -> Iterator[str]:
    for word in map(fold, words):
        if word in _COUNTS:
            continue
        if word in FUNCTION_WORDS:
            return
        yield word


def _counts_alone(question: str, asked: set[str], sentence: str) -> bool:
    """Tell whether what is asked for stands under "a" or a number, and nothing else is named."""
    known = {stem(word) for word in _WORD.findall(question)}
    if _NAMING.search(sentence) or any(
        _is_name(place, word) and stem(word) not in known
        for place, word in enumerate(_WORD.findall(sentence))
    ):
        return False
    return any(
        _is_unqualified(found, asked, known) for found in _INDEFINITE.finditer(valued(sentence))
    )


def _is_unqualified(found: re.Match[str], asked: set[str], known: set[str]) -> bool:
    """Tell whether "a mining company" says no more of it than the question does."""
    stems = [stem(word) for word in _WORD.findall(found["noun"])]
    heads = [place for place, each in enumerate(stems) if each in asked]
    if not heads or not known.issuperset(stems[: heads[-1] + 1]):
        return False
    behind = found["behind"] if heads[-1] == len(stems) - 1 else ""
    more = {stem(word) for word in _WORD.findall(behind) if fold(word) not in FUNCTION_WORDS}
    return not _QUALIFYING.match(behind) or more <= known
