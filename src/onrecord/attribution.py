"""Whom a sentence attributes something to, by rules of news English.

A wrong speaker is worse than none, so that what fits no rule is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from onrecord.quantities import numbers
from onrecord.words import FUNCTION_WORDS, stem

QUOTED = re.compile(r"[“\"«„]([^”\"»“]{2,})[”\"»“]|(?<!\w)[‘']([^’'\n]{8,})[’'](?!\w)")
SAYING = frozenset(
    stem(word)
    for word in """
    said says say saying told stated states statement according announced declared
    claimed claiming argued insisted added noted wrote warned denied accused reported
    """.split()
)
"""Stems of words by which somebody may be said to say something, and something else be meant."""

_THAT = (
    r"(?: (?:him|her|them|it|only|also|later|again|[a-z]+ly|last \w+|(?:to )?reporters|parliament"
    r"|(?:on|in|at|during) [^,;:]{1,40}?)|, [^,;:]{1,50},)?"
    r"(?: that\b|:? ?“| (?:he|she|they|there)\b| it (?:was|is|ha[sd]|would|will|did)\b)"
)
_COMPLEMENTS = {
    " ".join(SAYING): _THAT,
    "acknowledges alleges answers asserts assured believes boasted cautions complains": _THAT,
    "concedes concludes confirms contends counters explains fears maintains objects": _THAT,
    "predicts promises recalls recalled remarks replies retorts reveals stresses": _THAT,
    "suggests suspects testified thinks thought": _THAT,
    "doubts": rf"{_THAT}| this\b",
    "insists": rf"(?! on\b){_THAT}",
    "admits claims": rf"{_THAT}|(?: in \w+)?(?: to)? (?:be|have|having)\b",
    "estimates": rf"{_THAT}| (?:(?:the|its|their) [^,;:]{{1,50}}? at )?\D?\d",
    "puts": r" [^,;:]{1,60}? at \D{0,20}\d",
    "said say saying": r"(?! (?:to|so|nothing|neither|whether|how|what|why|when|little|no to)\b)",
    "told tells": r" (?!(?:to|of|how|another)\b|(?:\S+ ){,2}(?:story|to)\b)",
    "accuses": r" (?!(?:of|by)\b)[^,;:]* of\b",
    "denies": r"(?! by\b)",
    "blames": r" (?!(?:for|on|by)\b)",
    "contradicts disputes": r" (?:this|that(?=[,.;]| figure)|it|the|any|his|her|its)\b",
    "rejects": r" (?:this(?! by)|(?:that|the|any) (?:ac\w+|allegation|c[hl]a\w+))\b",
    "calls dismisses spoke": r" (?!(?:for|on|off)\b)[^,;:“]{1,90}“",
    "describes": r" (?!(?:by|in|at|on)\b)[^,;:]{0,90}?(?: as\b|“)",
    "points": r" out\b",
}
_REPORTING = {
    stem(verb): re.compile(pattern)
    for verbs, pattern in _COMPLEMENTS.items()
    for verb in verbs.split()
}
"""What must follow a verb that reports, by its stem."""

_VERB = re.compile(
    r"\b(?:[Aa]ccording to|(?:was|were|is|are|been) quoted (?:by [^,;:]{1,40} )?as saying"
    r"|(?:accused|denied|disputed|contradicted) by|[a-z]+)\b"
)
_REACH = 300  # characters on either side of a verb that are looked at
_SAID = re.compile(rf"{QUOTED.pattern}|[“\"«][^”\"»]+$|^[^“”]+”")  # also a part of a quotation
_ADVERBS = re.compile(
    r"(?:\b(?:has|have|had|also|since|later|then|now|once|always|again|still|often|even|first"
    r"|instead|nevertheless|himself|herself|itself|themselves"
    r"|(?!family|assembly|ally|supply|reply|monopoly)[a-z]+ly) )+$"
)
_STOP = re.compile("[;()—–“”]|:(?= |$)")
_CONJUNCTION = re.compile(
    r"\b(?:but|while|whereas|although|though|because|since|(?<!such )as|after|before|when|where|if"
    r"|that|which|whom|whose|who|than|until|unless|so(?!-)|or|and (?=(?:that|he|she|it|they) ))\b ?"
)
_PREPOSITION = re.compile(r" (?:of|for|from|at|in|on|to|by|with)\b")
_UPPER = "".join(char for char in map(chr, range(0x250)) if char.isupper())
NAME = rf"[{_UPPER}][\w’'&.-]*"
NAMES = rf"{NAME}(?: (?:(?:de|da|del|van|der|von|bin|al|di|la|le|of|the|and|&) )*{NAME}){{,7}}"
_HEARSAY = re.compile(
    rf"\b[Aa]ccording to (?:{NAME}|the|an?|his|her|its|their|some|one)\b"
    r"|\b(?:is|are|was|were|been|be) (?:said|thought|believed|reported|understood|alleged) to\b"
)
TIME = (
    r"(?:(?:\w+day|January|February|March|April|May|June|July|August|September|October|November"
    r"|December)(?: \d{4})?|\d{4})\b"
)
_LEAD = re.compile(
    r"^(?:later|then|yesterday|today|earlier|meanwhile"
    r"|\w+ (?:day|week|month|year)s? (?:ago|earlier|later)"
    rf"|(?:in|on|at|by|after|during|since|for) (?:(?:early |late )?{TIME}"
    r"|(?:the|an?|that|this|his|her|its|their) [a-z]+))"
    rf" (?=(?:the|an?|his|her|its|their|he|she|it|they)\b|(?-i:{NAME}))",
    re.IGNORECASE,
)
_WHEN = re.compile(
    r"(?: (?:filed|held|issued|made|presented|published|released|taken|unsealed))?"
    r" (?:on|in|last|late|early)"
    rf" (?:{TIME}|\d|an? (?:statement|interview)|week|month|year)\b.*"
)
_MEDIUM = re.compile(r"(?:an?|the|its) (?:\w+ )?(?:statement|report|study|note) .*?\b(?:from|by) ")
PRONOUNS = frozenset({"he", "she", "it", "they"})
_DETERMINERS = frozenset(
    """
    a an the its his her their our some all both several many most few other another one this
    these those each every
    """.split()
)
_PAST = """
went came made took gave left lost won met saw began became ran rose got kept stood brought bought
sold paid sent spent fought found fell grew withdrew
""".split()
_OUTSIDE = (
    FUNCTION_WORDS
    - _DETERMINERS
    - frozenset("of for from at in on to by with and own more".split())
) | frozenset([*_PAST, "never", "nobody", "nothing", "none", "fewer", "according", "outside"])
"""Words that are no part of what names a speaker."""


class Found(NamedTuple):
    """Who says something, by which word, and where in the sentence that begins."""

    speaker: str
    verb: str
    start: int


def masked(text: str) -> str:
    """Blank out what is quoted, and drop asides: " (WHO)"."""
    return re.sub(r" \([^()]{1,20}\)", "", masked_quotations(text))


def masked_quotations(text: str) -> str:
    """Blank out what is quoted, which leaves all else in its place: its verbs are another's."""
    return _SAID.sub(lambda found: f"“{'_' * (len(found[0]) - 2)}”", text)


