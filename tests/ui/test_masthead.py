from __future__ import annotations

from onrecord.ui.masthead import masthead_html
from tests.ui.seeing import Seen, check_only_text


def test_the_head_says_who_answers_and_where_questions_go() -> None:
    local = masthead_html("local: Qwen<1>", is_local=True)
    assert "local: Qwen&lt;1&gt;" in local
    assert "Nothing leaves this machine." in local
    hosted = masthead_html("openai:gpt-5-mini", is_local=False)
    assert "are sent to openai:gpt-5-mini." in hosted


def test_the_head_says_what_is_still_being_got_ready() -> None:
    assert "Starting…" in Seen(masthead_html("local", is_local=True, doing="Starting…")).text
    assert "doing" not in Seen(masthead_html("local", is_local=True)).attributes["class"]


def test_whatever_the_model_is_called_it_is_only_text() -> None:
    check_only_text(lambda text: masthead_html(text, is_local=False, doing=text))
