"""What a text counts and measures, and by what: of "5 km and 3 miles", no 5 miles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from onrecord.quantities import plain, valued
from onrecord.words import FUNCTION_WORDS, stem

_UNITS = {
    form: unit
    for unit, *forms in map(
        str.split,
        """
        dollar dollars $ usd
        a$ au$ aud
        c$ ca$ cad
        hk$ hkd
        nt$ twd
        nz$ nzd
        r$ brl
        s$ sgd
        euro euros € eur
        pound pounds £
        yen ¥
        krone kroner krona kronor
        franc francs
        rouble roubles ruble rubles
        rupee rupees
        yuan
        peso pesos
        cent cents
        pence penny
        percent %
        percentage
        km kilometre kilometres kilometer kilometers
        metre metres meter meters
        cm centimetre centimetres centimeter centimeters
        mm millimetre millimetres millimeter millimeters
        mile miles
        foot feet
        inch inches
        yard yards
        kg kilo kilos kilogram kilograms kilogramme kilogrammes
        gram grams gramme grammes
        tonne tonnes
        ton tons
        ounce ounces
        litre litres liter liters
        gallon gallons
        hectare hectares
        acre acres
        degree degrees °
        celsius
        fahrenheit
        knot knots
        second seconds
        minute minutes
        hour hours
        day days
        week weeks
        month months
        year years
        decade decades
        century centuries
        """.strip().splitlines(),
    )
    for form in (unit, *forms)
}
SIGNS = frozenset(form for form in _UNITS if len(form) == 1)
"""The units that are written as one character."""
_SIGN = r"(?:(?:\b(?:au?|ca?|hk|nt|nz|r|s))?\$|[€£¥])"  # "A$10" are no "$10"
_WORD = re.compile(rf"{_SIGN}|[%°]|[^\W\d_]+")
_TOGETHER = r"(?:\sof(?:\s(?:the|its|their|his|her|all))?\s|,?\s(?:and|or|to|by)\s|\s?[–-]\s?|,\s)"
_COUNTED = re.compile(
    rf"(?P<sign>{_SIGN}\s?)?(?P<values>⟨[^⟩]*⟩(?:{_TOGETHER}⟨[^⟩]*⟩)*)"
    r"(?P<words>(?:[\s‐‑-]?(?:[%°]|[^\W\d_]+)){0,3})"
)

_BOUNDED = re.compile(
    r"(?:(?:(?P<least>\b(?:at least|(?<!no )more than|no (?:fewer|less) than|over|above|upwards of"
    r"|minimum of))"
    r"|(?P<most>\b(?:at most|no more than|up to|as (?:many|much) as|under|below|nearly|almost"
    r"|(?<!no )(?:less|fewer) than|maximum of))"
    r"|(?P<about>\b(?:about|around|some|roughly|approximately|an estimated|close to)))\s)?"
    r"[$€£¥]?\s?⟨(?P<value>[^⟩]*)⟩"
    r"(?:(?P<or_more>\+|\splus\b|(?:\s[a-z]+)?\sor (?:more|over|above)\b)"
    r"|(?P<or_less>(?:\s[a-z]+)?\sor (?:less|fewer|under|below)\b))?"
)
_BOUNDS = {
    "least": "least",
    "or_more": "least",
    "most": "most",
    "or_less": "most",
    "about": "about",
}
_RANGE = re.compile(
    r"\bbetween\s[$€£¥]?⟨([^⟩]*)⟩\sand\s[$€£¥]?⟨([^⟩]*)⟩"
    r"|⟨([^⟩]*)⟩(?:\s?[–‑-]\s?|\sto\s)[$€£¥]?⟨([^⟩]*)⟩"
)
_FROM = re.compile(r"\bfrom\s[$€£¥]?(?:⟨[^⟩]*⟩[^;.,]{0,30})?$")  # "rose from 10 to 12" is none
_YEAR = re.compile(r"1\d{3}|20\d\d")  # "1998–2005" is a time, with no doubt about its ends


class _Range(NamedTuple):
    """The two ends of a range, and how it is written."""

    ends: tuple[str, str]
    written: str


def units(text: str) -> set[str]:
    """Return the units and currencies that a text measures in, each by one name."""
    return {_UNITS[word] for word in _WORD.findall(plain(text)) if word in _UNITS} - {"second"} | (
        {"second"} if re.search(r"\bseconds\b", text, re.IGNORECASE) else set()
    )


def miscounted(claim: str, source: str) -> list[str]:
    """Return what a claim counts or measures by another number than its source, as "5 mile".

    A number that stands alone in the source ("two came by bus, and five by train") may count all.
    """
    known: dict[str, set[str]] = {}
    for values, words in _counted(source):
        for word in words or [""]:
            known.setdefault(word, set()).update(values)
    return [
        f"{values[-1]} {behind[0]}"
        for values, words in _counted(claim)
        if (behind := [word for word in words if word in known])
        and not any(values[-1] in known[word] for word in behind)
        and values[-1] not in known.get("", ())
    ]


def unbounded(claim: str, source: str) -> list[str]:
    """Return the numbers of a claim that its source has only with a bound, which the claim has not.

    "12 were killed" is not what "at least 12 were killed" says, nor are "up to 12" and "10 to 12".
    """
    there, here = valued(source), valued(claim)
    ranges, own = _ranges(there), _ranges(here)
    known = dict[str, set[str]]()
    for value, bound in _bounds(there, ranges):
        known.setdefault(value, set()).add(bound)
    said = dict.fromkeys(_bounds(here, own))
    # "from 10 to 12" is what "between 10 and 12" says, whichever of them is the claim's.
    shared = known.keys() & {value for value, _ in said}
    both = {value for ends, _ in ranges + own if shared >= {*ends} for value in ends}
    return [
        value
        for value, bound in said
        if value in known and bound not in known[value] and value not in both
    ]


def _bounds(shown: str, ranges: Sequence[_Range]) -> Iterator[tuple[str, str]]:
    """Yield numbers, and of what kind the bound of each is, "" where there is none."""
    for ends, written in ranges:
        yield from ((value, "range") for value in ends)
        shown = shown.replace(written, " ", 1)
    for at in _BOUNDED.finditer(shown):
        yield at["value"], next((kind for name, kind in _BOUNDS.items() if at[name]), "")


def _ranges(shown: str) -> list[_Range]:
    """Return the ranges of a text whose amounts are told by value: no scores, and no years."""
    found = []
    for at in _RANGE.finditer(shown):
        low, high = (value for value in at.groups() if value)
        if _is_cardinal(low) and _is_cardinal(high) and float(low) < float(high):
            is_change = _FROM.search(shown, 0, at.start())
            if not is_change and not _YEAR.fullmatch(low):
                found.append(_Range((low, high), at.group()))
    return found


def _counted(text: str) -> Iterator[tuple[list[str], list[str]]]:
    """Yield numbers and what they count: units by one name, up to three other words as stems."""
    for at in _COUNTED.finditer(valued(text)):
        values = [value for value in re.findall(r"⟨([^⟩]*)⟩", at["values"]) if _is_cardinal(value)]
        words = [at["sign"].strip()] if at["sign"] else []
        for word in _WORD.findall(at["words"]):
            if word in FUNCTION_WORDS:
                break
            words.append(word)
        if values:
            yield values, [_UNITS.get(word) or stem(word) for word in words]


def _is_cardinal(value: str) -> bool:
    return value.lstrip("-").replace(".", "").isdecimal()