@lru_cache(maxsize=256)  # a claim is asked about by several rules
def is_attributed(text: str) -> bool:
    """Tell whether a sentence says whose word it is."""
    shown = masked_quotations(text)
    return bool(_HEARSAY.search(shown)) or any(attributions(shown))


def attributions(masked: str) -> Iterator[Found]:
    """Yield whom a sentence attributes something to, each once; its quotations are blanked out."""
    known: dict[str, Found] = {}
    for verb in _VERB.finditer(masked):
        before = masked[max(0, verb.start() - _REACH) : verb.start()]
        speaker = _speaker(before, verb[0], masked[verb.end() : verb.end() + _REACH])
        if speaker and speaker not in known:
            known[speaker] = Found(speaker, verb[0].lower(), verb.start())
            yield known[speaker]


@lru_cache(maxsize=10_000)
def _complement(verb: str) -> re.Pattern[str] | None:
    return None if verb.endswith(("rter", "rters", "ment", "ments")) else _REPORTING.get(stem(verb))


def _speaker(before: str, verb: str, after: str) -> str:
    """Return who speaks by a verb, if it reports."""
    if verb.endswith(" by"):
        return _behind(after.partition(" of ")[0])
    if verb.endswith("ccording to"):
        opens = re.search(r"(?:^|[,;:]|\b(?:and|but|that)) ?$", before)
        named = re.match(rf" (?:the )?{NAME}", after)
        return _behind(after) if opens or named else ""  # not "sorted according to size"
    if verb.endswith(" saying"):
        return _in_front(before)
    if not (complement := _complement(verb)):
        return ""
    if before.endswith("” "):
        return _behind(after)
    return _subject(before, verb, after, reports=bool(complement.match(after)))


