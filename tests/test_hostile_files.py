"""Whatever is in a file, it becomes a document with exact offsets, or it is said why not."""

from __future__ import annotations

import gzip
import os
import time
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from io import BytesIO
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord import pdf as pdfs
from onrecord.corpus import SUFFIXES, load_corpus, read_document
from onrecord.errors import CorpusError
from onrecord.extract import extract
from onrecord.sentences import split_sentences
from onrecord.types import Document
from tests.examples import examples
from tests.test_extract import HTML, PAGES, assembled, pdf, word

WORD = word()
REAL = {".pdf": pdf(PAGES), ".docx": WORD, ".html": HTML, ".htm": HTML}
PIECES = st.sampled_from(
    [
        *("---\n", "---", "title: ", "date: ", "source: ", "a: ", "- ", "? ", "&x ", "*x", "<<: "),
        *("[", "]", "{", "}", '"', "'", "|\n", ">\n", "!!python/object:os.system ", "!!binary "),
        *(
            "\n",
            "  ",
            "\t",
            "\r",
            "\0",
            "\ufeff",
            "\u2028",
            "\x85",
            "2024-99-99",
            "0x" + "f" * 4000,
        ),
        *('"\\ud800"', '"\\0"', "# ", "word ", "Wörter. ", ". ", "\U0001f600", "\u200b", "\u202e"),
        *("<p>", "</p>", "<div>", "<!--", "-->", "&#xD800;", "&amp;", "%YAML 9.9\n", "#" * 40),
    ]
)
TEXTS = st.lists(PIECES, max_size=40).map("".join)
BYTES = st.one_of(
    TEXTS.map(lambda text: text.encode()),
    TEXTS.map(lambda text: f"---\n{text}\n---\nBody text.".encode()),
    TEXTS.map(lambda text: text.encode("utf-16")),
    st.binary(max_size=300),
)


def read(data: bytes, name: str) -> Document | None:
    """Read a file of these bytes; None where it is said that it cannot be read."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        try:
            return read_document(path, Path(folder))
        except CorpusError as error:
            said = str(error)
    assert said.startswith(name)
    return None


def check(document: Document) -> None:
    """All sentences are trimmed stretches of the text, in order; all of it can be written down."""
    behind = 0
    for sentence in split_sentences(document):
        words = document.text[sentence.start : sentence.end]
        assert words
        assert words == words.strip()
        assert behind <= sentence.start < sentence.end <= len(document.text)
        behind = sentence.end
    assert Document.model_validate_json(document.model_dump_json()) == document


@examples(40)
@given(BYTES, st.sampled_from(SUFFIXES))
def test_any_bytes_become_a_document_or_a_message(data: bytes, suffix: str) -> None:
    if document := read(data, f"a{suffix}"):
        check(document)


@examples(40)
@given(st.sampled_from(list(REAL)), st.data())
def test_a_real_file_with_wrong_bytes_becomes_a_document_or_a_message(
    suffix: str, data: st.DataObject
) -> None:
    spoilt = bytearray(REAL[suffix])
    places = st.integers(0, len(spoilt) - 1)
    for place, byte in data.draw(st.lists(st.tuples(places, st.integers(0, 255)), max_size=8)):
        spoilt[place] = byte
    cut = data.draw(st.one_of(st.just(len(spoilt)), places))
    if document := read(bytes(spoilt[:cut]), f"a{suffix}"):
        check(document)


def rebuilt(
    change: Callable[[bytes], bytes],
    changed: str = "word/document.xml",
    more: Iterable[tuple[str, bytes]] = (),
) -> bytes:
    """Return a Word file of which one part's XML is changed, and which is a sound zip file."""
    data = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(WORD)) as old,
        zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, change(part) if name == changed else part)
        for name, part in more:
            new.writestr(name, part)
    return data.getvalue()


def same(part: bytes) -> bytes:
    return part


def inserted(xml: bytes) -> bytes:
    return rebuilt(lambda part: part.replace(b"<w:body>", b"<w:body>" + xml))


@examples(15)
@given(st.data())
def test_any_xml_in_a_word_file_becomes_a_document_or_a_message(data: st.DataObject) -> None:
    tags = st.sampled_from([b"p", b"tbl", b"tr", b"tc", b"r", b"t", b"sdt", b"hyperlink", b"pPr"])
    inner = st.recursive(
        st.just(b"Hi. "),
        lambda within: st.tuples(tags, st.lists(within, max_size=3)).map(
            lambda made: b"<w:%b>%b</w:%b>" % (made[0], b"".join(made[1]), made[0])
        ),
        max_leaves=12,
    )
    if document := read(inserted(data.draw(inner)), "a.docx"):
        check(document)


