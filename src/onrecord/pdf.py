"""The bytes of a .pdf file -> its text in paragraphs, and where each page begins.

A few bytes can have the same parsed and drawn again and again, so that what it takes is limited.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from itertools import pairwise
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.generic import DictionaryObject, EncodedStreamObject, IndirectObject, PdfObject

from onrecord.errors import CorpusError
from onrecord.extract import Extracted

_MAX_PAGES = 2_000
_MAX_PARSED = 50_000_000  # bytes that say what pages draw, counted each time they are parsed
_MAX_DRAWN = 5_000_000  # characters; a book of 1,000 pages draws about as many
_MAX_FONTS = 200  # in the memory at once, each of which may have 100,000 characters
_OPERATION = 5  # takes as long as so many characters
_MAX_SECONDS = 120  # of one core: nothing tells before how long fonts take
_INSTEAD = "split it, or save its text as .txt."
_SHORT_LINE = 0.75  # of the page's width: such a line is the last of its paragraph
_PAGE_NUMBER = re.compile(r"[-–—\s]*(?:page\s+)?\d{1,4}(?:\s*(?:/|of)\s*\d{1,4})?[-–—\s]*", re.I)
_HYPHEN_AT_END = re.compile(r"(?<=[^\W\d_])[-‐\u00ad]$")
_ENDS_SENTENCE = re.compile(r"[.!?…:][\"”’')\]]*$")


def read_pdf(data: bytes) -> Extracted:
    """Return what a .pdf file says.

    Raises:
        CorpusError: It is protected, takes too much, or has no text.
        Exception: It is damaged; pypdf has many words for that.
    """
    effort = _Effort()
    reader = _Reader(data, effort)
    if reader.is_encrypted and not reader.decrypt(""):
        raise CorpusError("is protected by a password; save it without one.")
    if len(reader.pages) > _MAX_PAGES:
        raise CorpusError(f"has {len(reader.pages):,} pages; the limit is {_MAX_PAGES:,}.")
    text, pages = _joined([_unwrapped(_text_of(page, effort)) for page in reader.pages])
    if not text.strip():
        raise CorpusError("has no text in it (a scan, perhaps); make its text readable by OCR.")
    title = reader.metadata.title if reader.metadata else ""
    return Extracted(text, (title or "").strip(), pages=pages)


class _Effort:
    """Knows what it has taken to read a PDF so far."""

    def __init__(self) -> None:
        self._end = time.thread_time() + _MAX_SECONDS
        self._parsed = self._drawn = self._fonts = self._most_fonts = 0

    @contextmanager
    def reading(self, part: DictionaryObject, length: int) -> Iterator[None]:
        """Count a page or a form, and as long as it is read its fonts."""
        fonts = len(_dictionary(_dictionary(part.get_inherited("/Resources")).get("/Font")))
        self._parsed += length
        self._fonts += fonts
        self._most_fonts = max(self._most_fonts, self._fonts)
        try:
            self.check()
            yield
        finally:
            self._fonts -= fonts

    def draw(self, _operator: bytes, operands: Sequence[object], *_matrices: object) -> None:
        """Count an operation, before it is done, by about the time that it takes."""
        self._drawn += _OPERATION + sum(map(_length, operands))
        self.check()

    def check(self) -> None:
        """See that it is not too much; once it is, it stays so."""
        if self._most_fonts > _MAX_FONTS:
            raise CorpusError(f"has a page of more than {_MAX_FONTS} fonts; save its text as .txt.")
        if self._parsed > _MAX_PARSED:
            raise CorpusError(f"draws with more than {_MAX_PARSED / 1e6:g} MB; {_INSTEAD}")
        if self._drawn > _MAX_DRAWN or time.thread_time() > self._end:
            raise CorpusError(f"takes too long to draw; {_INSTEAD}")


class _Reader(PdfReader):
    """Looks things up as long as that may take: fonts are parsed at each mention."""

    def __init__(self, data: bytes, effort: _Effort) -> None:
        self._effort = effort
        super().__init__(BytesIO(data))

    def get_object(self, indirect_reference: int | IndirectObject) -> PdfObject | None:
        self._effort.check()
        return super().get_object(indirect_reference)


def _text_of(page: PageObject, effort: _Effort) -> str:
    """Return the text of a page, each form on which is counted as it is drawn."""
    drawn = page.extract_xform_text

    def draw(form: EncodedStreamObject, *given: Any, **named: Any) -> str:  # noqa: ANN401
        with effort.reading(form, len(form.get_data())):
            return drawn(form, *given, **named)

    page.extract_xform_text = draw  # type: ignore[assignment, method-assign]
    with effort.reading(page, _length_of_contents(page)):
        text = page.extract_text(visitor_operand_before=effort.draw)
    effort.check()  # pypdf goes on where a form cannot be drawn
    return text


def _length_of_contents(page: PageObject) -> int:
    try:
        contents = page.get_contents()
    except (AttributeError, KeyError):  # in which no text is found either
        return 0
    return len(contents.get_data()) if contents is not None else 0


def _dictionary(found: PdfObject | None) -> DictionaryObject:
    value = found and found.get_object()
    return value if isinstance(value, DictionaryObject) else DictionaryObject()


def _length(operand: object) -> int:
    if isinstance(operand, list):
        return len(operand) + sum(map(_length, operand))
    return len(operand) if isinstance(operand, str | bytes) else 0


def _unwrapped(page: str) -> str:
    """Return a page in paragraphs: lines that went on are one again, divided words too."""
    lines = [line.strip() for line in page.splitlines()]
    while lines and (not lines[-1] or _PAGE_NUMBER.fullmatch(lines[-1])):
        lines.pop()
    while lines and (not lines[0] or _PAGE_NUMBER.fullmatch(lines[0])):
        lines.pop(0)
    width = max(map(len, lines), default=0)
    text = lines[0] if lines else ""
    for line, following in pairwise(lines):
        if not line or not following or len(line) < _SHORT_LINE * width:
            text = text.rstrip("\n") + "\n\n" + following
        elif _HYPHEN_AT_END.search(line) and following[0].islower():
            text = _HYPHEN_AT_END.sub("", text) + following
        else:
            text += f" {following}"
    return text


def _joined(pages: Sequence[str]) -> tuple[str, tuple[int, ...]]:
    """Return the pages as one text, and where each begins; a sentence goes on over a page's end."""
    text, starts = "", []
    for page in pages:
        goes_on = page[:1].islower() and text and not _ENDS_SENTENCE.search(text)
        text += " " if goes_on else "\n\n" if text and page else ""
        starts.append(len(text))
        text += page
    return text, tuple(starts)
