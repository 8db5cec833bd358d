"""The dates and times of a text, each as one thing: of "12 May" and "2:30 p.m.", no 12 and no 2."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from onrecord.words import stem

_CLEAR = "january february april june july august september october november december"
_SHORT = "Jan Feb Mar Apr Jun Jul Aug Sept Sep Oct Nov Dec"
_MONTH = (
    rf"\b(?P<month>(?i:{'|'.join(_CLEAR.split())})|May|MAY|March|MARCH|{'|'.join(_SHORT.split())})"
    r"\b\.?"
)
_A_MONTH = re.compile(_MONTH)
_BY_PLACE = re.compile(  # "may" is a month only where it has a capital, or stands as one does
    r"(?P<before>\b(?i:in|since|until|early|late|mid|last|next|\d{1,2}(?:st|nd|rd|th)?\sof)[\s-])"
    r"(?P<month>may|march)\b"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?(?!\w|[.,:/]\d)"
_AND = r"(?:\s?[-–]\s?|\s(?:and|or|to)\s)"
_DAY_FIRST = re.compile(rf"(?<![\d.,:/])(?P<days>(?:{_DAY}{_AND})?{_DAY})(?:\sof)?\s{_MONTH}")
_MONTH_FIRST = re.compile(rf"{_MONTH}\s(?:the\s)?(?P<days>{_DAY}(?:{_AND}{_DAY})?)")
_YEAR = re.compile(rf"{_MONTH}(?:\s(?:the\s)?{_DAY})?,?\s(?P<year>\d{{4}})\b")

_HOURS = "one two three four five six seven eight nine ten eleven twelve".split()
_TIME = re.compile(
    rf"\b(?P<hour>\d{{1,2}}|{'|'.join(_HOURS)})(?:[:.](?P<minute>\d\d))?[\s-]?"
    r"(?P<half>[ap])(?:m\b|\.\s?m\b\.?)",
    re.IGNORECASE,
)
_HALF = re.compile(r"\b[ap]\.m\b", re.IGNORECASE)
_COMPOUND = re.compile(
    r"(?<!\d)(?:\d+(?:[/:]\d+)+|\d+(?:[-–‑]\d+){2,}|\d{1,2}\.\d{1,2}\.\d{2,4}(?!\d))"
)
_PAIR = re.compile(r"(?<![\d.,])(\d+(?:[.,]\d+)*)(?:\s?[-–‑]\s?|\sto\s)(\d+(?:[.,]\d+)*)")

WHEN = frozenset(
    stem(word)
    for word in """
    monday tuesday wednesday thursday friday saturday sunday weekday weekend spring summer autumn
    winter yesterday today tonight tomorrow dawn sunrise morning noon midday afternoon dusk sunset
    evening night midnight overnight
    """.split()
)
"""Words that say when, as stems."""
MONTHS = frozenset(f"{_CLEAR} may march".split())


class Moments(NamedTuple):
    """What a text says of when, and its words without that.

    Attributes:
        found: "3 May" and "3th", "May", "May 2024", "2:30", "2:30 pm", "3/5/2021", and
            two numbers of which one leads to the other ("5-3"), which stay in the rest.
        rest: The text, with nothing in the place of days and times.
    """

    found: frozenset[str]
    rest: str


@lru_cache(maxsize=256)
def moments(text: str) -> Moments:
    """Return the dates, times and pairs of numbers of a text, and what else it says."""
    rest = _BY_PLACE.sub(lambda at: at["before"] + at["month"].title(), _folded(text))
    found = {_month(at) for at in _A_MONTH.finditer(rest)}
    found |= {f"{_month(at)} {int(at['year'])}" for at in _YEAR.finditer(rest)}
    for at in _TIME.finditer(rest):
        time = f"{_HOURS.index(hour) + 1 if (hour := at['hour'].lower()) in _HOURS else int(hour)}"
        time += f":{at['minute'] or '00'}"
        found |= {time, f"{time} {at['half'].lower()}m"}
    found |= {half.lower() for half in _HALF.findall(rest)}
    rest = _TIME.sub(" ; ", rest)
    for pattern in (_DAY_FIRST, _MONTH_FIRST):
        for at in pattern.finditer(rest):
            for day in re.findall(r"\d+", at["days"]):
                found |= {f"{int(day)} {_month(at)}", f"{int(day)}th"}
        rest = pattern.sub(lambda at: at["month"], rest)
    found |= {re.sub("[–‑]", "-", compound) for compound in _COMPOUND.findall(rest)}
    rest = _COMPOUND.sub(" ; ", rest)
    found |= {f"{first}-{second}".replace(",", "") for first, second in _PAIR.findall(rest)}
    return Moments(frozenset(found), rest)


def _folded(text: str) -> str:
    """Return a text with one form of each sign; "2½" is "2 1⁄2"."""
    return unicodedata.normalize("NFKC", re.sub("(?<=\\d)(?=[¼½¾⅐-⅞])", " ", text))


def _month(at: re.Match[str]) -> str:
    return at["month"].title()[:3]
