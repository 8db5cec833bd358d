from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from onrecord.errors import CorpusError
from onrecord.types import Document
from onrecord.ui import words
from onrecord.ui.examples import examples_for
from onrecord.ui.handlers import Handlers
from onrecord.ui.masthead import masthead_html
from onrecord.ui.turns import Turn
from tests.scripted import ScriptedAssistant


def chosen(**data: str) -> gr.EventData:
    return gr.EventData(None, data)


def buttons(view: tuple[Any, ...]) -> dict[str, bool]:
    names = ("ask", "stop", "retry", "clear")
    return {name: item["visible"] for name, item in zip(names, view[-4:], strict=True)}


def test_a_question_is_put_then_answered(assistant: ScriptedAssistant) -> None:
    handlers = Handlers(assistant)  # type: ignore[arg-type]
    box, turns, html, *_ = view = handlers.ask("  Who?  ", ())
    assert box == ""
    assert turns == (Turn("Who?"),)
    assert "Who?" in html
    assert buttons(view) == {"ask": False, "stop": True, "retry": False, "clear": False}
    *_, last = handlers.answer(turns)
    assert last[0][-1].answer is not None
    assert buttons(last) == {"ask": True, "stop": False, "retry": True, "clear": True}


def test_claims_appear_one_by_one(assistant: ScriptedAssistant) -> None:
    handlers = Handlers(assistant)  # type: ignore[arg-type]
    counts = [view[1].count('class="claim"') for view in handlers.answer((Turn("Who?"),))]
    assert counts == sorted(counts)
    assert {0, 1, 2} <= set(counts)


def test_an_empty_question_and_one_too_many_change_nothing(assistant: ScriptedAssistant) -> None:
    handlers = Handlers(assistant)  # type: ignore[arg-type]
    assert handlers.ask("   ", ())[:2] == ("   ", ())
    working = (Turn("Who?", stage="read"),)
    assert handlers.ask("And?", working)[:2] == ("And?", working)
    assert [view[0] for view in handlers.answer(working)] == [working]
    assert assistant.asked == []


def test_the_earlier_turns_are_the_history_and_retry_leaves_out_the_last(
    assistant: ScriptedAssistant,
) -> None:
    handlers = Handlers(assistant)  # type: ignore[arg-type]
    *_, (turns, *_) = handlers.answer((Turn("Who?"),))
    *_, (turns, *_) = handlers.answer((*turns, Turn("And refuse?")))
    turns = handlers.ask_again(turns)[0]
    *_, (turns, *_) = handlers.answer(turns)
    assert [question for question, _ in assistant.asked] == ["Who?", "And refuse?", "And refuse?"]
    assert assistant.asked[1][1] == assistant.asked[2][1]
    assert [message["role"] for message in assistant.asked[2][1]] == ["user", "assistant"]
    assert len(turns) == 2


def test_stopping_closes_the_stream_and_says_so(assistant: ScriptedAssistant) -> None:
    handlers = Handlers(assistant)  # type: ignore[arg-type]
    views = handlers.answer((Turn("Who?"),))
    turns = next(views)[0]
    views.close()  # type: ignore[attr-defined]
    assert assistant.closed == 1
    assert handlers.stop(turns)[0][-1].stopped
    assert handlers.stop(())[0] == ()


def test_an_error_is_shown_in_the_conversation(assistant: ScriptedAssistant) -> None:
    handlers = Handlers(assistant)  # type: ignore[arg-type]
    *_, last = handlers.answer((Turn("fail"),))
    assert "set ONRECORD_MODEL" in last[1]
    assert "<b>nowhere" not in last[1]
    assert buttons(last)["retry"]


def test_clear_brings_back_the_examples(assistant: ScriptedAssistant) -> None:
    box, turns, html, *_ = Handlers(assistant).clear()  # type: ignore[arg-type]
    assert (box, turns) == ("", ())
    assert 'class="example"' in html


def test_an_example_is_asked(assistant: ScriptedAssistant) -> None:
    handlers = Handlers(assistant)  # type: ignore[arg-type]
    assert handlers.ask_example((), chosen(question="Who?"))[0] == (Turn("Who?"),)
    assert handlers.ask_example((), chosen())[0] == ()


def test_opening_the_page_shows_the_article_then_refreshes(assistant: ScriptedAssistant) -> None:
    assistant.skipped = {"/far/away/b.txt": "b.txt is a binary file."}
    first, *_, last = Handlers(assistant).open_page()  # type: ignore[arg-type]
    assert "Nagorno-Karabakh" in first[1]
    assert words.STARTING in first[0]
    assert words.STARTING not in last[0]
    assert "1 file left out. b.txt is a binary file." in last[1]
    assert assistant.refreshed == 1


def test_trouble_with_the_corpus_is_told_above_the_article(assistant: ScriptedAssistant) -> None:
    assistant.trouble = CorpusError("There is no corpus at <x>.")
    *_, last = Handlers(assistant).open_page()  # type: ignore[arg-type]
    assert "There is no corpus at &lt;x&gt;." in last[1]
    assert "Nagorno-Karabakh" in last[1]
    assistant.documents = ()
    *_, last = Handlers(assistant).open_page()  # type: ignore[arg-type]
    assert "There is no corpus" in last[1]


@pytest.mark.parametrize("name", ["b.txt", "../../etc/passwd", ""])
def test_only_documents_of_the_corpus_can_be_opened(name: str) -> None:
    documents = [Document(id=f"{key}.txt", title=key, text=f"Text {key}.") for key in "ab"]
    handlers = Handlers(ScriptedAssistant(documents))  # type: ignore[arg-type]
    html = handlers.open_document(chosen(document=name))
    assert ("Text b." in html) == (name == "b.txt")


def test_examples_come_from_the_corpus(article: Document) -> None:
    assert examples_for([article]) == words.SHIPPED_EXAMPLES
    other = article.model_copy(update={"id": "other.txt"})
    questions = examples_for([other])
    assert "What is said about European Council President Charles Michel?" in questions
    assert len(questions) == 4
    assert examples_for([]) == ()


def test_the_head_says_who_answers_and_where_questions_go() -> None:
    local = masthead_html("local: Qwen<1>", is_local=True)
    assert "local: Qwen&lt;1&gt;" in local
    assert "Nothing leaves this machine." in local
    hosted = masthead_html("openai:gpt-5-mini", is_local=False)
    assert "are sent to openai:gpt-5-mini." in hosted


def test_files_are_added_and_the_last_is_shown(
    assistant: ScriptedAssistant, tmp_path: Path
) -> None:
    (tmp_path / "new.txt").write_text("A new text.", encoding="utf-8")
    (tmp_path / "bad.pdf").write_bytes(b"")
    handlers = Handlers(assistant)  # type: ignore[arg-type]
    files = [str(tmp_path / "new.txt"), str(tmp_path / "bad.pdf")]
    during, after = handlers.add(files)
    assert "Reading new.txt, bad.pdf…" in during
    assert "1 document added: new.txt. bad.pdf &lt;b&gt;cannot" in after
    assert "A new text." in after
    assert assistant.refreshed == 1
    assert not list(tmp_path.iterdir())  # the browser's copies


def test_no_file_adds_nothing(assistant: ScriptedAssistant) -> None:
    handlers = Handlers(assistant)  # type: ignore[arg-type]
    assert len(list(handlers.add(None))) == 2
    assert len(assistant.documents) == 1
