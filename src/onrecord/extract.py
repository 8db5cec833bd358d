"""The bytes of a .pdf, .docx or .html file -> its text, as it would be read from top to bottom.

The formats' own libraries read them (pypdf, python-docx, trafilatura); here the text is only put
into paragraphs, so that sentences can be told apart. Citations count in this text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

from onrecord.errors import CorpusError

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.oxml.table import CT_Tc
    from docx.table import Table

_MAX_TEXT = 5_000_000  # characters of a .docx
_MAX_BLOCKS = 50_000  # paragraphs and table cells of a .docx, each of which takes some time
_UNSEEN = re.compile(
    r"display:none|visibility:hidden|(?:opacity|font-size):0(?:px|pt|em)?(?:;|!|$)", re.I
)


class Extracted(NamedTuple):
    """What a file says.

    Attributes:
        text: Paragraphs, with a blank line between them.
        title, date, source: As the file gives them; empty where it does not.
        pages: The offset in the text at which each page begins; none where there are no pages.
    """

    text: str
    title: str = ""
    date: str = ""
    source: str = ""
    pages: tuple[int, ...] = ()


def extract(name: str, suffix: str, data: bytes) -> Extracted:
    """Return what a file says.

    Args:
        name: What to call it in a message.
        suffix: ".pdf", ".docx", ".html" or ".htm".
        data: Its bytes.

    Raises:
        CorpusError: It is damaged, protected or too large, or not what its suffix says.
    """
    try:
        return EXTRACTORS[suffix](data)
    except CorpusError as error:
        raise CorpusError(f"{name} {error}") from None
    except Exception as error:  # what a parser raises on a damaged file has no end
        raise CorpusError(
            f"{name} cannot be read as {suffix}: it is damaged, or something else. "
            "Open it in its own program and save it again, or save its text as .txt."
        ) from error


def _pdf(data: bytes) -> Extracted:
    from onrecord.pdf import read_pdf

    return read_pdf(data)


def _docx(data: bytes) -> Extracted:
    from docx import Document

    from onrecord.bombs import check_docx

    check_docx(data)
    document = Document(BytesIO(data))
    if document.element.xpath("count(//w:p) + count(//w:tc)") > _MAX_BLOCKS:
        raise CorpusError(f"has more than {_MAX_BLOCKS:,} paragraphs and table cells; split it.")
    lists = {style.style_id for style in document.styles if (style.name or "").startswith("List")}
    paragraphs = _limited(_paragraphs(document, lists))
    return Extracted("\n\n".join(filter(None, paragraphs)), document.core_properties.title.strip())


def _paragraphs(document: WordDocument, lists: Container[str | None]) -> Iterator[str]:
    from docx.table import Table

    for block in document.iter_inner_content():
        if isinstance(block, Table):
            yield from _rows(block)
        else:
            # Not `block.style`, which looks through all styles each time: 15 ms a paragraph.
            yield "- " * (block._p.style in lists) + block.text.strip()


def _rows(table: Table) -> Iterator[str]:
    """Yield a table's rows. What is merged across stands once, and what is merged down in each row.

    Not by `row.cells`, which reads a cell again for each column that it takes, and looks for where
    a merged one begins through all the rows above.
    """
    above: dict[int, str] = {}
    for row in table._tbl.tr_lst:
        cells: dict[int, str] = {}
        column = row.grid_before
        for cell in row.tc_lst:
            goes_on = cell.vMerge == "continue"
            cells[column] = above.get(column, "") if goes_on else _text_of(cell)
            column += max(1, cell.grid_span)
        above = cells
        yield f"| {' | '.join(cells.values())} |" if any(cells.values()) else ""


def _text_of(cell: CT_Tc) -> str:
    return "\n".join(paragraph.text for paragraph in cell.p_lst).strip().replace("\n", " ")


def _limited(paragraphs: Iterable[str]) -> Iterator[str]:
    """Yield paragraphs, of so many characters at most: a table may say the same in many rows."""
    length = 0
    for paragraph in paragraphs:
        length += len(paragraph)
        if length > _MAX_TEXT:
            raise CorpusError(f"has more than {_MAX_TEXT:,} characters of text; split it.")
        yield paragraph


def _html(data: bytes) -> Extracted:
    from trafilatura import bare_extraction, load_html
    from trafilatura.settings import Document
    from trafilatura.utils import decode_file

    from onrecord.bombs import check_html, check_tables

    text = decode_file(data)  # which unpacks what is packed, up to 20 MB
    check_html(text)
    page = load_html(text)
    if page is not None:
        check_tables(page)
        for element in list(page.iterdescendants("*")):
            if _is_unseen(element.get("hidden"), element.get("style", "")):
                element.drop_tree()
    found = bare_extraction(page, with_metadata=True, include_comments=False)
    if not isinstance(found, Document) or not (found.text or "").strip():
        raise CorpusError("has no article in it; save its text as .txt.")
    lines = (found.text or "").splitlines()
    return Extracted(
        text="\n\n".join(filter(str.strip, lines)),
        title=(found.title or "").strip(),
        date=found.date or "",
        source=found.sitename or "",
    )


def _is_unseen(hidden: str | None, style: str) -> bool:
    """Tell whether a browser does not show an element: who cites it has not read it.

    Words in the colour of what is behind them are not told: for that, a page has to be drawn.
    """
    return hidden is not None or bool(_UNSEEN.search("".join(style.split())))


EXTRACTORS: dict[str, Callable[[bytes], Extracted]] = {
    ".pdf": _pdf,
    ".docx": _docx,
    ".html": _html,
    ".htm": _html,
}
"""What reads which file."""
