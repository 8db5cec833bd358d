"""A Markdown document -> its blocks, with the place of everything in them that is only syntax.

markdown-it-py reads it, as CommonMark with tables, and knows the lines of each block. HTML is text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, reference
from markdown_it.token import Token

from onrecord.ui.blocks import (
    Block,
    Box,
    Kind,
    Mark,
    Row,
    end_of_words,
    has_blank_lines,
    inner,
    plain_blocks,
    table,
)
from onrecord.ui.markup import marks_in, note_places

_LONGEST = 1_000_000  # characters: the parser takes seconds for them
_KEPT = 16  # documents, each of which is opened again and again

_HEADINGS: dict[str, Kind] = {"h1": "h3", "h2": "h4", "h3": "h5"}
_BOXES = {
    "blockquote_open": "blockquote",
    "bullet_list_open": "ul",
    "ordered_list_open": "ol",
    "list_item_open": "li",
}
_BEFORE_ROW = re.compile(r"(?:[ \t>]|(?:[-*+]|\d{1,9}[.)])[ \t])*")
_FENCE = re.compile(r"[ \t>]*(?:`{3,}|~{3,})\s*")


@lru_cache(maxsize=_KEPT)
def markdown_blocks(text: str) -> tuple[Block, ...]:
    """Return the blocks of a Markdown text, from its beginning to its end."""
    found = [] if "\r" in text or len(text) > _LONGEST else _Reading(text).blocks()
    if not found:
        return tuple(plain_blocks(text))
    cuts = pairwise([0, *(block.start for block in found[1:]), len(text)])
    return tuple(_at(text, block, *cut) for block, cut in zip(found, cuts, strict=True))


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    parser.core.ruler.enableOnly(["normalize", "block"])  # words are read block by block
    parser.block.ruler.at("reference", _reference)
    note_places(parser)
    return parser


def _reference(state: StateBlock, first: int, last: int, silent: bool) -> bool:
    """Find a link's address as the parser does, which would leave no trace of its lines."""
    found = reference(state, first, last, silent)
    if found and not silent:
        state.push("reference", "", 0).map = [first, state.line]
    return found


