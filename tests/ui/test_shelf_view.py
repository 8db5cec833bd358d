from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from onrecord.types import Document
from onrecord.ui import words
from onrecord.ui.shelf_view import shelf_html
from tests.ui.seeing import Seen, check_only_text

A = Document(id="news/a ferry.txt", title="A Ferry", text="It sank.", source="Daily", date="1931")
B = Document(id="b.md", title="B", text="It opened.")


def test_every_document_is_listed_with_its_facts_and_its_tools() -> None:
    html = shelf_html([A, B])
    seen = Seen(html)
    assert "A FerryDaily · 1931 · news/a ferry.txt" in seen.text
    assert "Bb.md" in seen.text
    assert seen.attributes["data-do"] == ["open", "remove", "rename"] * 2
    assert seen.attributes["data-document"] == [A.id] * 3 + [B.id] * 3
    assert "said" not in seen.attributes["class"]
    assert words.NO_SUCH_DOCUMENT in seen.text
    assert words.NO_SUCH_DOCUMENT not in shelf_html([])
    tools = (words.OPEN, words.RENAME, words.REMOVE, words.NEW_NAME)
    named = [f"{tool}: {document.title}" for document in (A, B) for tool in tools]
    assert seen.attributes["aria-label"] == [words.FIND_DOCUMENT, *named]
    assert "checked" not in seen.attributes


def test_a_document_is_found_by_title_and_name_in_lower_case() -> None:
    assert Seen(shelf_html([A])).attributes["data-find"] == [
        "a ferry news/a ferry.txt",
    ]


def test_a_new_name_begins_with_the_old_one() -> None:
    assert 'name="name"' in shelf_html([A])
    assert Seen(shelf_html([A])).attributes["value"] == [A.id, "a ferry"]


def test_what_came_of_a_change_is_said_and_can_be_undone() -> None:
    removed = f"{words.REMOVED.format(name=B.id)}{words.UNDO}"
    html = shelf_html([A], removed=B.id)
    assert Seen(html).attributes["data-do"][0] == "restore"
    assert Seen(html).text.startswith(removed)
    assert Seen(shelf_html([A], "A was added.", B.id)).text.startswith(f"A was added.{removed}")
    assert words.UNDO not in shelf_html([A], "A was added.")


def _with(text: str) -> str:
    document = Document(id=text, title=text, text=text, source=text, date=text)
    return shelf_html([document, A], text, text)


def test_whatever_is_hostile_is_only_text() -> None:
    check_only_text(_with)


@given(st.text(alphabet="<>&\"'/=! ab", min_size=1))
def test_whatever_a_document_is_called_it_is_only_text(text: str) -> None:
    check_only_text(_with, f"x{text}x")
