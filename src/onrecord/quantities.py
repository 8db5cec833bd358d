"""The amounts of a text, by value, so that no part of one passes for the whole.

"Twenty" is not in "twenty-five", "4.5" is not in "4.5 million", "a dozen" is not in "dozens", "one"
is not in "first", and "12" is not in "12 May".
"""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction
from functools import lru_cache

from onrecord.moments import moments
from onrecord.words import FUNCTION_WORDS, fold, tokens

_SMALL = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen
    fourteen fifteen sixteen seventeen eighteen nineteen
    """.split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_ORDINALS = """
    first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth
    fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth
    """.split()
_ROUND = [f"{tens[:-1]}ieth" for tens in _TENS]
_DECADES = [f"{tens[:-1]}ies" for tens in _TENS]
_SCALES = {
    "hundred": 100,
    "thousand": 1_000,
    "lakh": 100_000,
    "million": 1_000_000,
    "crore": 10_000_000,
    "billion": 1_000_000_000,
    "trillion": 1_000_000_000_000,
}
_PARTS = {"half": 2, "halves": 2, "quarter": 4, "hundredth": 100, "thousandth": 1000} | {
    part: parts for parts, part in enumerate(_ORDINALS[2:], 3)
}
_VALUES = (
    {word: value for value, word in enumerate(_SMALL)}
    | {word: 10 * value for value, word in enumerate(_TENS, 2)}
    | {word: value for value, word in enumerate(_ORDINALS, 1)}
    | {word: 10 * value for value, word in enumerate(_ROUND, 2)}
    | {"a": 1, "an": 1}
)

_GAP = r"[\s‐‑-]+"
_DIGITS = r"(?:\d{1,3}(?:[ ’']\d{3})+(?!\d)|\d(?:[\d.,]*\d)?)"
_SPELLED = (
    rf"(?:\b(?:{'|'.join(_TENS)})(?:{_GAP}(?:{'|'.join(_SMALL[1:10])}))?\b"
    rf"|\b(?:{'|'.join(_SMALL)})\b)"
)
_CARDINAL = rf"(?:{_DIGITS}|{_SPELLED})"
_SCALE = rf"(?:{'|'.join(_SCALES)})\b"
_MINUS = "[-−–]"
_TERM = rf"{_CARDINAL}(?:{_GAP}{_SCALE})*"
_NO_NOUN = rf"(?=\s(?:{'|'.join(sorted(FUNCTION_WORDS - {'of'}))})\b|\s?[^\w\s-]|\s?$)"
_KINDS = {
    "decade": rf"(?:\b\d\d|\b|[’'])\d0s\b|\b(?:{'|'.join(_DECADES)})\b",
    "either": rf"\ban?{_GAP}(?:{'|'.join(_ORDINALS[2:10])})\b{_NO_NOUN}",
    "short": rf"{_DIGITS}m\b(?=\s[a-z]+s\b)",
    "fraction": (
        rf"(?:(?:(?P<whole>{_CARDINAL})\s(?:and\s)?)?(?P<over>\d+)⁄(?P<under>\d+)"
        rf"|(?:(?P<wholes>{_CARDINAL})\sand\s)?(?:(?P<count>\ban?\b|{_CARDINAL}){_GAP})?(?P<part>"
        r"\b(?:half|halves)\b"
        rf"|(?<=[\w][\s‐‑-])(?:quarters?|(?:{'|'.join(_ORDINALS[2:])}|(?:hundred|thousand)th)s)\b"
        rf"|(?<=one[\s‐‑-])(?:{'|'.join(_ORDINALS[2:10])})\b"
        rf"|(?<=a[\s‐‑-])(?:{'|'.join(_ORDINALS[2:10])})\b(?=\sof\b)))"
        rf"(?P<times>(?:\sof)?(?:\san?)?{_GAP}(?:{_SCALE}|dozen\b))?"
    ),
    "ordinal": (
        rf"\b(?:(?:{'|'.join(_TENS)}){_GAP})?(?:{'|'.join(_ORDINALS)})\b"
        rf"|\b(?:{'|'.join(_ROUND)})\b|\d[\d,]*(?:st|nd|rd|th)\b"
    ),
    "dozen": rf"(?:(?:{_CARDINAL}|\ban?\b){_GAP})?\bdozen\b",
    "many": rf"\b(?:ten|dozen|score|{'|'.join(_SCALES)})s\b(?:\sof\s(?:{'|'.join(_SCALES)})s\b)?",
    "often": r"\b(?:once|twice|thrice)\b",
    "amount": (
        rf"(?:\bminus\s|(?<![^\s(]){_MINUS})?(?:{_CARDINAL}(?:(?:{_GAP}{_SCALE})+(?:\s(?:and\s)?{_TERM})*)?"
        rf"|\b(?:an?\s)?{_SCALE}(?:{_GAP}{_SCALE})*(?:\s(?:and\s)?{_TERM})*)"
    ),
}
_ANY = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _KINDS.items()))
_NUMBER = re.compile(r"\d(?:[\d.,]*\d)?")
_WORD_OR_DIGITS = re.compile(rf"{_DIGITS}|[^\W\d_]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_ENDING = re.compile(r"(?<=\d)(?:st|nd|rd|th)$")
_SHORT_SCALES = re.compile(r"(?<=\d)\s?(bn|bln|tn|mn|mln|k)\b|(?<=[$€£])(\s?\d[\d.,]*)\s?([mb])\b")
_LONGEST = 100  # characters; what is longer is no amount that anybody would write
_LONG_SCALES = (
    {"k": "thousand", "tn": "trillion"}
    | dict.fromkeys(("m", "mn", "mln"), "million")
    | dict.fromkeys(("b", "bn", "bln"), "billion")
)


def amounts(text: str) -> set[str]:
    """Return the amounts of a text, each as its value where it has one: "twenty-five" is "25".

    So "first" is "1th", "three quarters" is "3/4", "nineties" is "90s", and what has no value is as
    it is written: "dozens", "twice".
    """
    found = {
        amount for value in re.findall(r"⟨([^⟩]*)⟩", valued(text)) for amount in value.split(" or ")
    }
    return found | {decade[-3:] for decade in found if decade.endswith("0s")}


def digits(text: str) -> set[str]:
    """Return the numbers of a text that are written in digits, without thousands separators."""
    folded = unicodedata.normalize("NFKC", text)
    return {re.sub(r",(?=\d{3}(?!\d))", "", digits) for digits in _NUMBER.findall(folded)}


def numbers(text: str) -> set[str]:
    """Return the plain numbers of a text, in digits; of "twenty-five" these are two."""
    words = {fold(word) for word in tokens(unicodedata.normalize("NFKC", text))}
    return digits(text) | {str(_VALUES[word]) for word in words.intersection([*_SMALL, *_TENS])}


@lru_cache(maxsize=256)
def plain(text: str) -> str:
    """Return a text in lower case, without brackets of our own, dates and times; "bn" is a word."""
    rest = moments(re.sub("[⟨⟩]", " ", text)).rest.casefold()
    rest = re.sub(r"\bper\scent\b", "percent", rest)
    return _SHORT_SCALES.sub(lambda at: f"{at[2] or ''} {_LONG_SCALES[at[1] or at[3]]}", rest)


@lru_cache(maxsize=256)
def valued(text: str) -> str:
    """Return a text with each amount as "⟨25⟩"."""
    return _ANY.sub(lambda at: f"⟨{_value_of(at)}⟩", plain(text))


def _value_of(at: re.Match[str]) -> str:
    written = at.group()
    match at.lastgroup:
        case "decade":
            return (
                f"{_DECADES.index(written) + 2}0s" if written in _DECADES else written.strip("’'")
            )
        case "either":  # "a third was hurt": of them, or beside two others
            place = _VALUES[re.split(_GAP, written)[-1]]
            return f"{place}th or {_shown(Fraction(1, place))}"
        case "short":  # "5m users" and "5m waves"
            metres = _value(written.removesuffix("m"))
            return f"{metres} or {_value(f'{metres} million')}"
        case "fraction":
            return _fraction(at)
        case "ordinal":
            return f"{_value(_ENDING.sub('', written))}th"
        case "dozen":
            count = written.removesuffix("dozen").rstrip(" -‐‑")
            return f"{_value(count)} dozen" if count else "dozen"
        case "amount" if not _SCALES.keys() >= set(_WORD_OR_DIGITS.findall(written)):
            value = re.sub(rf"^(?:minus\s|{_MINUS})", "", written)
            return f"{'-' * (value != written)}{_value(value)}"
        case _:
            return " ".join(written.split())


def _fraction(at: re.Match[str]) -> str:
    whole, times = _number(at["whole"] or at["wholes"] or "0"), _LETTERS.findall(at["times"] or "")
    count = _number(at["over"] or at["count"] or "1")
    part = (at["part"] or "").removesuffix("s")
    parts = Fraction(at["under"] or _PARTS.get(at["part"] or "", 0) or _PARTS.get(part, 0))
    if whole is None or count is None or not parts or len(at.group()) > _LONGEST:
        return " ".join(at.group().split())
    value = whole + count / parts
    if times[-1:] == ["dozen"]:
        return f"{_shown(value)} dozen"
    return _shown(value * _SCALES[times[-1]] if times else value)


def _value(written: str) -> str:
    """Return the value of an amount; as it is written, where the digits are no number."""
    if len(written) > _LONGEST:
        return " ".join(written.split())
    total, current = Fraction(0), Fraction(0)
    for part in _WORD_OR_DIGITS.findall(written):
        if part == "hundred":
            current = (current or 1) * Fraction(100)
        elif part in _SCALES:
            total += (current or 1) * _SCALES[part]
            current = Fraction(0)
        elif part != "and":
            number = _number(part)
            if number is None:
                return " ".join(written.split())
            current += number
    return _shown(total + current)


def _number(part: str) -> Fraction | None:
    if part in _VALUES:
        return Fraction(_VALUES[part])
    try:
        return Fraction(re.sub(r"[ ’']|,(?=\d{3}(?!\d))", "", part))
    except ValueError:
        return None


def _shown(value: Fraction) -> str:
    decimal = f"{float(value):.15g}" if value.denominator != 1 else str(value)
    return decimal if Fraction(decimal) == value else str(value)
