"""Finds files that are made to fill the memory or to take hours, before any of them is kept.

What a file has in it is counted by the parser that reads it afterwards, so that both agree.
"""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from io import BytesIO

from lxml import etree
from lxml.html import HtmlElement

from onrecord.errors import CorpusError

_LISTED = b"PK\x01\x02"  # so each part of a zip file is listed at its end
_MAX_PARTS = 2_000  # of a .docx, each of which takes some time
_MAX_UNPACKED = 60_000_000  # bytes
_MAX_XML = 20_000_000  # bytes, of which the memory takes many times as many
_MAX_RATIO = 100
_MAX_NODES = 400_000  # elements, attributes and comments
_MAX_TAGS = 100_000  # of a .html, each of which takes some time
_MAX_ATTRIBUTES = 1_000  # of one tag, whose time grows with their square
_MAX_CELLS = 400_000  # of a .html, with the empty ones that make its tables rectangular
_MAX_SPAN = 100  # columns, or rows, that a cell is taken to have at most
_PIECE = 65_536  # bytes


def check_docx(data: bytes) -> None:
    """Let a .docx file pass that can be read with the memory and in the time that there are.

    Raises:
        CorpusError: It unpacks to too much.
        zipfile.BadZipFile: It is damaged.
    """
    if data.count(_LISTED) > _MAX_PARTS:
        raise CorpusError(f"is packed in more than {_MAX_PARTS:,} parts.")
    with zipfile.ZipFile(BytesIO(data)) as packed:
        parts = packed.infolist()
        unpacked = sum(part.file_size for part in parts)
        if unpacked > _MAX_UNPACKED:
            raise CorpusError(f"unpacks to more than {_MAX_UNPACKED / 1e6:.0f} MB.")
        if unpacked > _MAX_RATIO * len(data):
            raise CorpusError(f"unpacks to more than {_MAX_RATIO} times its size.")
        count = _Count()
        for part in parts:
            _count_in(packed, part, count)


def check_html(text: str) -> None:
    """Let a web page pass that can be read in the time that there is.

    Raises:
        CorpusError: It has too many tags, or one of them too many attributes.
    """
    if text.count("<") > _MAX_TAGS:
        raise CorpusError(f"has more than {_MAX_TAGS:,} tags; save its text as .txt.")
    parser = etree.HTMLParser(target=_Tags())
    with suppress(etree.ParseError):  # which is told where it is read
        parser.feed(text)
        parser.close()


def check_tables(page: HtmlElement) -> None:
    """Let a web page pass whose tables can be made rectangular with the memory that there is.

    A cell says of itself how many columns and rows it takes, and all rows become as wide as one.

    Raises:
        CorpusError: That would be too many cells.
    """
    cells = 0
    widths: dict[HtmlElement, Counter[HtmlElement]] = {}  # of rows, by table
    for cell in page.iter("td", "th"):
        table = next(cell.iterancestors("table"), page)
        width = _span(cell, "colspan")
        widths.setdefault(table, Counter())[cell.getparent()] += width
        cells += width * _span(cell, "rowspan")
    cells += sum(len(rows) * min(_MAX_SPAN, max(rows.values())) for rows in widths.values())
    if cells > _MAX_CELLS:
        raise CorpusError(f"has tables of more than {_MAX_CELLS:,} cells; save its text as .txt.")


def _span(cell: HtmlElement, name: str) -> int:
    told = cell.get(name, "")
    return min(int(told[:9]), _MAX_SPAN) if told.isdecimal() else 1


class _Tags:
    """Looks at a web page's tags, as its parser comes upon them."""

    def start(self, _tag: str, attributes: Mapping[str, str]) -> None:
        if len(attributes) > _MAX_ATTRIBUTES:
            raise CorpusError(
                f"has a tag with more than {_MAX_ATTRIBUTES:,} attributes; save its text as .txt."
            )

    def close(self) -> None:
        pass


class _Count:
    """Counts what XML has in it, as its parser comes upon it; for all parts of a file."""

    def __init__(self) -> None:
        self._bytes = self._nodes = 0

    def start(self, _tag: str, _attributes: Mapping[str, str]) -> None:
        self._more(1)

    def comment(self, _text: str) -> None:
        self._more(1)

    def pi(self, _target: str, _data: str) -> None:
        self._more(1)

    def doctype(self, *_names: str | None) -> None:
        raise CorpusError("declares entities, which no word processor does; save its text as .txt.")

    def close(self) -> None:
        pass

    def passed(self, piece: bytes) -> None:
        """Count what was parsed. A tag is not come upon before its end, however long it is."""
        self._bytes += len(piece)
        if self._bytes > _MAX_XML:
            raise CorpusError(f"has more than {_MAX_XML / 1e6:.0f} MB of XML; split it.")
        self._more(piece.count(b"="))  # one for each attribute

    def _more(self, nodes: int) -> None:
        self._nodes += nodes
        if self._nodes > _MAX_NODES:
            raise CorpusError(f"has more than {_MAX_NODES:,} elements and attributes; split it.")


def _count_in(packed: zipfile.ZipFile, part: zipfile.ZipInfo, count: _Count) -> None:
    """Count what a part adds; what is no XML, such as a picture, adds nothing."""
    parser = etree.XMLParser(target=count, resolve_entities=False)
    with packed.open(part) as opened, suppress(etree.XMLSyntaxError):
        while piece := opened.read(_PIECE):
            parser.feed(piece)
            count.passed(piece)
