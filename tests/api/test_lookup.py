from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.api.lookup import NotFoundError, document_text, entries, sentence_in_place
from onrecord.types import Document
from tests.api.programs import ProgramsAssistant
from tests.scripted import RestlessAssistant, ScriptedAssistant

texts = st.lists(
    st.sampled_from(["It opened in May.", "“Why?” she asked.", "Ülkü said so!", "Nobody did.\n\n"]),
    min_size=1,
).map(" ".join)


@given(texts)
def test_sentences_are_the_documents_own_words_and_know_their_neighbours(text: str) -> None:
    assistant = ProgramsAssistant([Document(id="a", title="A", text=text)])
    (entry,) = entries(assistant)  # type: ignore[arg-type]
    read = [
        sentence_in_place(assistant, "a", number)  # type: ignore[arg-type]
        for number in range(entry.sentences)
    ]
    for item in read:
        assert text[item.start : item.end] == item.text
    words = [item.text for item in read]
    assert [item.before for item in read] == [None, *words[:-1]]
    assert [item.after for item in read] == [*words[1:], None]
    with pytest.raises(NotFoundError, match=f"there is no sentence {len(read)}"):
        sentence_in_place(assistant, "a", len(read))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "look",
    [
        entries,
        lambda assistant: document_text(assistant, "a"),
        lambda assistant: sentence_in_place(assistant, "a", 1),
    ],
)
def test_a_text_is_read_with_its_own_sentences_where_it_is_just_being_changed(
    look: Callable[[Any], object],
) -> None:
    documents = [Document(id=key, title=key, text="It sank. Nobody was hurt. Why?") for key in "ab"]
    assert look(RestlessAssistant(documents)) == look(ScriptedAssistant(documents))
