"""The bytes of a .pdf file -> its text in paragraphs, and where each page begins.

A few bytes can have the same parsed and drawn again and again, so that what it takes is limited.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Sequence
from io import BytesIO
from itertools import pairwise

from pypdf import PageObject, PdfReader
from pypdf.generic import DictionaryObject, IndirectObject, PdfObject

from onrecord.errors import CorpusError
from onrecord.extract import Extracted

_MAX_PAGES = 2_000
_MAX_CONTENTS = 50_000_000  # bytes, of what all pages draw, before any is read
_MAX_DRAWN = 5_000_000  # characters; a book of 1,000 pages draws about as many
_MAX_FONTS = 200  # of a page and the forms in it: all of them may be in the memory at once
_OPERATION = 5  # takes as long as so many characters
_MAX_SECONDS = (
    120  # of one core: what fonts take, and what is drawn within it, nothing tells before
)
_SHORT_LINE = 0.75  # of the page's width: such a line is the last of its paragraph
_PAGE_NUMBER = re.compile(r"[-–—\s]*(?:page\s+)?\d{1,4}(?:\s*(?:/|of)\s*\d{1,4})?[-–—\s]*", re.I)
_HYPHEN_AT_END = re.compile(r"(?<=[^\W\d_])[-‐\u00ad]$")
_ENDS_SENTENCE = re.compile(r"[.!?…:][\"”’')\]]*$")


def read_pdf(data: bytes) -> Extracted:
    """Return what a .pdf file says.

    Raises:
        CorpusError: It is protected, takes too long, or has no text.
        Exception: It is damaged; pypdf has many words for that.
    """
    effort = _Effort()
    reader = _Reader(data, effort)
    if reader.is_encrypted and not reader.decrypt(""):
        raise CorpusError("is protected by a password; save it without one.")
    if len(reader.pages) > _MAX_PAGES:
        raise CorpusError(f"has {len(reader.pages):,} pages; the limit is {_MAX_PAGES:,}.")
    _check_contents(reader.pages)
    _check_fonts(reader.pages)
    text, pages = _joined([_unwrapped(_text_of(page, effort)) for page in reader.pages])
    if not text.strip():
        raise CorpusError("has no text in it (a scan, perhaps); make its text readable by OCR.")
    title = reader.metadata.title if reader.metadata else ""
    return Extracted(text, (title or "").strip(), pages=pages)


class _Effort:
    """Knows what it has taken to read a PDF so far."""

    def __init__(self) -> None:
        self._end = time.thread_time() + _MAX_SECONDS
        self._drawn = 0

    def draw(self, _operator: bytes, operands: Sequence[object], *_matrices: object) -> None:
        """Count an operation, before it is done, by about the time that it takes."""
        self._drawn += _OPERATION + sum(map(_length, operands))
        self.check()

    def check(self) -> None:
        """See that it is not too much."""
        if self._drawn > _MAX_DRAWN or time.thread_time() > self._end:
            raise CorpusError("takes too long to draw; split it, or save its text as .txt.")


class _Reader(PdfReader):
    """Looks things up as long as that may take: fonts and forms are parsed at each mention."""

    def __init__(self, data: bytes, effort: _Effort) -> None:
        self._effort = effort
        super().__init__(BytesIO(data))

    def get_object(self, indirect_reference: int | IndirectObject) -> PdfObject | None:
        self._effort.check()
        return super().get_object(indirect_reference)


def _check_contents(pages: Sequence[PageObject]) -> None:
    """See that all pages together can be parsed: they may have one stream, which is parsed anew."""
    length = 0
    for page in pages:
        length += _length_of_contents(page)
        if length > _MAX_CONTENTS:
            raise CorpusError(
                f"draws with more than {_MAX_CONTENTS / 1e6:.0f} MB of commands; "
                "split it, or save its text as .txt."
            )


def _length_of_contents(page: PageObject) -> int:
    try:
        contents = page.get_contents()
    except (AttributeError, KeyError):  # in which no text is found either
        return 0
    return len(contents.get_data()) if contents is not None else 0


def _check_fonts(pages: Iterable[PageObject]) -> None:
    """See that no page has more fonts than there is memory for: each may map 100,000 characters."""
    for page in pages:
        if _fonts_of(page) > _MAX_FONTS:
            raise CorpusError(
                f"has a page of more than {_MAX_FONTS} fonts; print it to a new .pdf, or save its "
                "text as .txt."
            )


def _fonts_of(page: PageObject) -> int:
    count, seen, owners = 0, dict[int, DictionaryObject](), list[DictionaryObject]([page])
    for owner in owners:  # the forms of a page come behind it, and those of a form behind that
        resources = _dictionary(owner.get_inherited("/Resources"))
        if id(resources) in seen:
            continue
        seen[id(resources)] = resources
        count += len(_dictionary(resources.get("/Font")))
        forms = _dictionary(resources.get("/XObject"))
        owners += [_dictionary(form) for form in forms.values()]
    return count


def _dictionary(found: PdfObject | None) -> DictionaryObject:
    value = found and found.get_object()
    return value if isinstance(value, DictionaryObject) else DictionaryObject()


def _text_of(page: PageObject, effort: _Effort) -> str:
    text = page.extract_text(visitor_operand_before=effort.draw)
    effort.check()  # pypdf goes on where what is drawn within a page has failed
    return text


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
