"""Kept conversations are found, opened, renamed, exported and deleted, in a real database."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, cast

import gradio as gr
import pytest

from onrecord import Assistant
from onrecord.conversations import (
    Conversations,
    Feedback,
    as_html,
    as_json,
    as_markdown,
    gone,
)
from onrecord.desk import Desk
from onrecord.evals import Fact, check, load_facts, run
from onrecord.types import ClaimDropped, Document
from onrecord.ui import words
from onrecord.ui.archive import Archive
from onrecord.ui.handlers import Handlers
from onrecord.ui.judging import Judging
from onrecord.ui.session import Session
from onrecord.ui.turns import Turn
from onrecord.ui.view import unchanged
from tests.scripted import ScriptedAssistant
from tests.ui.seeing import HERE, HOSTILE, SKIP, Seen, again, answered, asked, press, put


def opened(archive: Archive, name: str, session: Session | None = None) -> Session:
    session = archive.press(session or Session(), "", press(do="open", conversation=name), HERE)[0]
    assert isinstance(session, Session)
    return session


def parcel(shown: tuple[Any, ...]) -> tuple[str, str]:
    """Return the name and the content of the file that is to be saved."""
    attributes = Seen(shown[-1]).attributes
    return attributes["data-name"][0], attributes["data-content"][0]


def titles(listed: str) -> list[str]:
    return [value for value in Seen(listed).attributes.get("value", []) if value]


def check_unchanged(shown: tuple[Any, ...]) -> None:
    """The conversation on the page is left as it is."""
    assert shown[0] is None


def test_the_list_is_what_is_kept_and_what_is_looked_for(
    archive: Archive, handlers: Handlers
) -> None:
    asked(handlers, "Who mediated?")
    session = asked(handlers, "When was it?", asked(handlers, "Where?"))
    assert titles(archive.search(session, "", HERE)) == ["Where?", "Who mediated?"]
    assert titles(archive.search(session, "WHEN", HERE)) == ["Where?"]
    assert titles(archive.search(session, "treaty", HERE)) == ["Where?", "Who mediated?"]
    assert words.NOTHING_FOUND in archive.search(session, "bridge", HERE)
    *_, listed, outbox = shown = archive.press(session, "mediated?", press(do="list"), HERE)
    check_unchanged(shown)
    assert titles(listed) == ["Who mediated?"]
    assert outbox == SKIP


def test_the_conversation_on_the_page_is_marked(archive: Archive, handlers: Handlers) -> None:
    asked(handlers, "Who?")
    session = asked(handlers, "When?")
    listed = archive.search(session, "", HERE)
    assert listed.count("aria-current") == 1
    assert listed.index("aria-current") < listed.index("When?") < listed.index("Who?")


def test_an_opened_conversation_is_as_it_was(
    archive: Archive, handlers: Handlers, conversations: Conversations
) -> None:
    session = asked(handlers, "refuse", asked(handlers, "Who?"))
    conversations.judge(session.turns[0].exchange, Feedback(liked=True))
    again = opened(archive, session.conversation)
    assert again.conversation == session.conversation
    assert [turn.answer for turn in again.turns] == [turn.answer for turn in session.turns]
    assert [turn.receipt for turn in again.turns] == [turn.receipt for turn in session.turns]
    assert [turn.exchange for turn in again.turns] == [turn.exchange for turn in session.turns]
    assert [turn.feedback for turn in again.turns] == [Feedback(liked=True), None]
    assert not any(turn.fallen for turn in again.turns)


def test_what_was_dropped_is_said_in_an_opened_conversation_too(
    archive: Archive, handlers: Handlers
) -> None:
    (turn,) = put(handlers, "Who?").turns
    dropped = ClaimDropped(text="He did.", reason="no")
    session = answered(handlers, Session((turn.after(dropped),)))
    assert opened(archive, session.conversation).turns[0].dropped == (dropped,)


def test_an_opened_conversation_is_shown_whole_and_its_list_says_which(
    archive: Archive, handlers: Handlers
) -> None:
    session = asked(handlers, "When?", asked(handlers, "Who?"))
    said = press(do="open", conversation=session.conversation)
    again, listed, outbox = archive.press(Session(), "", said, HERE)
    _session, earlier, latest, *_ = archive.show(Session(), again)
    assert "Who?" in earlier
    assert "When?" in latest
    assert words.JUDGED_RIGHT not in earlier
    assert "aria-current" in listed
    assert outbox == SKIP


def test_an_opened_conversation_goes_on(
    archive: Archive, handlers: Handlers, conversations: Conversations, assistant: ScriptedAssistant
) -> None:
    session = opened(archive, asked(handlers, "Who?").conversation)
    session = asked(handlers, "When?", session)
    session = answered(handlers, again(handlers, session))
    assert assistant.asked[-1][1][0]["content"] == "Who?"
    (kept,) = conversations.search()
    assert (kept.id, kept.exchanges) == (session.conversation, 2)


def test_what_was_to_be_replaced_is_not_so_in_an_opened_conversation(
    archive: Archive, handlers: Handlers
) -> None:
    name = asked(handlers, "Who?").conversation
    assert not opened(archive, name, Session(conversation="other", replaces="old")).replaces


def changed(article: Document, old: str, new: str) -> Document:
    assert old in article.text
    return article.model_copy(update={"text": article.text.replace(old, new)})


def test_an_answer_whose_sentence_has_changed_says_so(
    archive: Archive, handlers: Handlers, assistant: ScriptedAssistant, article: Document
) -> None:
    session = asked(handlers, "refuse", asked(handlers, "Who?"))
    assistant.documents = (changed(article, "Charles Michel", "Somebody"),)
    again = opened(archive, session.conversation)
    _session, earlier, latest, *_ = archive.show(Session(), again)
    assert again.turns[0].fallen == (gone(1, article.title),)
    assert f"<li>{gone(1, article.title)}</li>" in earlier
    assert words.FALLEN in earlier
    assert again.turns[1].fallen == (gone(2, article.title),)
    assert words.FALLEN in latest


def test_the_list_and_an_export_say_so_too(
    archive: Archive, handlers: Handlers, assistant: ScriptedAssistant, article: Document
) -> None:
    session = asked(handlers, "Who?")
    assert words.DOCUMENTS_CHANGED not in archive.search(session, "", HERE)
    assistant.documents = (changed(article, "Charles Michel", "Somebody"),)
    assert words.DOCUMENTS_CHANGED in archive.search(session, "", HERE)
    said = press(do="export", conversation=session.conversation, **{"as": "json"})
    exported = json.loads(parcel(archive.press(session, "", said, HERE))[1])
    assert exported["exchanges"][0]["fallen"] == [gone(1, article.title)]


def test_what_cannot_be_read_for_its_alarm_is_listed_all_the_same(
    archive: Archive, handlers: Handlers, tmp_path: Path
) -> None:
    session = asked(handlers, "Who?")
    with closing(sqlite3.connect(tmp_path / "conversations.db")) as database, database:
        database.execute("UPDATE exchange SET receipt = '{}'")
    assert titles(archive.search(session, "", HERE)) == ["Who?"]


def test_an_answer_whose_document_has_gone_says_so(
    archive: Archive, handlers: Handlers, assistant: ScriptedAssistant, article: Document
) -> None:
    name = asked(handlers, "Who?").conversation
    assistant.documents = (Document(id="other.txt", title="Other", text="Another text."),)
    assert opened(archive, name).turns[0].fallen == tuple(
        gone(number, article.title) for number in (1, 2, 3)
    )


def test_an_answer_whose_sentences_have_only_moved_stands(
    archive: Archive, handlers: Handlers, assistant: ScriptedAssistant, article: Document
) -> None:
    name = asked(handlers, "Who?").conversation
    moved = article.model_copy(update={"text": f"News first.\n{article.text}"})
    assistant.documents = (moved,)
    assert opened(archive, name).turns[0].fallen == ()


def test_an_answer_that_says_more_than_its_sentence_is_an_alarm(
    archive: Archive, handlers: Handlers, assistant: ScriptedAssistant
) -> None:
    assistant.script = [("Charles Michel mediated 77 talks.", [(0, 1)])]
    turn = opened(archive, asked(handlers, "Who?").conversation).turns[0]
    assert any("77" in each for each in turn.altered)
    assert all(each.startswith("[1] ") for each in turn.altered)
    assert turn.fallen == ()  # the documents are as they were


def test_a_conversation_is_not_opened_where_there_are_no_documents(
    archive: Archive, handlers: Handlers, assistant: ScriptedAssistant
) -> None:
    name = asked(handlers, "Who?").conversation
    assistant.documents = ()
    *_, listed, _outbox = shown = archive.press(
        Session(), "", press(do="open", conversation=name), HERE
    )
    check_unchanged(shown)
    assert "said" in Seen(listed).attributes["class"]


def test_a_conversation_is_renamed(
    archive: Archive, handlers: Handlers, conversations: Conversations
) -> None:
    session = asked(handlers, "Who?")
    said = press(do="rename", conversation=session.conversation, title=HOSTILE)
    *_, listed, _outbox = shown = archive.press(session, "", said, HERE)
    check_unchanged(shown)
    (kept,) = conversations.search()
    assert kept.title.startswith("</div><img")
    assert titles(listed) == [kept.title]
    assert "<img" not in listed


@pytest.mark.parametrize("title", ["", " \n ", None])
def test_a_title_has_something_to_say(archive: Archive, handlers: Handlers, title: object) -> None:
    session = asked(handlers, "Who?")
    said = {"do": "rename", "conversation": session.conversation}
    if title is not None:
        said["title"] = str(title)
    *_, listed, _outbox = archive.press(session, "", press(**said), HERE)
    assert "A title has at least one character" in listed
    assert titles(listed) == ["Who?"]


def test_a_deleted_conversation_is_gone_from_the_page(
    archive: Archive, handlers: Handlers, conversations: Conversations
) -> None:
    session = asked(handlers, "Who?")
    said = press(do="delete", conversation=session.conversation)
    after, listed, _outbox = archive.press(session, "", said, HERE)
    assert after == Session()
    _session, earlier, latest, *_ = archive.show(session, after)
    assert "Who?" not in earlier + listed
    assert words.WELCOME in latest
    assert conversations.search() == ()


def test_another_conversation_is_deleted_behind_the_one_on_the_page(
    archive: Archive, handlers: Handlers
) -> None:
    other, session = asked(handlers, "Who?"), asked(handlers, "When?")
    said = press(do="delete", conversation=other.conversation)
    *_, listed, _outbox = shown = archive.press(session, "", said, HERE)
    check_unchanged(shown)
    assert titles(listed) == ["When?"]


def test_the_page_is_not_taken_from_an_answer_that_is_on_its_way(
    archive: Archive, handlers: Handlers, conversations: Conversations
) -> None:
    other = asked(handlers, "Who?")
    session = asked(handlers, "When?").asking(Turn("Why?"))
    for said in (
        press(do="open", conversation=other.conversation),
        press(do="delete", conversation=session.conversation),
    ):
        *_, listed, _outbox = shown = archive.press(session, "", said, HERE)
        check_unchanged(shown)
        assert words.BUSY in listed
    assert len(conversations.search()) == 2


def test_what_is_asked_while_a_conversation_is_being_opened_stays(
    archive: Archive, handlers: Handlers
) -> None:
    kept = opened(archive, asked(handlers, "Who?").conversation)
    assert archive.show(put(handlers, "Why?"), kept) == unchanged()
    assert archive.show(asked(handlers, "Why?"), None) == unchanged()
    assert archive.show(asked(handlers, "Why?"), kept)[0] == kept


@pytest.mark.parametrize(
    ("kind", "suffix", "write"),
    [
        ("markdown", "md", as_markdown),
        ("html", "html", as_html),
        ("json", "json", as_json),
        ("<b>", "json", as_json),
    ],
)
def test_a_conversation_is_exported(
    archive: Archive,
    handlers: Handlers,
    conversations: Conversations,
    kind: str,
    suffix: str,
    write: Any,
) -> None:
    session = asked(handlers, HOSTILE)
    said = press(do="export", conversation=session.conversation, **{"as": kind})
    shown = archive.press(session, "", said, HERE)
    check_unchanged(shown)
    assert shown[-2] == SKIP
    name, content = parcel(shown)
    assert name == f"onrecord-{session.conversation[:8]}.{suffix}"
    assert content == write(conversations.load(session.conversation))


def test_the_same_file_can_be_had_twice(archive: Archive, handlers: Handlers) -> None:
    session = asked(handlers, "Who?")
    said = press(do="export", conversation=session.conversation)
    first, second = (archive.press(session, "", said, HERE) for _ in range(2))
    assert parcel(first) == parcel(second)
    assert first[-1] != second[-1]


def test_judged_answers_are_saved_as_known_facts(
    archive: Archive, handlers: Handlers, conversations: Conversations
) -> None:
    session = asked(handlers, "When?", asked(handlers, "Who?"))
    other = asked(handlers, "refuse")
    for each in (session, other):
        conversations.judge(each.turns[0].exchange, Feedback(liked=True))
    shown = archive.press(session, "nothing that is there", press(do="facts"), HERE)
    check_unchanged(shown)
    name, content = parcel(shown)
    assert name == "onrecord-facts.jsonl"
    facts = [Fact.model_validate_json(line) for line in content.splitlines()]
    assert [(fact.question, fact.answerable) for fact in facts] == [
        ("Who?", True),
        ("refuse", False),
    ]


def test_the_next_evaluation_is_held_to_an_answer_that_was_put_right(
    archive: Archive,
    handlers: Handlers,
    judging: Judging,
    assistant: ScriptedAssistant,
    tmp_path: Path,
) -> None:
    session = asked(handlers, "How many people were killed in 2020?")
    right = next(
        place
        for place, sentence in enumerate(assistant.corpus.sentences[assistant.documents[0].id])
        if "6,500" in assistant.documents[0].text[sentence.start : sentence.end]
    )
    cited = assistant.cite(1, 0, right)
    quoted = [{"document_id": cited.document_id, "text": cited.text}]
    form = {"right_answer": "Over 6,500", "quotations": json.dumps(quoted)}
    judging.judge({}, press(do="dislike", exchange=session.turns[0].exchange, **form), HERE)
    file = tmp_path / "facts.jsonl"
    _name, content = parcel(archive.press(session, "", press(do="facts"), HERE))
    file.write_text(content, encoding="utf-8")
    assert check(file, assistant.documents) == ()
    for script, score in ((assistant.script, 0.0), ([(cited.text, [(0, right)])], 1.0)):
        assistant.script = script
        report = run(assistant, load_facts(file))
        assert report.figures["right_overall"].value == score


def test_before_anything_is_judged_it_is_said_how(archive: Archive, handlers: Handlers) -> None:
    session = asked(handlers, "Who?")
    *_, listed, outbox = shown = archive.press(session, "", press(do="facts"), HERE)
    check_unchanged(shown)
    assert words.NO_FACTS in Seen(listed).text
    assert titles(listed) == ["Who?"]
    assert outbox == SKIP


def test_where_nothing_that_was_judged_makes_a_fact_it_is_said_what_does(
    archive: Archive, handlers: Handlers, conversations: Conversations
) -> None:
    session = asked(handlers, "Who?")
    beside = Feedback(liked=False, reason="It is beside the point.")
    conversations.judge(session.turns[0].exchange, beside)
    *_, listed, outbox = archive.press(session, "", press(do="facts"), HERE)
    assert words.UNUSABLE in Seen(listed).text
    assert words.NO_FACTS not in Seen(listed).text
    assert outbox == SKIP


@pytest.mark.parametrize("name", ["unknown", "", HOSTILE, None, "\ud800", "' OR 1=1 --"])
def test_an_unknown_conversation_is_said_to_be_unknown(
    archive: Archive, handlers: Handlers, conversations: Conversations, name: object
) -> None:
    session = asked(handlers, "Who?")
    for do in ("open", "rename", "delete", "export"):
        said = press(do=do, conversation=name, title="A title")
        *_, listed, outbox = shown = archive.press(session, "", said, HERE)
        check_unchanged(shown)
        assert "There is no conversation" in Seen(listed).text
        assert "<img" not in listed
        assert outbox == SKIP
    assert [kept.title for kept in conversations.search()] == ["Who?"]


def test_a_press_that_is_none_of_the_lists_only_shows_the_list(
    archive: Archive, handlers: Handlers
) -> None:
    session = asked(handlers, "Who?")
    for said in ({}, {"do": "drop"}, {"do": ["open"]}):
        *_, listed, outbox = shown = archive.press(session, "", press(**said), HERE)
        check_unchanged(shown)
        assert titles(listed) == ["Who?"]
        assert outbox == SKIP


@pytest.mark.parametrize("do", ["list", "open", "rename", "delete", "export", "facts"])
def test_a_database_that_cannot_be_used_is_told_in_words(
    archive: Archive, tmp_path: Path, do: str
) -> None:
    file = tmp_path / "conversations.db"
    file.write_bytes(b"No database. " * 100)
    said = press(do=do, conversation="1", title="A title")
    *_, listed, _outbox = shown = archive.press(Session(), "", said, HERE)
    check_unchanged(shown)
    assert f"{file} is no database of conversations." in Seen(listed).text
    assert "is no database" in archive.search(Session(), "", HERE)


def test_a_hostile_conversation_is_only_text(conversations: Conversations) -> None:
    document = Document(id=HOSTILE, title=HOSTILE, text=f"It is said: {HOSTILE}. More.")
    scripted = ScriptedAssistant([document], [(f"It is said: {HOSTILE}", [(0, 0)])])
    assistant = cast(Assistant, scripted)
    handlers = Handlers(Desk(assistant), conversations)
    archive = Archive(assistant, conversations)
    name = asked(handlers, f"refuse {HOSTILE}", asked(handlers, HOSTILE)).conversation
    other = Document(id="other.txt", title="Other", text="Another text.")
    scripted.documents = (other,)
    shown = archive.press(Session(), "", press(do="open", conversation=name), HERE)
    assert shown[0] is not None
    assert all(turn.fallen for turn in shown[0].turns)
    view = archive.show(Session(), shown[0])
    seen = Seen("".join(part for part in (*shown, *view) if isinstance(part, str)))
    assert f"[1] is no longer in {HOSTILE}." in seen.text
    assert not {"img", "script"} & {tag for tag, *_ in seen.skeleton}
    assert not any(name.startswith("on") for _tag, *names in seen.skeleton for name in names)


def test_nobody_finds_opens_or_changes_what_another_has_asked(
    archive: Archive, handlers: Handlers, judging: Judging, conversations: Conversations
) -> None:
    anna, bo = gr.Request(username="anna"), gr.Request(username="bo")
    session = asked(handlers, "Who?", by=anna)
    exchange, name = session.turns[0].exchange, session.conversation
    own = asked(handlers, "When?", by=bo)
    for reader in (bo, HERE):
        assert "Who?" not in archive.search(Session(), "who", reader)
        for do in ("open", "rename", "delete", "export"):
            said = press(do=do, conversation=name, title="Mine")
            *_, listed, outbox = shown = archive.press(Session(), "", said, reader)
            check_unchanged(shown)
            assert "There is no conversation" in Seen(listed).text
            assert outbox == SKIP
        _said, html = judging.judge({}, press(do="like", exchange=exchange), reader)
        assert "There is no answer" in Seen(html).text
    assert "There is no conversation" in asked(handlers, "Why?", session, by=bo).turns[-1].unkept
    conversations.judge(exchange, Feedback(liked=True))
    *_, listed, _outbox = archive.press(own, "", press(do="facts"), bo)
    assert words.NO_FACTS in Seen(listed).text
    assert titles(archive.search(Session(), "", bo)) == ["When?"]
    assert titles(archive.search(Session(), "", anna)) == ["Who?"]
    assert [each.receipt.answer.question for each in conversations.load(name).exchanges] == ["Who?"]
