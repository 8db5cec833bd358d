"""Writes out a stretch of text as HTML, bit by bit, with what is marked in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import escape

from onrecord.types import Sentence
from onrecord.ui import words
from onrecord.ui.blocks import Block, Mark

_DEEPEST = 8  # marks within one another; there are texts that are made to have thousands
_TAGS = {
    "syntax": '<span class="syntax">',
    "break": '<span class="syntax">',
    "strong": "<strong>",
    "em": "<em>",
    "s": "<s>",
    "code": "<code>",
    "fence": '<code class="fence">',
    "link": '<span class="link"',
    "image": '<span class="image"',
}
_WORD = re.compile(r"\w")


class Pen:
    """Writes a text from a place on.

    Args:
        text: The text.
        at: Where to begin.
        marks: What is marked from there on, in order; of two that begin together the longer first.

    Attributes:
        at: The place up to which it is written.
    """

    def __init__(self, text: str, at: int, marks: Sequence[Mark]) -> None:
        self._text = text
        self.at = at
        self._marks = marks
        self._next = 0
        self._open: list[Mark] = []

    def to(self, end: int) -> str:
        """Return what comes before a place: what is marked beyond it is closed, and opened anew."""
        pieces = [_opening(mark) for mark in self._open]
        while self.at < end:
            pieces += self._opened()
            stops = [end, *(mark.start for mark in self._marks[self._next : self._next + 1])]
            stop = min(stops + [mark.end for mark in self._open[-1:]])
            pieces.append(escape(self._text[self.at : stop]))
            self.at = stop
            while self._open and self._open[-1].end <= stop:
                mark = self._open.pop()
                pieces.append(_closing(mark) + "<br>" * (mark.kind == "break"))
        pieces += [_closing(mark) for mark in reversed(self._open)]
        return "".join(pieces)

    def sentences(self, sentences: Sequence[Sentence], end: int) -> Iterator[str]:
        """Yield what comes before a place, with an element for each sentence."""
        for sentence in sentences:
            yield self.to(sentence.start)
            yield f'<span class="sentence" {place_of(sentence)}>{self.to(sentence.end)}</span>'
        yield self.to(end)

    def _opened(self) -> Iterator[str]:
        """Yield the tags of what begins here; each ends with what it stands in, at the latest."""
        while self._next < len(self._marks) and self._marks[self._next].start <= self.at:
            mark = self._marks[self._next]
            self._next += 1
            end = min(mark.end, self._open[-1].end) if self._open else mark.end
            if end > self.at and len(self._open) < _DEEPEST:
                self._open.append(mark if end == mark.end else mark._replace(end=end))
                yield _opening(mark)


def place_of(sentence: Sentence) -> str:
    """Return the attributes of a sentence's element, by which the page finds it, and its page."""
    page = f' data-page="{words.page(sentence.page)}"' if sentence.page else ""
    return (
        f'id="s{sentence.index}" tabindex="-1"'
        f' data-start="{sentence.start}" data-end="{sentence.end}"{page}'
    )


def legible(text: str, block: Block, sentences: Sequence[Sentence]) -> Block:
    """Return a block in which no sentence is hidden whole, as an address that has one would be."""
    hidden = [mark for mark in block.marks if mark.kind == "syntax"]
    shown: set[Mark] = set()
    first = 0
    for sentence in sentences:
        while first < len(hidden) and hidden[first].end <= sentence.start:
            first += 1
        last, seen, position = first, "", sentence.start
        while last < len(hidden) and hidden[last].start < sentence.end:
            seen += text[position : hidden[last].start]
            position = max(position, hidden[last].end)
            last += 1
        if not _WORD.search(seen + text[position : sentence.end]):
            shown.update(hidden[first:last])
    if not shown:
        return block
    return replace(block, marks=tuple(mark for mark in block.marks if mark not in shown))


def _opening(mark: Mark) -> str:
    if mark.kind not in ("link", "image"):
        return _TAGS[mark.kind]
    title = f' title="{escape(mark.title)}"' if mark.title else ""
    return f"{_TAGS[mark.kind]}{title}>"


def _closing(mark: Mark) -> str:
    tag = _TAGS[mark.kind][1:].partition(" ")[0].rstrip(">")
    return f"</{tag}>"
