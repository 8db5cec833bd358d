"""The commands on kept conversations: a prefix names one, and nothing kept steers the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from onrecord.cli_conversations import app
from onrecord.conversations import (
    Conversation,
    Conversations,
    ConversationsError,
    Feedback,
    Quotation,
    as_html,
    as_json,
    as_markdown,
    gone,
)
from onrecord.errors import CorpusError
from onrecord.evals import load_facts
from tests.conversations.samples import FERRY, SANK, WHEN, WHO, answered, refused


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Conversations:
    monkeypatch.setenv("ONRECORD_DATA_DIR", str(tmp_path / "data"))
    return Conversations(tmp_path / "data" / "conversations.db")


@pytest.fixture
def kept(store: Conversations) -> Conversation:
    return store.begin(WHEN)


def run(*arguments: str, typed: str = "") -> Any:
    return CliRunner().invoke(app, list(arguments), input=typed)


def test_nothing_is_kept_at_first(store: Conversations) -> None:
    assert run("list").output == "Nothing is kept yet.\n"


def test_the_list_shows_the_latest_first(store: Conversations, kept: Conversation) -> None:
    later = store.begin(refused("Who [bold]built\x1b[2J it?", minutes=5))
    store.add(later.id, WHO)
    first, second = run("list").output.splitlines()
    assert first.startswith(later.id[:8])
    assert first.endswith("Who [bold]built[2J it?  2 questions")
    assert second.startswith(kept.id[:8])
    assert second.endswith(f"{kept.title}  1 question")


def test_the_list_is_searched(store: Conversations, kept: Conversation) -> None:
    store.begin(WHO)
    assert run("list", "sank", "3").output.startswith(kept.id[:8])
    assert run("list", "sank", "built").output == "No conversation has all of these words.\n"


def test_all_are_listed_with_their_users_or_those_of_one(
    store: Conversations, kept: Conversation, tmp_path: Path
) -> None:
    of_anna = store.of("anna").begin(WHO)
    assert run("list").output.count("1 question") == 2
    assert run("list", "--user", "anna").output.endswith("1 question, anna\n")
    assert run("list", "--user", "").output.startswith(kept.id[:8])
    assert run("list", "--user", "bo").output == "Nothing is kept yet.\n"
    assert run("show", of_anna.id).exit_code == 0
    out = ["--out", str(tmp_path / "out")]
    for command in (["show"], ["export", *out], ["rename", "Mine"], ["delete", "--yes"]):
        name, *more = command
        assert "No conversation has an id" in str(failed(name, "--user", "bo", of_anna.id, *more))
    store.of("anna").judge(of_anna.exchanges[0].id, Feedback(liked=True))
    assert "1" in run("facts", "--user", "anna", *out).output
    assert run("facts", "--user", "bo", *out).output.endswith(": 0.\n")


def test_a_conversation_is_shown_with_its_sources(store: Conversations, kept: Conversation) -> None:
    wrong = Feedback(liked=False, reason="Not so.\x1b[2J", right_answer="4 May")
    store.judge(kept.exchanges[0].id, wrong)
    store.judge(store.add(kept.id, WHO).id, Feedback(liked=False, not_in_corpus=True))
    store.judge(store.add(kept.id, WHO).id, Feedback(liked=True))
    result = run("show", kept.id[:6])
    assert result.exit_code == 0
    for words in (
        "> When did the Aurora sink?",
        "It sank on 3 May [1].",
        f"[1] A ferry sinks, sentence 1\n    {SANK}",
        "You said that it is not right.\n    Not so.[2J\n    Right would be: 4 May",
        "> Who built the Aurora?",
        "Right would be: the corpus does not say",
        "You said that it is right.",
    ):
        assert words in result.output
    assert "\x1b" not in result.output


@pytest.mark.parametrize("command", ["show", "delete"])
def test_an_id_that_names_none_or_several_is_an_error(
    store: Conversations, kept: Conversation, command: str
) -> None:
    for beginning in ("zz", f"{kept.id}0"):
        assert "No conversation has an id" in str(failed(command, beginning))
    store.begin(WHO)
    assert "2 conversations have an id" in str(failed(command, ""))
    assert len(store.search()) == 2


def failed(*arguments: str) -> ConversationsError:
    result = run(*arguments)
    assert isinstance(result.exception, ConversationsError)
    return result.exception


def test_a_conversation_is_exported(
    store: Conversations, kept: Conversation, tmp_path: Path
) -> None:
    out = tmp_path / "out.txt"
    for form, write in (("markdown", as_markdown), ("html", as_html), ("json", as_json)):
        assert run("export", kept.id, "--as", form, "--out", str(out)).exit_code == 0
        assert out.read_text(encoding="utf-8") == write(kept)
    assert run("export", kept.id[:8], "--out", str(out)).exit_code == 0
    assert out.read_text(encoding="utf-8") == as_markdown(kept)
    for nowhere in (tmp_path / "no" / "folder.md", out / "file.md", tmp_path):
        assert "cannot be written" in str(failed("export", kept.id, "--out", str(nowhere)))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "out.txt"]


def test_what_no_longer_stands_is_shown_and_exported(
    store: Conversations, kept: Conversation, tmp_path: Path
) -> None:
    corpus, out = tmp_path / "corpus", tmp_path / "out.md"
    corpus.mkdir()
    file = corpus / FERRY.id
    by = ("--corpus", str(corpus))
    for text, has_fallen in ((FERRY.text, False), (FERRY.text.replace("3 May", "4 May"), True)):
        file.write_text(f"---\ntitle: {FERRY.title}\n---\n{text}", encoding="utf-8")
        assert (gone(1, FERRY.title) in run("show", kept.id, *by).output) is has_fallen
        assert run("export", kept.id, "--out", str(out), *by).exit_code == 0
        assert ("is no longer in" in out.read_text(encoding="utf-8")) is has_fallen
    file.unlink()
    assert isinstance(run("show", kept.id, *by).exception, CorpusError)


def test_a_conversation_is_renamed(store: Conversations, kept: Conversation) -> None:
    assert run("rename", kept.id[:8], "The ferry").exit_code == 0
    assert store.load(kept.id).title == "The ferry"


def test_deleting_asks_first(store: Conversations, kept: Conversation) -> None:
    refusal = run("delete", kept.id[:8], typed="n\n")
    assert (refusal.exit_code, len(store.search())) == (1, 1)
    assert kept.title in refusal.output
    assert run("delete", kept.id[:8], typed="y\n").exit_code == 0
    assert not store.search()


def test_deleting_can_be_told_not_to_ask(store: Conversations, kept: Conversation) -> None:
    assert run("delete", kept.id[:8], "--yes").exit_code == 0
    assert not store.search()


def test_feedback_is_written_as_facts(
    store: Conversations, kept: Conversation, tmp_path: Path
) -> None:
    out = tmp_path / "facts.jsonl"
    nothing = run("facts", "--out", str(out))
    assert nothing.output == f"Facts written to {out}: 0.\n"
    store.judge(kept.exchanges[0].id, Feedback(liked=True))
    other = store.begin(answered("Where did it sink?", ("It sank near Bergen.", SANK)))
    quoted = (Quotation(document_id=FERRY.id, text=SANK),)
    store.judge(other.exchanges[0].id, Feedback(liked=False, quotations=quoted))
    store.judge(store.add(kept.id, WHO).id, Feedback(liked=False, reason="Bad."))
    result = run("facts", "--out", str(out))
    assert f"Facts written to {out}: 2." in result.output
    assert "Judged answers left out: 1." in result.output
    assert [fact.question for fact in load_facts(out, split="held").facts] == [
        "When did the Aurora sink?",
        "Where did it sink?",
    ]
