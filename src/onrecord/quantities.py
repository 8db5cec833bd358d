"""The amounts and dates of a text, by value, so that no part of one passes for the whole.

"Twenty" is not in "twenty-five", "4.5" is not in "4.5 million", and "12 May" is not in
"on 3 May, 12 people died".
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation

_SMALL = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen
    fourteen fifteen sixteen seventeen eighteen nineteen
    """.split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_VALUES = {word: value for value, word in enumerate(_SMALL)} | {
    word: 10 * value for value, word in enumerate(_TENS, 2)
}
_SCALES = {
    "hundred": 100,
    "thousand": 1_000,
    "million": 1_000_000,
    "billion": 1_000_000_000,
    "trillion": 1_000_000_000_000,
}
_MONTHS = (
    "January February March April May June July August September October November December "
    "Jan Feb Mar Apr Jun Jul Aug Sept Sep Oct Nov Dec"
)

_GAP = r"[\s‐‑-]+"
_DIGITS = r"\d{1,3}(?:[ ’']\d{3})+(?!\d)|\d(?:[\d.,]*\d)?"
_SPELLED = (
    rf"(?:{'|'.join(_TENS)})(?:{_GAP}(?:{'|'.join(_SMALL[1:10])}))?\b|(?:{'|'.join(_SMALL)})\b"
)
_SCALE = rf"(?:{'|'.join(_SCALES)})\b"
_TERM = rf"(?:{_DIGITS}|\b(?:{_SPELLED}))(?:{_GAP}{_SCALE})*"
_AMOUNT = re.compile(
    rf"((?:\bminus\s|(?<![^\s(])[-−])?)"
    rf"((?:{_DIGITS}|\b(?:{_SPELLED}))(?:(?:{_GAP}{_SCALE})+(?:\s(?:and\s)?{_TERM})*)?|\b{_SCALE})"
)
_PART = re.compile(rf"{_DIGITS}|[^\W\d_]+")
_MONTH = rf"\b({'|'.join(_MONTHS.split())})\b\.?"
_DAY = r"(?<![\d.,])(\d{1,2})(?:st|nd|rd|th)?(?![\d])"
_DAY_FIRST = re.compile(rf"{_DAY}(?:\sof)?\s{_MONTH}")
_MONTH_FIRST = re.compile(rf"{_MONTH}\s{_DAY}")
_YEAR = re.compile(rf"{_MONTH}(?:\s\d{{1,2}}(?:st|nd|rd|th)?)?,?\s(\d{{4}})\b")


def amounts(text: str) -> set[str]:
    """Return the amounts of a text, each as its value where it has one: "twenty-five" is "25"."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return {f"{'-' if sign else ''}{_value(written)}" for sign, written in _AMOUNT.findall(folded)}


def dates(text: str) -> set[str]:
    """Return the days and the years of months that a text names: "3 May", "May 2024"."""
    folded = unicodedata.normalize("NFKC", text)
    days = _DAY_FIRST.findall(folded)
    days += [(day, month) for month, day in _MONTH_FIRST.findall(folded)]
    return {f"{int(day)} {month[:3]}" for day, month in days} | {
        f"{month[:3]} {int(year)}" for month, year in _YEAR.findall(folded)
    }


def _value(written: str) -> str:
    """Return the value of an amount; as it is written, where the digits are no number."""
    total, current = Decimal(0), Decimal(0)
    for part in _PART.findall(written):
        if part == "hundred":
            current = (current or 1) * Decimal(100)
        elif part in _SCALES:
            total += (current or 1) * _SCALES[part]
            current = Decimal(0)
        elif part != "and":
            number = _number(part)
            if number is None:
                return " ".join(written.split())
            current += number
    return f"{(total + current).normalize():f}"


def _number(part: str) -> Decimal | None:
    if part in _VALUES:
        return Decimal(_VALUES[part])
    try:
        return Decimal(re.sub(r"[ ’']|,(?=\d{3}(?!\d))", "", part))
    except InvalidOperation:
        return None