def _subject(before: str, verb: str, after: str, *, reports: bool) -> str:
    """Return who a verb is said of, if what follows it (or where it stands) makes it report."""
    if verb.endswith("ing"):
        return _carried(before[:-2], verb) if reports and before.endswith(", ") else ""
    before = _ADVERBS.sub("", before)
    if speaker := _in_front(before):
        aside = rf"(?:[,“”]|\b(?:as|that|(?<!on )which)) {re.escape(speaker)} $"
        ends = re.match(r"(?: (?:on|in) [\w ]{1,20})?(?:[,.;]|$)", after) and verb != "rejected"
        alone = ends and re.search(aside, before, re.IGNORECASE)
        relative = re.search(r"\b(?:which|that) [^;:]{,80}$", before)  # "which she calls “a toy”"
        called = relative and verb.startswith("call") and after.startswith(" “")
        return speaker if reports or alone or called else ""
    if before.endswith(", "):
        return _behind(after) if verb in ("said", "says") else ""
    second = re.search(r",? (?:and|but|then|yet) $", before)
    return _carried(before[: second.start()], verb) if second and reports else ""


def _in_front(before: str) -> str:
    """Return the subject of the verb that comes next."""
    clause = _STOP.split(_ADVERBS.sub("", before))[-1].strip()
    if clause.endswith(" who"):
        named = re.search(rf"(?:^|, |\bby |\b[a-z]{{5,}} )({NAMES}),? who$", clause)
        return named[1] if named else ""
    chunks = clause.split(", ")
    if not chunks[-1].endswith(","):
        is_list = " and " in chunks[-1] and re.fullmatch(NAMES, ", ".join(chunks[-2:-1]))
        return "" if is_list else phrase_of(chunks[-1])
    chunks[-1] = chunks[-1][:-1]
    start = 0  # of "Ann Lee, the mayor, who is 37,": other clauses may come before
    for place, chunk in enumerate(chunks):
        is_last = place == len(chunks) - 1
        relative = re.match("who |which |whose " if is_last else "who |which ", chunk)
        opens = chunk.startswith("and ") or (_CONJUNCTION.search(chunk) and not relative)
        start = place if opens else start
    phrases = ((phrase_of(chunks[at]), chunks[at + 1 :]) for at in range(start, len(chunks) - 1))
    return next((_better(phrase, more) for phrase, more in phrases if phrase), "")


def _behind(after: str) -> str:
    """Return who is named next."""
    chunks = _STOP.split(after)[0].strip(" .,").split(", ")
    first, *more = [_CONJUNCTION.split(chunk)[0].strip() for chunk in chunks]
    if re.search(" (?:but|or) ", chunks[0]):
        return ""
    return _better(phrase_of(first), more if first == chunks[0] else ())


def _better(phrase: str, more: Sequence[str]) -> str:
    """Return the name of whose office comes first: "the mayor, Ann Lee" -> "Ann Lee"."""
    if not phrase or _is_name(phrase):
        return phrase
    names = [phrase_of(words) for words in more[:2] if not _CONJUNCTION.search(words)]
    return next(filter(_is_name, names), phrase)


