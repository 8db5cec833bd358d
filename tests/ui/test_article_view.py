from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.corpus import split_sentences
from onrecord.types import Document, Sentence
from onrecord.ui.article import pane_html, problem_html, text_html

HOSTILE = '<img src=x onerror="alert(1)"></span></article><script>alert(2)</script> & \'"'


class Spans(HTMLParser):
    """Collects the text, the sentences and the tags of a fragment."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.sentences: list[tuple[int, int, str]] = []
        self._within: tuple[int, int] | None = None
        self._text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        found = dict(attrs)
        if found.get("class") == "sentence":
            self._within = int(found["data-start"] or 0), int(found["data-end"] or 0)
            self._text = ""

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "span" and self._within:
            self.sentences.append((*self._within, self._text))
            self._within = None


def stripped(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html))


def made_of(text: str) -> Document:
    return Document(id="a.txt", title="A", text=text)


@given(st.text(alphabet=st.sampled_from("ab. \n#-<>&\"'\t1é漢…"), max_size=200))
def test_without_its_tags_it_is_the_text(text: str) -> None:
    document = made_of(text)
    assert stripped(text_html(document, split_sentences(document))) == text


@given(st.text(max_size=80), st.lists(st.integers(0, 80), max_size=12))
def test_whatever_the_sentences_every_character_is_kept(text: str, places: list[int]) -> None:
    ends = sorted({min(place, len(text)) for place in places})
    spans = [
        Sentence(document_id="a.txt", index=index, start=start, end=end)
        for index, (start, end) in enumerate(zip(ends[::2], ends[1::2], strict=False))
    ]
    assert stripped(text_html(made_of(text), spans)) == text


def test_every_sentence_has_a_span_with_its_exact_offsets(article: Document) -> None:
    sentences = split_sentences(article)
    found = Spans(text_html(article, sentences)).sentences
    assert len(found) == len(sentences) == 18
    for (start, end, text), sentence in zip(found, sentences, strict=True):
        assert (start, end) == (sentence.start, sentence.end)
        assert text == article.text[start:end]


def test_the_lines_of_the_article_are_its_paragraphs(article: Document) -> None:
    html = text_html(article, split_sentences(article))
    assert html.count("<p>") == len(article.text.strip().splitlines())


@pytest.mark.parametrize(
    ("text", "paragraphs"),
    [
        ("One sentence that\nruns on. Another.\n\nA second paragraph.", 2),
        ("# Heading\nText below it.\n\n- first\n- second", 3),
        ("Only one.", 1),
        ("\n\nOne after blank lines.", 1),
    ],
)
def test_paragraphs_are_where_the_text_breaks(text: str, paragraphs: int) -> None:
    document = made_of(text)
    assert text_html(document, split_sentences(document)).count("<p") == paragraphs


def test_a_heading_is_one_and_its_marks_are_kept_apart() -> None:
    document = made_of("# The news\n\nIt is good.")
    html = text_html(document, split_sentences(document))
    assert '<h3><span class="syntax"># </span><span class="sentence"' in html


def test_hostile_text_titles_and_names_are_only_text() -> None:
    document = Document(
        id=HOSTILE, title=HOSTILE, text=f"{HOSTILE}. And more.", source=HOSTILE, date=HOSTILE
    )
    other = Document(id="b", title="B", text="B.")
    html = pane_html([document, other], document, split_sentences(document), notice=HOSTILE)
    tags = set(Spans(html).tags)
    assert "script" not in tags
    assert "img" not in tags
    assert "onerror=&quot;" in html
    assert "<script" not in problem_html(HOSTILE)


def test_several_documents_can_be_chosen_from_and_told_apart() -> None:
    documents = [
        Document(id="a.txt", title="Same", text="A."),
        Document(id="b.txt", title="Same", text="B."),
        Document(id="c.txt", title="Other", text="C."),
    ]
    html = pane_html(documents, documents[1], split_sentences(documents[1]))
    assert '<option value="b.txt" selected>Same (b.txt)</option>' in html
    assert '<option value="c.txt">Other</option>' in html
    assert "<select" not in pane_html(documents[:1], documents[0], ())
