from __future__ import annotations

from typing import cast

import pytest

from onrecord import Assistant
from onrecord.types import Document
from onrecord.ui.pane import pane
from tests.scripted import RestlessAssistant, ScriptedAssistant
from tests.ui.seeing import Seen, check_only_text

DOCUMENTS = [Document(id=f"{key}.txt", title=key, text=f"Text {key}.") for key in "ab"]


@pytest.mark.parametrize("name", ["b.txt", "../../etc/passwd", ""])
def test_only_documents_of_the_corpus_are_shown_and_else_the_first(name: str) -> None:
    html = pane(cast(Assistant, ScriptedAssistant(DOCUMENTS)), name)
    assert ("Text b." in html) == (name == "b.txt")
    assert ("Text a." in html) == (name != "b.txt")
    assert "role" not in Seen(html).attributes or "alert" not in Seen(html).attributes["role"]


def test_a_text_is_shown_with_its_own_sentences_where_it_is_just_being_changed(
    article: Document,
) -> None:
    shown = [pane(cast(Assistant, of([article]))) for of in (RestlessAssistant, ScriptedAssistant)]
    assert shown[0] == shown[1]


@pytest.mark.parametrize("documents", [DOCUMENTS, []])
def test_what_the_reader_should_know_is_only_text(documents: list[Document]) -> None:
    assistant = cast(Assistant, ScriptedAssistant(documents))
    check_only_text(lambda text: pane(assistant, notice=text))