def _is_name(phrase: str) -> bool:
    if not (core := core_of(phrase)):
        return False
    named = core[-1].istitle() and core[0] not in ("a", "an")
    return named or all(word[0].isupper() for word in core)


def core_of(phrase: str) -> list[str]:
    """Return the words of a name up to its first preposition."""
    return _PREPOSITION.split(phrase)[0].split()


def _carried(before: str, verb: str) -> str:
    """Return the speaker of a second verb: "X said it, and denied", "X left, saying"."""
    clause = re.split(r"[;:]|, (?:and|but|while|whereas|although|because|until) ", before)[-1]
    chunks = _LEAD.sub("", clause.strip()).split(", ")
    if re.search(r"\b(?:who|which|where|when|while|because|although|as|if)\b", chunks[-1]):
        return ""
    if verb.endswith("ed") and re.search(r"\b(?:is|are|was|were|been) [a-z]+ed\b", clause):
        return ""  # "was welcomed here and dismissed there"
    if len(chunks) > 1 and (phrase := phrase_of(chunks[0])):
        return _better(phrase, chunks[1:])
    subject = re.match(
        rf"((?i:he|she|they|it)|(?:{NAMES}|[Tt]he|[Aa]n?|[Ii]ts|[Hh]is|[Hh]er|[Tt]heir)"
        rf"(?: (?!that\b)[\w’'-]+){{,6}}?) (?:ha[sd]|is|was|does|did|[a-z]+ed|{'|'.join(_PAST)})\b",
        chunks[0],
    )
    return phrase_of(_ADVERBS.sub("", f"{subject[1]} ")) if subject else ""


def phrase_of(chunk: str) -> str:
    """Return what names a speaker, or "" where the words cannot be one's name."""
    chunk = re.sub("^(?:[Aa]nd|[Bb]ut|[Yy]et) ", "", chunk.strip())
    chunk = _CONJUNCTION.split(_LEAD.sub("", chunk))[-1].strip()
    chunk = _WHEN.sub("", _LEAD.sub("", chunk))
    left, _, right = chunk.rpartition(" and ")
    if any(word in _PAST or re.fullmatch("[a-z]{3,}ed", word) for word in left.split()):
        chunk = right
    if chunk.lower() in PRONOUNS:
        return chunk.lower()
    words = chunk.split()
    fits = all(map(_fits, words, ["", *words], [*words[1:], ""]))
    if not 0 < len(words) <= 12 or not fits or not _opens(words) or re.search("[’']s$", chunk):
        return ""
    phrase = _MEDIUM.sub("", chunk)
    first, _, rest = phrase.partition(" ")
    return f"{first.lower()} {rest}" if first.lower() in _DETERMINERS and rest else phrase


def _opens(words: Sequence[str]) -> bool:
    """Tell whether a speaker can be named so: "critics" can, "runs the ferry" cannot."""
    first, core = words[0], core_of(" ".join(words))
    if first.lower() in FUNCTION_WORDS | _DETERMINERS:
        return first.lower() in _DETERMINERS and len(words) > 1
    if numbers(first):
        return not words[1:2] or words[1].islower()  # no date
    plural = len(core) < 3 and core[-1].endswith(("s", "police", "people", "staff"))
    return first[0].isupper() or plural or core[-1][0].isupper()


def _fits(word: str, last: str, following: str) -> bool:
    """Tell whether a word can stand in what names a speaker, between its neighbours."""
    if word == "them":
        return last == "of"
    if word.lower() in _OUTSIDE or not re.fullmatch(r"[\w’'&.$£€%/-]+", word):
        return False
    if word in ("a", "an", "the") and not following:
        return False  # "and an estimated 90,000 insects"
    if word in _DETERMINERS and last:
        return bool(_PREPOSITION.fullmatch(f" {last}")) or last in ("and", "all", "both")
    if word.endswith("ed") and word.islower() and last:
        return last.lower() in _DETERMINERS or bool(_PREPOSITION.fullmatch(f" {following}"))
    return bool(following) or word.lower() not in FUNCTION_WORDS
