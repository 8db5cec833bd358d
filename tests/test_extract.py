"""Documents in the formats that people have them in become text that can be cited."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document as WordDocument
from hypothesis import given
from hypothesis import strategies as st

from onrecord.corpus import load_corpus, read_document
from onrecord.errors import CorpusError
from onrecord.extract import EXTRACTORS, Extracted, extract
from onrecord.sentences import split_sentences

PAGES = [
    [
        "The sinking of the Aurora",
        "The ferry Aurora sank near Bergen on 3 May, and the coast guard, which had been warned at",
        "noon, came too late. Nobody of the twelve on board was hurt, though the cap-",
        "tain lost his",
        "1",
    ],
    ["hat. It will be raised in June.", "- 2 -"],
]


def pdf(pages: list[list[str]]) -> bytes:
    """Write a PDF by hand: lines of text, one below the other, on each page."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, lines in enumerate(pages):
        shown = " ".join(f"({line}) Tj T*" for line in lines)
        stream = f"BT /F1 12 Tf 14 TL 50 700 Td {shown} ET"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {5 + 2 * number} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    return assembled([body.encode() for body in objects])


def assembled(objects: Sequence[bytes]) -> bytes:
    """Write a PDF of these objects, the first of which is its catalog."""
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n{table}"
    trailer = f"trailer\n<< /Size {len(places) + 1} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF"
    return out + (end + trailer).encode()


def word() -> bytes:
    document = WordDocument()
    document.core_properties.title = "The Aurora"
    document.add_heading("The Aurora", 1)
    document.add_paragraph("The ferry sank on 3 May.")
    document.add_paragraph("It was built in 1970.", style="List Bullet")
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "On board", "12"
    document.add_paragraph("It will be raised.")
    data = BytesIO()
    document.save(data)
    return data.getvalue()


HTML = b"""<html><head><title>x</title><meta property="og:title" content="The Aurora sinks">
<meta property="og:site_name" content="The Daily">
<meta property="article:published_time" content="2024-05-04"></head><body>
<nav><a href="/">Home</a> <a href="/news">News</a></nav>
<article><h1>The Aurora sinks</h1><p>The ferry <b>Aurora</b> sank near Bergen on 3 May. Nobody of
the 12 on board was hurt, the coast guard said.</p><script>alert("no")</script>
<p>A valve had been left open by the crew of the night before, said Nils Dahl.</p></article>
<footer>Subscribe to The Daily!</footer></body></html>"""


def test_a_pdf_is_read_in_sentences_that_know_their_page(tmp_path: Path) -> None:
    (tmp_path / "aurora.pdf").write_bytes(pdf(PAGES))
    document = read_document(tmp_path / "aurora.pdf", tmp_path)
    sentences = [
        (document.text[item.start : item.end], item.page) for item in split_sentences(document)
    ]
    assert sentences == [
        ("The sinking of the Aurora", 1),
        (
            "The ferry Aurora sank near Bergen on 3 May, and the coast guard, which had been "
            "warned at noon, came too late.",
            1,
        ),
        ("Nobody of the twelve on board was hurt, though the captain lost his hat.", 1),
        ("It will be raised in June.", 2),
    ]
    assert document.title == "Aurora"


def test_a_page_begins_where_it_began_before_words_were_made_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = Extracted("Go\u00adma fell.\n\nBe\u0301la left.", pages=(0, 13))
    monkeypatch.setitem(EXTRACTORS, ".pdf", lambda _data: found)
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    document = read_document(tmp_path / "a.pdf", tmp_path)
    assert [document.text[page:] for page in document.pages] == [document.text, "Béla left."]


