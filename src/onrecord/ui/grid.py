"""A table of a document as a grid of rows and cells.

A sentence may be a row, some cells of it, a part of one, or several rows: no table element has an
element for each of them. So the grid is one of plain elements, whose roles say what they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from onrecord.types import Sentence
from onrecord.ui.blocks import Block, Row, inner
from onrecord.ui.pen import Pen, place_of

_WORD = re.compile(r"\w")
_FIGURE = re.compile(r"[-+−–±~≈<>]?\s*[$€£¥]?\s*[-+−–]?\d[\d.,  ']*\s*(?:%|‰|[$€£¥])?")


def grid_html(text: str, block: Block, sentences: Sequence[Sentence]) -> str:
    """Return a table; "" where a sentence is neither in a row nor rows.

    Args:
        text: What it stands in.
        block: The table.
        sentences: Its sentences.
    """
    seen = [each for each in sentences if _WORD.search(text, each.start, each.end)]
    parts = list(_parts(block.rows, seen))
    if sum(len(part.sentences) for part in parts) != len(sentences):
        return ""
    return _Grid(text, block).html(parts)


class _Part(NamedTuple):
    """Rows of one sentence, or a row with its sentences."""

    rows: Sequence[Row]
    sentences: Sequence[Sentence]


class _Cell(NamedTuple):
    """What a sentence, or what is between two of them, has of a cell."""

    column: int
    start: int
    end: int
    words: tuple[int, int]


class _Grid:
    """Writes one table."""

    def __init__(self, text: str, block: Block) -> None:
        self._text = text
        self._block = block
        self._columns = max((len(row.cells) for row in block.rows), default=1)
        self._sides = [self._side(column) for column in range(self._columns)]
        self._pen = Pen(text, block.start, block.marks)

    def html(self, parts: Sequence[_Part]) -> str:
        """Return the table of these parts."""
        pieces = []
        for rows, sentences in parts:
            if sentences and not _is_in(sentences[0], rows[0]):
                pieces.append(self._between(sentences[0].start))
                place = place_of(sentences[0])
                pieces.append(f'<div class="rows sentence" role="rowgroup" {place}>')
                pieces += [self._between(row.start) + self._row(row, ()) for row in rows]
                pieces.append(f"{self._between(sentences[0].end)}</div>")
            else:
                pieces += [self._between(row.start) + self._row(row, sentences) for row in rows]
        return (
            f'<div class="table" role="table" style="--columns:{self._columns}">'
            f"{''.join(pieces)}{self._between(self._block.end)}</div>"
        )

    def _row(self, row: Row, sentences: Sequence[Sentence]) -> str:
        stretches = list(_stretches(row, sentences))
        cells = [list(_cells_of(self._text, row, start, end)) for start, end, _ in stretches]
        is_one = sum(map(bool, cells)) == 1
        pieces = []
        for (_, end, sentence), those in zip(stretches, cells, strict=True):
            if not those:
                pieces.append(self._between(end))
                continue
            first = 0 if is_one else those[0].column
            span = self._columns if is_one else those[-1].column - first + 1
            kind = "row" if is_one else "part"
            named = (
                f'class="{kind} sentence" {place_of(sentence)}' if sentence else f'class="{kind}"'
            )
            inside = "".join(self._cell(cell, first, row.is_head) for cell in those)
            pieces.append(
                f'<div {named} role="row" style="grid-column:{first + 1}/span {span}">'
                f"{inside}{self._between(end)}</div>"
            )
        return "".join(pieces) if is_one else f'<div class="row">{"".join(pieces)}</div>'

    def _cell(self, cell: _Cell, first: int, is_head: bool) -> str:
        side = self._sides[cell.column]
        start, end = cell.words
        before = self._between(cell.start)
        return (
            f'{before}<div class="cell{side and " " + side}{" head" * is_head}"'
            f' role="{"columnheader" if is_head else "cell"}" aria-colindex="{cell.column + 1}"'
            f' style="grid-column:{cell.column - first + 1}">'
            f"{self._between(max(cell.start, start))}{self._pen.to(min(cell.end, end))}"
            f"{self._between(cell.end)}</div>"
        )

    def _between(self, end: int) -> str:
        """Return what comes before a place and is no word of a cell: it is not shown."""
        start = self._pen.at
        written = self._pen.to(end)
        return (
            f'<span class="syntax">{written}</span>' if self._text[start:end].strip() else written
        )

    def _side(self, column: int) -> str:
        """Return the side to which a column is aligned: figures to the end, unless it says."""
        said = self._block.sides[column] if column < len(self._block.sides) else ""
        cells = [
            self._text[slice(*inner(self._text, *row.cells[column]))]
            for row in self._block.rows[1:]  # the first names the columns, or may do so
            if column < len(row.cells)
        ]
        figures = [cell for cell in cells if any(map(str.isalnum, cell))]
        return said or "end" * (bool(figures) and all(map(_FIGURE.fullmatch, figures)))


def _parts(rows: Sequence[Row], sentences: Sequence[Sentence]) -> Iterator[_Part]:
    """Yield the rows with their sentences; those that fit nowhere are left out."""
    at = first = 0
    while at < len(rows):
        last, following = at + 1, first
        while following < len(sentences) and _is_in(sentences[following], rows[at]):
            following += 1
        if following == first < len(sentences) and _has(sentences[first], rows[at]):
            sentence = sentences[first]
            while last < len(rows) and _has(sentence, rows[last]):
                last += 1
            cut = [
                row for row in (*rows[at - 1 : at], *rows[last : last + 1]) if _cuts(sentence, row)
            ]
            following += not cut
        yield _Part(rows[at:last], sentences[first:following])
        at, first = last, following


def _is_in(sentence: Sentence, row: Row) -> bool:
    return row.start <= sentence.start and sentence.end <= row.end


def _has(sentence: Sentence, row: Row) -> bool:
    return sentence.start <= row.start and row.end <= sentence.end


def _cuts(sentence: Sentence, row: Row) -> bool:
    return sentence.start < row.end and row.start < sentence.end


def _stretches(
    row: Row, sentences: Sequence[Sentence]
) -> Iterator[tuple[int, int, Sentence | None]]:
    """Yield the sentences of a row, and what is between them."""
    start = row.start
    for sentence in sentences:
        if start < sentence.start:
            yield start, sentence.start, None
        yield sentence.start, sentence.end, sentence
        start = sentence.end
    if start < row.end or not sentences:
        yield start, row.end, None


def _cells_of(text: str, row: Row, start: int, end: int) -> Iterator[_Cell]:
    """Yield what a stretch of a row has of its cells: words of one, or all of an empty one."""
    for column, (first, last) in enumerate(row.cells):
        words = inner(text, first, last)
        from_, to = max(start, first), min(end, last)
        said = text[max(from_, words[0]) : min(to, words[1])].strip()
        if said or (from_ <= words[0] and words[1] <= to):
            yield _Cell(column, from_, to, words)