LAUGHS = b'<!DOCTYPE a [<!ENTITY l0 "lol">%b]>' % b"".join(
    b'<!ENTITY l%d "%b">' % (level, b"&l%d;" % (level - 1) * 10) for level in range(1, 10)
)
CELL = b"<w:tc><w:tcPr>%b</w:tcPr><w:p><w:r><w:t>%b</w:t></w:r></w:p></w:tc>"
WIDE = b'<w:gridSpan w:val="%b"/>'
BEGUN, GOES_ON = b'<w:vMerge w:val="restart"/>', b"<w:vMerge/>"


def table(*rows: bytes) -> bytes:
    return inserted(b"<w:tbl>%b</w:tbl>" % b"".join(b"<w:tr>%b</w:tr>" % row for row in rows))


def laughing(part: bytes) -> bytes:
    head, mark, rest = part.replace(b"The ferry", b"&l9;").partition(b"?>")
    return head + mark + LAUGHS + rest


def styled(part: bytes) -> bytes:
    return part.replace(b"</w:styles>", b'<w:style><w:name w:val="List"/></w:style>' * 140_000)


def forged() -> bytes:
    """Return a file that says of its text that it is short."""
    data = rebuilt(lambda part: part.replace(b"The ferry", b"a" * 5_000_000))
    true = zipfile.ZipFile(BytesIO(data)).getinfo("word/document.xml").file_size
    return data.replace(true.to_bytes(4, "little"), (1000).to_bytes(4, "little"))


NOISE = [("noise.bin", Random(1).randbytes(400_000))]  # which cannot be packed
BOMBS: Mapping[str, tuple[Callable[[], bytes], str]] = {
    "entities": (lambda: rebuilt(laughing), "declares entities"),
    "entities of styles": (lambda: rebuilt(laughing, "word/styles.xml"), "declares entities"),
    "nested": (lambda: inserted(b"<w:p>" * 1000 + b"</w:p>" * 1000), "damaged"),
    "paragraphs": (lambda: inserted(b"<w:p/>" * 50_001), "more than 50,000"),
    "cells": (lambda: table((CELL % (b"", b"")) * 25_001), "more than 50,000"),
    "of no width": (lambda: table(CELL % (WIDE % b"wide", b"")), "damaged"),
    "said in each row": (
        lambda: table(CELL % (BEGUN, b"fog " * 500), *[CELL % (GOES_ON, b"")] * 3_000),
        "more than 5,000,000 characters",
    ),
    "runs": (lambda: inserted(b"<w:r><w:t/></w:r>" * 200_000), "more than 400,000"),
    "comments": (lambda: inserted(b"<!---->" * 400_000), "more than 400,000"),
    "attributes": (
        lambda: inserted(b"<w:p %b/>" % b" ".join(b'a%d=""' % at for at in range(400_000))),
        "more than 400,000",
    ),
    "styles": (lambda: rebuilt(styled, "word/styles.xml", NOISE), "more than 400,000"),
    "parts": (lambda: rebuilt(same, more=((f"{at}.xml", b"<a/>") for at in range(2000))), "2,000"),
    "packed": (lambda: inserted(b"a" * 5_000_000), "more than 100 times its size"),
    "XML": (lambda: rebuilt(lambda part: part + b" " * 20_000_000, more=NOISE), "20 MB of XML"),
    "forged": (forged, "damaged"),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_in_a_word_file_is_named_and_not_read(bomb: str) -> None:
    make, why = BOMBS[bomb]
    data = make()
    began = time.monotonic()
    with pytest.raises(CorpusError, match=why):
        extract("bomb.docx", ".docx", data)
    assert time.monotonic() - began < 5  # most take less than one


def test_a_cell_that_takes_many_columns_is_read_once() -> None:
    wide = CELL % (WIDE % b"100000000", b"The ferry of 1970")
    found = extract("a.docx", ".docx", table(wide + CELL % (b"", b"12"), wide))
    assert found.text.startswith("| The ferry of 1970 | 12 |\n\n| The ferry of 1970 |\n\n")


def test_rows_that_go_on_with_what_is_above_are_read_however_many_they_are() -> None:
    going_on = [CELL % (GOES_ON, b"")] * 12_000
    begun = CELL % (BEGUN, b"The ferry")
    assert "| The ferry |" not in extract("a.docx", ".docx", table(*going_on)).text
    rows = extract("a.docx", ".docx", table(begun, *going_on)).text.count("| The ferry |")
    assert rows == 12_001


def test_a_long_word_file_of_many_kinds_of_text_is_read() -> None:
    run = b'<w:r w:rsidR="00AA11BB"><w:rPr><w:b/></w:rPr><w:t>The ferry sank. </w:t></w:r>'
    text = b"<w:p>%b</w:p>" % (run * 20)
    assert extract("a.docx", ".docx", inserted(text * 200)).text.count("ferry") == 4_001


def test_a_web_page_of_too_many_tags_is_named_and_not_read() -> None:
    with pytest.raises(CorpusError, match="more than 100,000 tags"):
        extract("a.html", ".html", b"<p>x" * 100_001)


def test_so_is_one_that_is_packed() -> None:
    with pytest.raises(CorpusError, match="more than 100,000 tags"):
        extract("a.html", ".html", gzip.compress(b"<p>x" * 100_001))


@pytest.mark.parametrize(
    "rows",
    [
        b"<tr><td rowspan=999999999999 colspan=9999>a" * 50,
        b"<tr>" + b"<td>a" * 100 + b"<tr><td>a" * 5_000,
    ],
)
def test_tables_that_would_fill_the_memory_are_named_and_not_read(rows: bytes) -> None:
    page = HTML.replace(b"<script>", b"<table>%b</table><script>" % rows)
    with pytest.raises(CorpusError, match="tables of more than 400,000 cells"):
        extract("a.html", ".html", page)


def test_a_table_of_a_web_page_is_read() -> None:
    rows = b"<tr><th colspan=2>On board<tr><td rowspan=2>Bergen<td>12<tr><td>13"
    page = HTML.replace(b"<script>", b"<table>%b</table><script>" % rows)
    text = extract("a.html", ".html", page).text
    assert "| On board" in text
    assert "| Bergen | 12 |" in text


@pytest.mark.parametrize("before", [b"", b"a' b=\"'>\" ", b'<p c="<" '])
def test_a_tag_of_too_many_attributes_is_named_and_not_read(before: bytes) -> None:
    many = b" ".join(b"a%d" % number for number in range(50_000))
    page = b"<html><body><p %b%b>%b</p>" % (before, many, b"The ferry sank near Bergen. " * 20)
    with pytest.raises(CorpusError, match="more than 1,000 attributes"):
        extract("a.html", ".html", page)


def drawing(pages: int, contents: bytes, form: bytes = b"") -> bytes:
    """Return a PDF whose pages all have the same contents, and may draw the same form."""
    kids = b" ".join(b"%d 0 R" % (6 + number) for number in range(pages))
    resources = b"<< /Font << /F1 3 0 R >> /XObject << /X 5 0 R >> >>"
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources %b >>"
    return assembled(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [%b] /Count %d >>" % (kids, pages),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            stream(contents),
            stream(form, b"/Type /XObject /Subtype /Form /Resources %b" % resources),
            *[page % resources] * pages,
        ]
    )


