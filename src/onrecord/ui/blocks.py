"""What a document's text is made of, as it is typeset: blocks, each with the marks in its words.

Nothing here changes a text. A block is a stretch of it, a mark a stretch of a block; what only says
how the rest is to look, such as the stars around a word, is marked as syntax, and not shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal, NamedTuple

from onrecord.types import Sentence

Kind = Literal["p", "item", "h3", "h4", "h5", "h6", "code", "hr", "reference", "table", "lines"]

# Where one paragraph ends and the next begins. In a text with blank lines a single
# line end is only a place where the line was full; in one without, it ends a paragraph.
_BLANK_LINES = re.compile(r"\n[^\S\n]*\n\s*")
_LINE_END = re.compile(r"\n\s*")
_BEFORE_BLOCK_LINE = re.compile(r"\n(?=[ \t]*(?:#{1,6}[ \t]|[-*+•][ \t]|\d{1,3}[.)][ \t]|>|\|))")
_HEADING_LINE = re.compile(r"^[ \t]*#{1,6}[ \t][^\n]*\n\s*", re.MULTILINE)

_HEADING = re.compile(r"[ \t]*#{1,6}[ \t]+")
_ITEM = re.compile(r"[ \t]*(?:[-*+•]|\d{1,3}[.)])[ \t]")
_BULLET = re.compile(r"- +")
_ROW = re.compile(r"\|[ -].*[ -]\|\s*")
_DIVIDER = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?")
_PIPE = re.compile(r"(?<!\\)\|")


class Mark(NamedTuple):
    """A stretch of text that looks otherwise than what is around it, or is not shown.

    Attributes:
        start: Offset in the text of where it begins.
        end: Offset behind its end.
        kind: "syntax", "break", "strong", "em", "s", "code", "fence", "link" or
            "image".
        title: Of a link or an image, its address.
    """

    start: int
    end: int
    kind: str
    title: str = ""


@dataclass(frozen=True, eq=False)
class Box:
    """What blocks stand in: a list, an item of it, or a quotation; each is only equal to itself.

    Attributes:
        tag: "ul", "ol", "li" or "blockquote".
        first: The number of an ordered list's first item.
    """

    tag: str
    first: int = 1


@dataclass(frozen=True)
class Row:
    """A row of a table, without what stands before and behind it on its line.

    Attributes:
        start: Offset in the text of where it begins.
        end: Offset behind its end.
        cells: Where each begins and ends; the lines between them are the cells' own.
        is_head: Whether it names the columns.
    """

    start: int
    end: int
    cells: tuple[tuple[int, int], ...]
    is_head: bool = False


@dataclass(frozen=True)
class Block:
    """A stretch of text that stands by itself; each begins where the one before it ends.

    Attributes:
        start: Offset in the text of where it begins.
        end: Offset behind its end.
        kind: What it is; "lines" are a table that cannot be drawn as one.
        path: What it stands in, from the outermost.
        marks: What is marked in it, in order; of two that begin together the longer comes first.
        rows: Of a table.
        sides: Of a table, the side to which each column is aligned; "" where it is not.
    """

    start: int
    end: int
    kind: Kind = "p"
    path: tuple[Box, ...] = ()
    marks: tuple[Mark, ...] = ()
    rows: tuple[Row, ...] = ()
    sides: tuple[str, ...] = ()


def plain_blocks(text: str) -> list[Block]:
    """Return the paragraphs of a text, of which headings and list items are told by their look."""
    patterns = [_BLANK_LINES, _BEFORE_BLOCK_LINE, _HEADING_LINE]
    if not has_blank_lines(text):
        patterns = [_LINE_END]
    ends = {match.end() for pattern in patterns for match in pattern.finditer(text)}
    cuts = sorted({0, *ends, len(text)})
    return [_plain(text, start, end) for start, end in pairwise(cuts)] or [Block(0, 0)]


def extracted_blocks(text: str) -> list[Block]:
    """Return the blocks of a text of extract.py's, which says what is an item and what a row."""
    blocks: list[Block] = []
    rows: list[Block] = []
    items: Box | None = None
    for block in plain_blocks(text):
        if _ROW.fullmatch(text, block.start, block.end):
            rows.append(block)
            continue
        blocks += _table_of(text, rows)
        rows = []
        bullet = _BULLET.match(text, block.start)
        items = (items or Box("ul")) if bullet else None
        if bullet and items:
            hidden = Mark(block.start, bullet.end(), "syntax")
            block = replace(block, kind="p", path=(items, Box("li")), marks=(hidden,))
        blocks.append(block)
    return [*blocks, *_table_of(text, rows)]