def test_a_word_document_is_read_with_its_lists_and_tables(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(word())
    document = read_document(tmp_path / "a.docx", tmp_path)
    assert document.title == "The Aurora"
    assert [document.text[item.start : item.end] for item in split_sentences(document)] == [
        "The Aurora",
        "The ferry sank on 3 May.",
        "It was built in 1970.",
        "| On board | 12 |",
        "It will be raised.",
    ]


def test_a_merged_cell_stands_once_in_each_row_that_it_is_beside() -> None:
    document = WordDocument()
    table = document.add_table(rows=3, cols=3)
    for row, words in enumerate(("Line From To", "Coast Bergen Oslo", "- Bodø Narvik")):
        for cell, said in zip(table.rows[row].cells, words.split(), strict=True):
            cell.text = said
    table.cell(0, 1).merge(table.cell(0, 2)).text = "Route"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "Coast"
    data = BytesIO()
    document.save(data)
    assert extract("a.docx", ".docx", data.getvalue()).text.split("\n\n") == [
        "| Line | Route |",
        "| Coast | Bergen | Oslo |",
        "| Coast | Bodø | Narvik |",
    ]


def test_of_a_web_page_the_article_is_read_alone(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(HTML)
    document = read_document(tmp_path / "a.html", tmp_path)
    assert (document.title, document.source, document.date) == (
        "The Aurora sinks",
        "The Daily",
        "2024-05-04",
    )
    assert "Nobody of the 12 on board was hurt, the coast guard said." in document.text
    for word in ("Subscribe", "alert", "Home", "<"):
        assert word not in document.text


@pytest.mark.parametrize(
    ("attribute", "is_read"),
    [
        ("hidden", False),
        ('style="Display: NONE"', False),
        ('style="color:red; font-size:0px;"', False),
        ('style="opacity: 0"', False),
        ('style="font-size: 0.9em; opacity: 0.8"', True),
        ('class="hidden-treasure"', True),
    ],
)
def test_what_a_browser_does_not_show_is_not_read(
    tmp_path: Path, attribute: str, is_read: bool
) -> None:
    unseen = f"<p {attribute}>The ferry was sold to a circus in the autumn.</p></article>".encode()
    (tmp_path / "a.html").write_bytes(HTML.replace(b"</article>", unseen))
    text = read_document(tmp_path / "a.html", tmp_path).text
    assert ("circus" in text) is is_read
    assert "Nils Dahl" in text


@pytest.mark.parametrize("suffix", list(EXTRACTORS))
@pytest.mark.parametrize("data", [b"", b"\x00\xff" * 50, b"%PDF-1.4\nnothing", b"PK\x03\x04broken"])
def test_a_damaged_file_is_named_and_stops_nothing(
    tmp_path: Path, suffix: str, data: bytes
) -> None:
    (tmp_path / f"bad{suffix}").write_bytes(data)
    (tmp_path / "good.txt").write_text("All is well.", encoding="utf-8")
    corpus = load_corpus(tmp_path)
    assert list(corpus.documents) == ["good.txt"]
    (why,) = corpus.skipped.values()
    assert why.startswith(f"bad{suffix} ")


def test_a_scan_without_text_is_named() -> None:
    with pytest.raises(CorpusError, match="scan"):
        extract("scan.pdf", ".pdf", pdf([[""]]))


def test_what_unpacks_to_too_much_is_not_unpacked() -> None:
    data = BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", b"0" * 60_000_001)
    with pytest.raises(CorpusError, match="unpacks to more than 60 MB"):
        extract("bomb.docx", ".docx", data.getvalue())


def test_what_declares_entities_is_not_read() -> None:
    with zipfile.ZipFile(BytesIO(word())) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    bomb = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'
    body = parts["word/document.xml"].replace(b"The ferry", b"&b;")
    head, mark, rest = body.partition(b"?>")
    parts["word/document.xml"] = head + mark + bomb + rest
    data = BytesIO()
    with zipfile.ZipFile(data, "w") as packed:
        for name, part in parts.items():
            packed.writestr(name, part)
    with pytest.raises(CorpusError, match="declares entities"):
        extract("a.docx", ".docx", data.getvalue())


@given(st.binary(max_size=400), st.sampled_from(list(EXTRACTORS)))
def test_any_bytes_end_in_a_text_or_a_message(data: bytes, suffix: str) -> None:
    with suppress(CorpusError):
        assert isinstance(extract("a", suffix, data).text, str)