def stream(data: bytes, more: bytes = b"") -> bytes:
    packed = zlib.compress(data)
    head = b"<< %b /Filter /FlateDecode /Length %d >>" % (more, len(packed))
    return b"%b\nstream\n%b\nendstream" % (head, packed)


FERRY = b"BT /F1 12 Tf 50 700 Td (The ferry sank.) Tj ET "


def test_a_pdf_that_draws_a_form_is_read() -> None:
    text = extract("a.pdf", ".pdf", drawing(2, b"/X Do", FERRY)).text
    assert text.count("The ferry sank.") == 2


@pytest.mark.parametrize(
    ("contents", "form"),
    [(FERRY + b" " * 100_000, b""), (b"/X Do " * 10, FERRY + b" " * 100_000)],
)
def test_what_is_drawn_again_and_again_counts_each_time(
    monkeypatch: pytest.MonkeyPatch, contents: bytes, form: bytes
) -> None:
    monkeypatch.setattr(pdfs, "_MAX_PARSED", 1_500_000)
    assert extract("a.pdf", ".pdf", drawing(1, contents, form)).text
    with pytest.raises(CorpusError, match=r"draws with more than 1\.5 MB"):
        extract("a.pdf", ".pdf", drawing(16, contents, form))


@pytest.mark.parametrize("limit", ["_MAX_DRAWN", "_MAX_SECONDS"])
def test_what_takes_too_long_to_draw_is_named_and_not_read(
    monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    monkeypatch.setattr(pdfs, limit, 0.0 if limit == "_MAX_SECONDS" else 2_000)
    for data in (pdf([["The ferry sank near Bergen."] * 20] * 4), drawing(1, b"/X Do", FERRY * 50)):
        with pytest.raises(CorpusError, match="takes too long to draw"):
            extract("a.pdf", ".pdf", data)


@pytest.mark.parametrize("place", [b"/Type /Page ", b"/Subtype /Form "])
def test_fonts_that_would_fill_the_memory_are_not_read(place: bytes) -> None:
    head, mark, rest = drawing(2, b"/X Do", FERRY).partition(place)
    with pytest.raises(CorpusError, match="a page of more than 200 fonts"):
        extract("a.pdf", ".pdf", head + mark + rest.replace(b"/F1 3 0 R", fonts(201), 1))


def test_a_page_may_have_many_forms_of_many_fonts() -> None:
    data = drawing(2, b"/X Do " * 30, FERRY).replace(b"/F1 3 0 R", fonts(90) + b"/F1 3 0 R")
    assert extract("a.pdf", ".pdf", data).text.count("The ferry sank.") == 60


def fonts(count: int) -> bytes:
    return b"".join(b"/A%d 3 0 R " % number for number in range(count))


def test_a_pdf_that_unpacks_to_too_much_is_named_and_not_read() -> None:
    with pytest.raises(CorpusError, match=r"a\.pdf"):
        extract("a.pdf", ".pdf", drawing(1, b"BT (a) Tj ET\n" * 6_000_000))


def test_a_deep_web_page_is_read_or_named() -> None:
    data = b"<html><body>" + b"<div>" * 20_000 + b"The ferry sank near Bergen. " * 20
    with pytest.raises(CorpusError):
        extract("a.html", ".html", data)


BOMB = "".join(f"a{n}: &a{n} [{f'*a{n - 1},' * 9}]\n" for n in range(1, 40))
MERGES = "".join(f"b{n}: &b{n} {{<<: [*b{n - 1}, *b{n - 1}]}}\n" for n in range(1, 90))


@pytest.mark.parametrize(
    "head",
    [
        f"a0: &a0 [x]\n{BOMB}title: *a39\n",
        f"b0: &b0 {{x: y}}\n{MERGES}title: My news\n",
        f"title: [{'[' * 3000}\n",
        f"title: {'{a: ' * 2000}\n",
        "title: &x [*x]\n",
    ],
)
def test_front_matter_that_refers_to_itself_is_not_followed(head: str) -> None:
    document = read(f"---\n{head}---\nBody text.".encode(), "plain.txt")
    assert document
    assert document.title in ("Plain", "My news")
    assert len(document.text) <= len(head) + 30


def test_front_matter_is_taken_as_it_is_written() -> None:
    for title in ("0x" + "f" * 5000, "2024-99-99", "1_000", "yes"):
        document = read(f"---\ntitle: {title}\ndate: ~\n---\nBody text.".encode(), "a.txt")
        assert document
        assert (document.title, document.date, document.text) == (title, "", "Body text.")


def test_very_long_front_matter_is_text_and_stays_quick() -> None:
    data = b"---\n" + b"a: b\n" * 200_000 + b"---\nBody text."
    document = read(data, "a.txt")
    assert document
    assert document.text == data.decode()


@pytest.mark.parametrize("space", [" ", "\t", " #"])
def test_a_heading_with_a_long_gap_stays_quick(space: str) -> None:
    document = read(f"# News {space * 100_000}x\nBody text.".encode(), "a.md")
    assert document
    assert document.title.startswith("News")


@pytest.mark.parametrize(
    ("line", "title"), [("# A news ##", "A news"), ("# C#", "C#"), ("# #", "#")]
)
def test_only_a_closing_row_of_signs_is_no_part_of_a_heading(line: str, title: str) -> None:
    document = read(f"{line}\n\nBody text.".encode(), "a.md")
    assert document
    assert document.title == title


@pytest.mark.parametrize("unit", ["word ", "a", "(", '"', ".", "a. ", "\u200b", "| "])
def test_a_line_of_a_megabyte_stays_quick(unit: str) -> None:
    if document := read((unit * (1_000_000 // len(unit)) + "end.").encode(), "a.txt"):
        check(document)


def test_half_a_character_in_a_title_does_not_spoil_the_document() -> None:
    document = read(b'---\ntitle: "a\\ud800b"\n---\nBody text.', "a.txt")
    assert document
    check(document)


def test_a_name_that_is_not_utf8_is_named_and_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text("All is well.", encoding="utf-8")
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.txt"))).write_bytes(b"Bad name.")
    corpus = load_corpus(tmp_path)
    assert list(corpus.documents) == ["good.txt"]
    ((path, why),) = corpus.skipped.items()
    assert "rename the file" in why
    assert f"{path}{why}".encode()