def table(text: str, start: int, end: int, lines: Sequence[tuple[int, int]]) -> Block:
    """Return a table.

    Args:
        text: What it stands in.
        start: Where it begins, with all that belongs to it.
        end: Where it ends.
        lines: Its lines, without what does not belong to the row.
    """
    divider = next((at for at in lines if _DIVIDER.fullmatch(text, *at)), None)
    sides = () if divider is None else tuple(_side(text[a:b]) for a, b in _cells(text, *divider))
    rows = tuple(
        Row(a, b, _cells(text, a, b), is_head=divider is not None and b <= divider[0])
        for a, b in lines
        if (a, b) != divider and a < b
    )
    return Block(start, end, "table", rows=rows, sides=sides)


def inner(text: str, start: int, end: int) -> tuple[int, int]:
    """Return where the words of a cell begin and end, without its lines and the space in it."""
    start += text.startswith("|", start)
    end -= end > start and text[end - 1] == "|" and text[end - 2] != "\\"
    words = text[start:end]
    if not words.strip():
        return end, end
    return end - len(words.lstrip()), start + len(words.rstrip())


def end_of_words(text: str, start: int, end: int) -> int:
    """Return where what stands between two places ends, without the space behind it."""
    return start + len(text[start:end].rstrip())


def has_blank_lines(text: str) -> bool:
    """Tell whether paragraphs have blank lines between them."""
    return _BLANK_LINES.search(text) is not None


def whole(text: str, blocks: Sequence[Block], sentences: Sequence[Sentence]) -> Iterator[Block]:
    """Yield the blocks, of which those that a sentence runs through are one."""
    following = iter(sentences)
    sentence = next(following, None)
    kept: Block | None = None
    for block in blocks:
        if kept is None:
            kept = block
            continue
        while sentence is not None and sentence.end <= block.start:
            sentence = next(following, None)
        if sentence is not None and sentence.start < block.start:
            kept = _joined(text, kept, block)
        else:
            yield kept
            kept = block
    if kept is not None:
        yield kept


def _plain(text: str, start: int, end: int) -> Block:
    if (heading := _HEADING.match(text, start, end)) and text[heading.end() : end].strip():
        # Its number signs are kept, for whoever copies the text, and not shown.
        return Block(start, end, "h3", marks=(Mark(start, heading.end(), "syntax"),))
    return Block(start, end, "item" if _ITEM.match(text, start, end) else "p")


def _table_of(text: str, rows: Sequence[Block]) -> list[Block]:
    if not rows:
        return []
    lines = [(row.start, end_of_words(text, row.start, row.end)) for row in rows]
    return [table(text, rows[0].start, rows[-1].end, lines)]


def _cells(text: str, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """Return where cells begin, each with the line before it, and end; the last with its own."""
    between = [
        match.start()
        for match in _PIPE.finditer(text, start, end)
        if start < match.start() < end - 1
    ]
    return tuple(pairwise((start, *between, end)))


def _side(divider: str) -> str:
    rule = divider.strip("| \t")
    if not rule.endswith(":"):
        return "start" if rule.startswith(":") else ""
    return "center" if rule.startswith(":") else "end"


def _joined(text: str, first: Block, second: Block) -> Block:
    shared = [one for one, other in zip(first.path, second.path, strict=False) if one is other]
    kind: Kind = first.kind if first.kind in (second.kind, "item") else "p"
    if {first.kind, second.kind} & {"table", "lines"}:
        kind = "lines"
    marks = (*_lines_kept(text, first), *_lines_kept(text, second))
    return Block(first.start, second.end, kind, tuple(shared), marks)


def _lines_kept(text: str, block: Block) -> tuple[Mark, ...]:
    """Return a block's marks for where it is a part of a paragraph."""
    if block.kind != "code":
        return block.marks
    return (Mark(block.start, end_of_words(text, block.start, block.end), "fence"), *block.marks)