class _Reading:
    """Reads one text, once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = text.split("\n")
        self._starts = [0, *accumulate(len(line) + 1 for line in self._lines)]
        self._by_lines = not has_blank_lines(text)
        self._parser = _parser()
        self._env: dict[str, Any] = {}
        self._path: list[Box] = []
        self._found: list[Block] = []

    def blocks(self) -> list[Block]:
        """Return the blocks, in order; where each ends is not known yet."""
        opened: list[tuple[Token, int]] = []
        in_table = False
        for token in self._parser.parse(self._text, self._env):
            if in_table:
                in_table = token.type != "table_close"
            elif token.nesting == 1:
                in_table = token.type == "table_open"
                if not in_table:
                    opened.append((token, len(self._found)))
                self._begin(token)
            elif token.nesting == -1:
                self._end(*opened.pop())
            elif token.type == "inline":
                self._words(opened[-1][0], token.content)
            else:
                self._alone(token)
        return self._found

    def _begin(self, token: Token) -> None:
        if token.type == "table_open":
            self._table(token)
        elif token.type in _BOXES:
            self._path.append(Box(_BOXES[token.type], int(token.attrs.get("start", 1))))

    def _end(self, token: Token, found: int) -> None:
        if token.type not in _BOXES:
            return
        if found == len(self._found):  # there is nothing in it
            self._add((token.map or [0])[0], "p")
        self._path.pop()

    def _add(self, line: int, kind: Kind, marks: Iterable[Mark] = ()) -> None:
        start = self._starts[line]
        if not self._found or self._found[-1].start < start:
            self._found.append(Block(start, start, kind, tuple(self._path), _in_order(marks)))

    def _words(self, opened: Token, words: str) -> None:
        first, last = opened.map or (0, 0)
        if opened.type == "heading_open" and words:
            end = self._starts[last] - 1
            self._paragraph(first, words, _HEADINGS.get(opened.tag, "h6"), opened.markup, end)
        elif self._by_lines and not self._path:
            for number, line in enumerate(words.split("\n")):
                self._paragraph(first + number, line, "p")
        else:
            self._paragraph(first, words, "p")

    def _paragraph(self, line: int, words: str, kind: Kind, sign: str = "", end: int = 0) -> None:
        """Add a paragraph or a heading.

        Args:
            line: The first line that it stands on.
            words: Its words, as the parser has them.
            kind: What it is.
            sign: Of a heading, what makes it one.
            end: Of a heading, the end of its last line.
        """
        found = self._places(line, words, sign)
        if found is None:  # what the parser has is not what stands there
            self._add(line, kind)
            return
        in_words, in_text = found

        def place(position: int) -> int:
            at = max(0, bisect_right(in_words, position) - 1)
            return in_text[at] + position - in_words[at]

        marks = [
            mark._replace(start=place(mark.start), end=place(mark.end - 1) + 1)
            for mark in marks_in(self._parser, words, self._env)
        ]
        before = zip(self._starts[line:], in_text, strict=False)
        marks += (Mark(start, at, "syntax") for start, at in before if start < at)
        if end:
            marks.append(Mark(place(len(words) - 1) + 1, end, "syntax"))
        self._add(line, kind, marks)

    def _places(self, line: int, words: str, sign: str) -> tuple[list[int], list[int]] | None:
        """Return where each line of words begins, in them and in the text."""
        in_words, in_text = [], []
        position = 0
        for number, found in enumerate(words.split("\n"), line):
            whole, stripped = self._lines[number], found.strip()
            if sign.startswith("#"):
                at = whole.find(stripped, whole.find(sign) + len(sign))
            else:
                at = len(whole.rstrip()) - len(stripped)
            if at < 0 or not whole.startswith(stripped, at):
                return None
            in_words.append(position + len(found) - len(found.lstrip()))
            in_text.append(self._starts[number] + at)
            position += len(found) + 1
        return in_words, in_text

    def _alone(self, token: Token) -> None:
        first, last = token.map or (0, 0)
        start, end = self._starts[first], self._starts[last]
        match token.type:
            case "hr":
                self._add(first, "hr", [Mark(start, end, "syntax")])
            case "reference":
                self._add(first, "reference")
            case "fence" | "code_block":
                self._add(first, "code", self._around_code(token, first, last))

    def _around_code(self, token: Token, first: int, last: int) -> Iterator[Mark]:
        """Yield what is no code on the lines of a block of code: its fences, and indents."""
        number = first
        if token.type == "fence":
            yield Mark(self._starts[first], self._starts[first + 1], "syntax")
            number += 1
        for code in token.content.split("\n")[:-1]:
            line = self._lines[number]
            if line.endswith(code) and line != code:
                yield Mark(
                    self._starts[number], self._starts[number] + len(line) - len(code), "syntax"
                )
            number += 1
        if number < last and _FENCE.fullmatch(self._lines[number]):
            yield Mark(self._starts[number], self._starts[number + 1] - 1, "syntax")

    def _table(self, token: Token) -> None:
        first, last = token.map or (0, 0)
        lines = [self._row(number) for number in range(first, last)]
        self._add(first, "table")
        if self._found[-1].kind == "table":
            found = table(self._text, self._found[-1].start, self._starts[last], lines)
            marks = (mark for row in found.rows for mark in self._in_row(row))
            self._found[-1] = replace(found, path=tuple(self._path), marks=_in_order(marks))

    def _row(self, number: int) -> tuple[int, int]:
        line = self._lines[number]
        before = _BEFORE_ROW.match(line)
        start = before.end() if before else 0
        return self._starts[number] + start, self._starts[number] + len(line.rstrip())

    def _in_row(self, row: Row) -> Iterator[Mark]:
        for start, end in row.cells:
            first, last = inner(self._text, start, end)
            for mark in marks_in(self._parser, self._text[first:last], self._env):
                yield mark._replace(start=mark.start + first, end=mark.end + first)


def _at(text: str, block: Block, start: int, end: int) -> Block:
    """Return a block at its place; of code, the lines behind it are not shown."""
    behind = [Mark(end_of_words(text, start, end), end, "syntax")] if block.kind == "code" else []
    return replace(block, start=start, end=end, marks=(*block.marks, *behind))


def _in_order(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    return tuple(sorted(marks, key=lambda mark: (mark.start, -mark.end)))
