from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from onrecord.conversations import Summary
from onrecord.ui import words
from onrecord.ui.archive_view import archive_html, outbox_html
from tests.ui.seeing import Seen, check_only_text

NOON = datetime(2025, 5, 4, 12, 30, tzinfo=UTC)


def summary(name: str = "1", title: str = "Who?", exchanges: int = 1) -> Summary:
    return Summary(id=name, title=title, changed=NOON, owner="", exchanges=exchanges)


def test_a_conversation_is_listed_with_its_day_its_questions_and_its_tools() -> None:
    seen = Seen(archive_html([summary(exchanges=3)], ""))
    assert f"{NOON.astimezone():%b %Y, %H:%M} · 3 questions" in seen.text
    assert words.EXPORT in seen.text
    assert seen.attributes["data-do"] == [
        "open",
        "delete",
        "export",
        "export",
        "export",
        "rename",
        "facts",
    ]
    assert seen.attributes["data-as"] == ["markdown", "html", "json"]
    assert set(seen.attributes["data-conversation"]) == {"1"}
    assert seen.attributes["value"] == ["Who?"]
    tools = (words.RENAME, words.DELETE, "Save as Markdown", "Save as HTML", "Save as JSON")
    named = [f"{tool}: Who?" for tool in (*tools, words.NEW_NAME)]
    assert seen.attributes["aria-label"] == named


def test_deleting_is_asked_about_first() -> None:
    assert Seen(archive_html([summary()], "")).attributes["data-sure"] == [words.REALLY]


def test_the_one_on_the_page_is_marked_and_no_other() -> None:
    html = archive_html([summary("1"), summary("2")], "2")
    assert html.count("aria-current=true") == 1
    assert html.index('data-conversation="1"') < html.index("aria-current")
    assert "aria-current" not in archive_html([summary("1")], "")


def test_those_whose_documents_have_changed_say_so_and_no_other() -> None:
    html = archive_html([summary("1"), summary("2")], "", fallen={"2"})
    assert html.count(words.DOCUMENTS_CHANGED) == 1
    assert html.index('data-conversation="2"') < html.index(words.DOCUMENTS_CHANGED)


def test_an_empty_list_says_so() -> None:
    assert words.NOTHING_KEPT in archive_html([], "")
    assert words.NOTHING_KEPT not in archive_html([summary()], "")
    assert words.FACTS not in archive_html([], "")
    assert words.NOTHING_FOUND in archive_html([], "", is_search=True)
    assert "hint" not in archive_html([], "", "The database is damaged.")


def test_of_many_the_latest_are_listed_and_the_others_counted() -> None:
    kept = [summary(f"{number}") for number in range(1_102)]
    html = archive_html(kept, "")
    assert 'data-conversation="99"' in html
    assert 'data-conversation="100"' not in html
    assert "1,002 older conversations are not listed: type words to find them." in html
    assert words.unlisted(1) in archive_html(kept[:101], "")
    assert "not listed" not in archive_html(kept[:100], "")


def test_what_came_of_a_change_is_said() -> None:
    assert "It was renamed." in archive_html([summary()], "", "It was renamed.")
    assert "said" not in Seen(archive_html([summary()], "")).attributes["class"]


def test_whatever_is_hostile_is_only_text() -> None:
    check_only_text(lambda text: archive_html([summary(text, text)], text, text))
    check_only_text(lambda text: outbox_html(text, text, text))


@given(st.text(alphabet="<>&\"'/=!\n ab", min_size=1))
def test_whatever_a_conversation_or_a_file_says_is_only_text(text: str) -> None:
    check_only_text(lambda said: archive_html([summary(said, said)], said, said), f"x{text}x")
    check_only_text(lambda said: outbox_html(said, said, said), f"x{text}x")


def test_a_file_is_handed_over_to_the_letter() -> None:
    content = '# "Who?" & <b>\n\n- “so”\n\t…\n'
    seen = Seen(outbox_html("a.md", content, "7"))
    assert seen.attributes["data-content"] == [content]
    assert seen.attributes["data-name"] == ["a.md"]
    assert seen.attributes["data-nonce"] == ["7"]
    assert seen.text == ""
