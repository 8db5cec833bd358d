from __future__ import annotations

from onrecord.sentences import split_sentences
from onrecord.speakers import statements
from onrecord.types import Document
from onrecord.ui.speakers_view import speakers_html

HOSTILE = "<img src=x onerror=alert(1)>"


def table(text: str, name: str = "a.txt") -> str:
    document = Document(id=name, title=HOSTILE, text=text)
    return speakers_html(document, statements(document, split_sentences(document)))


def test_each_speaker_has_a_row_whose_statements_lead_to_their_sentences() -> None:
    html = table("The mayor said that it burned. The police denied it. The mayor said it was sad.")
    assert html.count("<tr>") == 2
    assert "The mayor</th>" in html
    assert html.count('class="near"') == 3
    assert 'data-start="0" data-end="30"' in html


def test_where_nobody_says_anything_there_is_no_table() -> None:
    assert table("It rained. It was cold.") == ""


def test_what_is_hostile_is_only_text() -> None:
    html = table(f"The mayor said that {HOSTILE} burned.", name=HOSTILE)
    assert "<img" not in html
    assert "&lt;img" in html
