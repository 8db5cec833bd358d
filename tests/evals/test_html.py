from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.evals import Promise, Report, Verdict, compare, html
from onrecord.evals.html import is_gold
from tests.evals.eval_samples import answer
from tests.evals.reports import HOSTILE, REFUSED, RIGHT, WRONG, hostile, reported

FINE = reported({"a": RIGHT})
_BLOCKS = {"p", "td", "th", "h3", "li", "blockquote", "div"}
_VOID = {"meta", "br", "hr", "img", "input", "link"}


class Page(HTMLParser):
    """Collects tags, attributes and text, and notes a tag that is not closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.open: list[str] = []
        self.unbalanced: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.text += " " if tag in _BLOCKS else ""
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.unbalanced.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_wrong_questions_come_first_with_all_that_is_known() -> None:
    report = reported({"fine": RIGHT, "off": WRONG, "shy": REFUSED, "gone": RuntimeError("lost")})
    text = " ".join(Page(html(Verdict(report=report))).text.split())
    places = [text.index(f"{name}: How many, {name}?") for name in ("off", "shy", "gone", "fine")]
    assert places == sorted(places)
    for words in (
        "wrong, answered: Four machines [1].",
        "He showed her three machines. Ada, sentence 2; gold",
        "RuntimeError: lost",
        "expected: three",
        "confidence +2.00 nats",
        "confidence – nats",
    ):
        assert words in text


def test_a_cited_sentence_of_a_document_with_pages_knows_its_page() -> None:
    report = reported({"a": RIGHT})
    (row,) = report.rows
    cited = tuple(citation.model_copy(update={"page": 3}) for citation in row.citations)
    paged = report.model_copy(update={"rows": (row.model_copy(update={"citations": cited}),)})
    assert "Ada, page 3, sentence 2; gold" in html(Verdict(report=paged))


def test_only_the_gold_sentence_is_marked() -> None:
    (row,) = reported({"a": answer("Three.", 0, 1)}).rows
    assert [is_gold(row, citation) for citation in row.citations] == [False, True]
    page = html(Verdict(report=reported({"a": answer("Three.", 0, 1)})))
    assert page.count('<blockquote class="gold">') == 1


def test_figures_have_their_interval_and_their_n() -> None:
    page = html(Verdict(report=reported({"a": RIGHT, "b": WRONG})))
    assert '<td>right</td><td class="n">0.500</td><td class="n">0.000 to 1.000</td>' in page
    assert "how_many: 0.500 right" in page


def test_changed_answers_stand_side_by_side() -> None:
    now = reported({"a": WRONG, "b": RIGHT})
    comparison = compare(now, reported({"a": RIGHT, "b": WRONG, "c": RIGHT}, sha256="other"))
    text = " ".join(Page(html(Verdict(report=now, comparison=comparison))).text.split())
    assert "Lost: 1" in text
    assert "before right, answered: Three machines [1]." in text
    assert "now wrong, answered: Four machines [1]." in text
    assert "Only in the baseline: c." in text
    assert "asked other facts" in text


def test_what_fails_and_what_falls_short_is_said() -> None:
    promised = (Promise(name="right", miss="right is too low"),)
    text = Page(html(Verdict(report=reported({"a": WRONG}), thresholds=promised))).text
    assert "failed" in text
    assert "right is too low" in text
    text = Page(html(Verdict(report=reported({"a": WRONG}), targets=promised))).text
    assert "passed" in text
    assert "not there yet: right is too low" in text


def test_curves_are_drawn_where_there_are_any() -> None:
    report = reported({"a": RIGHT, "b": WRONG})
    assert html(Verdict(report=report)).count("<polyline") == 2
    silent = report.model_copy(update={"curves": type(report.curves)()})
    assert "<svg" not in html(Verdict(report=silent))


def with_everything(report: Report) -> Verdict:
    rows = tuple(row.model_copy(update={"text": row.text + "!"}) for row in report.rows)
    before = report.model_copy(update={"rows": rows, "facts_sha256": "other"})
    promised = (Promise(name="x", miss=HOSTILE),)
    return Verdict(
        report=report, thresholds=promised, targets=promised, comparison=compare(report, before)
    )


@pytest.mark.parametrize("report", [hostile(), FINE])
def test_a_page_asks_nothing_of_anyone_and_runs_nothing(report: Report) -> None:
    page = html(with_everything(report))
    found = Page(page)
    assert not found.tags & {"script", "link", "img", "iframe", "object", "a", "base", "form"}
    assert not found.attributes & {"src", "href", "srcset", "onload", "onerror", "style"}
    assert "url(" not in page
    assert "@import" not in page
    assert "default-src 'none'" in page
    assert found.unbalanced == found.open == []


def test_hostile_text_is_shown_and_not_obeyed() -> None:
    page = html(with_everything(hostile()))
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert not {"\x1b", "\x00", "\u202e"} & set(page)


@settings(max_examples=25)
@given(st.text(min_size=1, max_size=40))
def test_no_text_can_change_the_page(text: str) -> None:
    changed = {"id": text, "question": text, "text": text, "category": text, "document": text}
    rows = (FINE.rows[0].model_copy(update=changed),)
    plain = Page(html(Verdict(report=FINE)))
    found = Page(html(Verdict(report=FINE.model_copy(update={"rows": rows, "facts": text}))))
    assert found.tags == plain.tags
    assert found.attributes == plain.attributes
    assert found.unbalanced == []
