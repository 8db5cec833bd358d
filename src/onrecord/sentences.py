"""`Document` -> `Sentence`s, with exact character offsets.

The sentences are sentencex's. What is put in order around it: which lines stand by themselves, and
abbreviations that it takes for a sentence's end.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise

import sentencex

from onrecord.types import Document, Sentence

# A line that stands by itself: heading, list item, quotation or table row. Its marker
# is no part of the sentence.
_BLOCK_LINE = re.compile(r"[ \t]*(?:#{1,6}[ \t]+|[-*+•][ \t]+|\d{1,3}[.)][ \t]+|>[ \t]?|(?=\|))")
_NUMBERED = re.compile(r"[ \t]*(?!1[.)])\d")
_RULE = re.compile(r"[ \t]*[=*_-]{3,}[ \t]*$")  # below a heading, or between sections
_CLOSED = re.compile(r"[.!?:;,”\"’)…]\s*$")
_OPENS = re.compile(r"[ \t]*[“\"‘'(]?(?:[A-ZÀ-ÖØ-Þ]|\d(?!\d*[.)]\s))")
_ADDRESS = re.compile(r"\S{40,}")  # nothing that could be wrapped
_SHORT = 0.6  # of the longest line of its paragraph: what is wrapped fills its lines
_WORD = re.compile(r"\w")
_SURROGATE = re.compile(r"[\ud800-\udfff]")  # no UTF-8 for these, which the splitter speaks
_WIDE = re.compile(r"[^\S\x00-\x7f]")  # "Plan B .", with such a space, makes it panic

# The splitter's time grows with the square of a block's length on hostile text
# (100,000 opening brackets take seconds), so that longer blocks are cut first.
_MAX_BLOCK = 4_000

# "10 a.m. Tuesday", "approx. 12", "vol. 2": what was cut there goes on.
_GOES_ON = [
    (
        re.compile(r"\d\s?[ap]\.m\.\s*$", re.IGNORECASE),
        re.compile(
            r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b"
            r"|(?:January|February|March|April|May|June|July|August|September|October|November"
            r"|December|(?:Jan|Feb|Mar|Apr|Aug|Sept|Oct|Nov|Dec)\.) \d"
            r"|(?:Eastern|Central|Mountain|Pacific)(?: (?:Standard|Daylight|Summer))? [Tt]ime\b"
        ),
    ),
    (
        re.compile(
            r"(?:^|[\s(])(?:(?:[Aa]pprox|ca|c|[Ee]st|[Vv]ol|[Cc]h|[Vv]er)|(?<!\d\s)(?:max|min|sec))\.\s*$"
        ),
        re.compile(r"[$€£]?\d"),
    ),
]


def split_sentences(document: Document) -> tuple[Sentence, ...]:
    """Split a document into sentences (by sentencex), none of which begins or ends in space.

    Headings, list items and table rows are sentences of their own, without their
    markers. Pieces without a letter or a digit are left out.
    """
    spans = (
        span
        for start, end in _blocks(document.text)
        for span in _sentence_spans(document.text, start, end)
    )
    return tuple(
        Sentence(
            document_id=document.id,
            index=index,
            start=start,
            end=end,
            page=bisect_right(document.pages, start) or None,
        )
        for index, (start, end) in enumerate(spans)
    )


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of paragraphs, and of lines that stand by themselves."""
    start = position = 0
    last = ""  # the line before
    in_list = False
    for line in text.splitlines(keepends=True):
        marker = _BLOCK_LINE.match(line)
        # "… was held on May" and "12. It was …" are a paragraph that was wrapped there.
        if marker and _NUMBERED.match(line) and last.strip() and not in_list:
            marker = marker if _CLOSED.search(last) else None
        is_rule = bool(_RULE.match(line))
        if marker or is_rule or not line.strip():
            yield from _paragraph(text, start, position)
            start = position + (len(line) if is_rule else marker.end() if marker else 0)
            in_list = bool(marker)
            if marker and line.lstrip().startswith(("#", "|")):
                yield from _cut(text, start, position + len(line))
                start = position + len(line)
        position += len(line)
        last = line
    yield from _paragraph(text, start, position)


def _paragraph(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield a paragraph, and before it the headline and byline that nothing parts from it."""
    lines = text[start:end].splitlines(keepends=True)
    longest = max((len(_ADDRESS.sub("", line)) for line in lines), default=0)
    for line, following in pairwise(lines):
        stands_alone = len(line) < _SHORT * longest and not _CLOSED.search(line)
        if not (stands_alone and line.strip() and _OPENS.match(following)):
            break
        yield from _cut(text, start, start + len(line))
        start += len(line)
    yield from _cut(text, start, end)


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield `start`, `end` in pieces that the splitter can take."""
    while end - start > _MAX_BLOCK:
        stop = start + _MAX_BLOCK
        breaks = [text.rfind(mark, start + 1, stop) for mark in ("\n", ". ", " ")]
        cut = next((place + 1 for place in breaks if place > start), stop)
        yield start, cut
        start = cut
    if end > start:
        yield start, end


def _sentence_spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    block = _WIDE.sub(" ", _SURROGATE.sub("\ufffd", text[start:end]))
    first = 0
    for boundary in sentencex.get_sentence_boundaries("en", block):
        last = boundary["end_index"]
        if not _is_cut(block, first, last):
            yield from _span(text, start + first, start + last)
            first = last
    yield from _span(text, start + first, end)


def _is_cut(block: str, start: int, end: int) -> bool:
    """Tell whether a sentence was cut at its end, behind an abbreviation."""
    return any(
        goes_on.match(block, end) and before.search(block[max(start, end - 20) : end])
        for before, goes_on in _GOES_ON
    )


def _span(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield a span without the space around it, if there is anything in it."""
    piece = text[start:end]
    if _WORD.search(piece):
        first = start + len(piece) - len(piece.lstrip())
        yield first, first + len(piece.strip())
