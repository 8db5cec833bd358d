from __future__ import annotations

import re
import time
from collections.abc import Sequence
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.sentences import split_sentences
from onrecord.types import Document, Sentence
from onrecord.ui.article import pane_html, problem_html
from onrecord.ui.blocks import Mark
from onrecord.ui.pen import Pen
from onrecord.ui.typeset import text_html
from tests.ui.seeing import Seen

HOSTILE = '<img src=x onerror="alert(1)"></span></article><script>alert(2)</script> & \'"'


# All that a document's text is ever made of, and what may stand in a tag.
TAGS = set("p span div h3 h4 h5 h6 ul ol li blockquote hr br strong em s code".split())
ATTRIBUTES = set(
    "class id tabindex data-start data-end title role style start aria-colindex".split()
)


class Spans(HTMLParser):
    """Collects the text, the sentences and the tags of a fragment, whose tags are all closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.names: set[str] = set()
        self.shown = ""
        self.shown_of: dict[tuple[int, int], str] = {}
        self._open: list[tuple[str, str]] = []
        self._within: dict[tuple[int, int], str] = {}
        self._sentence: list[tuple[int, int] | None] = [None]
        self.feed(html)
        self.close()
        assert self._open == []

    @property
    def sentences(self) -> list[tuple[int, int, str]]:
        return [(*at, text) for at, text in self._within.items()]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.names.update(name for name, _ in attrs)
        found = dict(attrs)
        kind = found.get("class") or ""
        if tag in {"br", "hr"}:
            return
        self._open.append((tag, kind))
        at = self._sentence[-1]
        if "sentence" in kind.split():
            assert at is None
            at = int(found["data-start"] or 0), int(found["data-end"] or 0)
            self._within[at] = self.shown_of[at] = ""
        self._sentence.append(at)

    def handle_data(self, data: str) -> None:
        if (at := self._sentence[-1]) is not None:
            self._within[at] += data
        if all(kind != "syntax" for _, kind in self._open):
            self.shown += data
            if at is not None:
                self.shown_of[at] += data

    def handle_endtag(self, tag: str) -> None:
        opened, _ = self._open.pop()
        assert opened == tag
        self._sentence.pop()


def stripped(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html))


def made_of(text: str, name: str = "a.txt") -> Document:
    return Document(id=name, title="A", text=text)


def spans_at(text: str, ends: Sequence[int]) -> list[Sentence]:
    return [
        Sentence(document_id="a.txt", index=index, start=start, end=end)
        for index, (start, end) in enumerate(zip(ends[::2], ends[1::2], strict=False))
    ]


MARKDOWN = st.lists(
    st.sampled_from(
        [
            *("# ", "### ", "- ", "12. ", "> ", "    ", "\n", "\n\n", "---\n", "===\n", "```\n"),
            *("| a | 1 |\n", "|---|--:|\n", "a | b\n--|--\n", "|", "\\", "*", "**", "_", "~~", "`"),
            *('[x y](http://e.f "Said. Done")', "[", "](", "![i](j)", "<http://a.b>", "[r]", "a"),
            *("[r]: /u 'T. w'\n", "It is so. ", "So", ".", " ", "\t", "é漢", "\u2028", "\0"),
            *("<b>", "</span>", "<script>", "&lt;", '"', "' onclick='"),
        ]
    ),
    max_size=40,
).map("".join)
PLACES = st.lists(st.integers(0, 200), max_size=12)


def check(text: str, name: str, sentences: Sequence[Sentence]) -> None:
    """Whatever the sentences, the text is there to the letter, and nothing of it is a tag."""
    html = text_html(Document(id=name, title="A", text=text), sentences)
    assert stripped(html) == text
    seen = Spans(html)
    assert set(seen.tags) <= TAGS
    assert seen.names <= ATTRIBUTES
    assert seen.sentences == [
        (each.start, each.end, text[each.start : each.end]) for each in sentences
    ]


@given(MARKDOWN, st.sampled_from(["a.md", "a.docx", "a.txt"]))
def test_any_mixture_of_markdown_is_there_to_the_letter(text: str, name: str) -> None:
    check(text, name, split_sentences(made_of(text)))


@given(MARKDOWN, st.sampled_from(["a.md", "a.html"]), PLACES)
def test_any_stretch_of_markdown_can_be_a_sentence(text: str, name: str, places: list[int]) -> None:
    check(text, name, spans_at(text, sorted({min(place, len(text)) for place in places})))


@given(MARKDOWN)
def test_of_every_sentence_something_is_shown(text: str) -> None:
    document = made_of(text, "a.md")
    found = Spans(text_html(document, split_sentences(document)))
    assert all(re.search(r"\w", shown) for shown in found.shown_of.values())


def test_a_sentence_within_an_address_is_shown() -> None:
    text = "See [the report](http://a.b 'It burned. Nobody was hurt.') now."
    sentence = spans_at(text, [text.index("Nobody"), text.index("') now")])
    assert "Nobody was hurt." in Spans(text_html(made_of(text, "a.md"), sentence)).shown
    assert shown(text) == "See the report now."


def test_an_address_stays_in_its_attribute() -> None:
    html = Pen("ab", 0, [Mark(0, 2, "link", '"><b onclick="x')]).to(2)
    assert Spans(html).tags == ["span"]
    assert Spans(html).names == {"class", "title"}


@given(st.text(alphabet=st.sampled_from("ab. \n#-<>&\"'\t1é漢…"), max_size=200))
def test_without_its_tags_it_is_the_text(text: str) -> None:
    document = made_of(text)
    assert stripped(text_html(document, split_sentences(document))) == text


@given(st.text(max_size=80), st.lists(st.integers(0, 80), max_size=12))
def test_whatever_the_sentences_every_character_is_kept(text: str, places: list[int]) -> None:
    spans = spans_at(text, sorted({min(place, len(text)) for place in places}))
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


def test_a_sentence_knows_its_page_where_there_are_pages() -> None:
    text = "It is one. It is two."
    for pages, known in (((), []), ((0, 11), ["page 1", "page 2"])):
        document = Document(id="a.pdf", title="A", text=text, pages=pages)
        seen = Seen(text_html(document, split_sentences(document)))
        assert seen.attributes.get("data-page", []) == known


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


def shown(text: str, name: str = "a.md") -> str:
    document = made_of(text, name)
    return Spans(text_html(document, split_sentences(document))).shown


def html_of(text: str, name: str = "a.md") -> str:
    document = made_of(text, name)
    return re.sub(r' tabindex="-1" data-start="\d+" data-end="\d+"', "", text_html(document, ()))


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("A **bold** and *soft* and __bold *soft*__ word.", "A bold and soft and bold soft word."),
        ("A `code *here*` and ~~gone~~ \\*kept\\*.", "A code *here* and gone *kept*."),
        ("The [full report](http://a.b 'Title') is out.", "The full report is out."),
        ("See <http://a.b> and ![the quay](q.png).", "See http://a.b and the quay."),
        ("See [one][r], [r].\n\n[r]: http://a.b", "See one, r.\n\n[r]: http://a.b"),
        ("## Part two ##\n\nText.", "Part two\n\nText."),
        ("Part two\n===\n\nText.", "Part two\n\nText."),
        ("- one\n  goes on\n- two\n\n3) three", "one\ngoes on\ntwo\n\nthree"),
        ("> Said **she\n> said** it.", "Said she\nsaid it."),
        ("One.\n\n***\n\nTwo.", "One.\n\n\nTwo."),
        ("```sh\n  run *it*\n```\nDone.", "  run *it*\nDone."),
        ("5 * 3 * 2 = snake_case_name, a*b", "5 * 3 * 2 = snake_case_name, a*b"),
        ("[bad](javascript:alert) <b>tag</b> &amp;", "[bad](javascript:alert) <b>tag</b> &amp;"),
        ("![](q.png) and [](http://a.b)", "![](q.png) and [](http://a.b)"),
        ("One line.\nAnd **one** more.\nAnd a third.", "One line.\nAnd one more.\nAnd a third."),
    ],
)
def test_of_markdown_its_words_are_shown(text: str, read: str) -> None:
    assert shown(text) == read
    assert shown(text, "a.txt").replace("## ", "") == text.replace("## ", "", 1)


def test_what_is_marked_stands_in_elements_of_its_kind_and_nothing_leads_outside() -> None:
    html = html_of('A **b** *c* ~~d~~ `e` [f](http://g.h/?a="b").\n\n> q\n\n2. i\n   - j')
    for part in ("<strong>", "<em>", "<s>", "<code>", "<blockquote><p>", '<ol start="2"><li><p>'):
        assert part in html
    assert 'class="link" title="http://g.h/?a=%22b%22"' in html
    assert "<ul><li><p>" in html
    assert not re.search(r"href|src|<a\b|<img", html)


def test_a_mark_that_sentences_end_in_is_closed_and_opened_anew() -> None:
    document = made_of("He **left. She stayed** there.", "a.md")
    html = text_html(document, split_sentences(document))
    assert Spans(html).sentences == [(0, 10, "He **left."), (11, 30, "She stayed** there.")]
    assert html.count("<strong>") == html.count("</strong>") == 3


TABLE = "| Year | Loss |\n|:---|---|\n| 2019 | 1,240.5 |\n| 2020 | 86 *or so* |\n"


def test_a_table_is_one_whose_rows_are_sentences() -> None:
    document = made_of(f"The losses:\n\n{TABLE}\nSo it is.", "a.md")
    sentences = split_sentences(document)
    html = text_html(document, sentences)
    assert html.count('role="table"') == 1
    assert re.findall(r'class="([^"]*)" id="s\d"', html) == [
        *("sentence", "row sentence", "row sentence", "row sentence", "sentence")
    ]
    assert html.count('role="columnheader"') == 2
    assert html.count('role="cell"') == 4
    assert "|" not in Spans(html).shown
    assert "-" not in Spans(html).shown
    assert "<em>" in html


def test_columns_are_aligned_as_they_say_and_figures_to_their_end() -> None:
    figures = text_html(made_of("| a | b | c |\n|---|:-:|---|\n| x | 1 | 1,5 % |", "a.md"), ())
    assert re.findall(r'class="(cell[^"]*)" role="cell"', figures) == [
        "cell",
        "cell center",
        "cell end",
    ]


def test_a_cell_of_several_sentences_keeps_its_column() -> None:
    document = made_of(
        "| Who | What | When |\n|-|-|-|\n| Smith | He said no. He left. | 2020 |", "a.md"
    )
    html = text_html(document, split_sentences(document))
    row = html[html.index("Smith") :]
    assert re.findall(r'aria-colindex="(\d)"', row) == ["2", "2", "3"]
    assert 'class="part sentence"' in row
    assert Spans(html).shown == "Who What WhenSmith He said no. He left. 2020"


@pytest.mark.parametrize(
    "text",
    [
        "a | b\n--|--\nOne | two",  # a sentence that is all three lines
        "Year | Sum\n-|-\n2019 | Many. More\n2020 | few",  # one that runs from row to row
    ],
)
def test_a_table_whose_sentences_are_several_rows_is_there_to_the_letter(text: str) -> None:
    document = made_of(text, "a.md")
    sentences = split_sentences(document)
    check(text, "a.md", sentences)
    assert ('role="rowgroup"' in text_html(document, sentences)) == (len(sentences) == 1)


def test_rows_and_items_of_an_extracted_text_are_a_table_and_a_list() -> None:
    text = "Before.\n\n| Year | Sum |\n\n|---|---|\n\n| 2019 | 12.5 |\n\n- *One*\n\n- Two"
    html = html_of(text, "a.docx")
    assert html.count('role="row"') == 2
    assert html.count('role="columnheader"') == 2
    assert html.count("<li>") == 2
    assert html.count("<ul>") == 1
    assert "*One*" in Spans(html).shown
    assert "role" not in html_of(text, "a.txt")


def test_a_text_that_is_made_to_be_slow_is_shown_all_the_same() -> None:
    for piece in ("[", "![", "*a ", "**a **", "> ", "`a``", "[a](", "<a", "~~", "| ", "- "):
        text = piece * 4_000
        assert stripped(text_html(made_of(text, "a.md"), ())) == text
    began = time.monotonic()
    text_html(made_of(f"{'[' * 19_000}\n\n" * 20, "a.md"), ())
    assert time.monotonic() - began < 5
