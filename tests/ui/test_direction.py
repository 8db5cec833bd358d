"""Marks that turn the writing direction turn the words they came with, and none of the page's."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from onrecord.conversations import Summary, gone
from onrecord.speakers import Statement
from onrecord.types import (
    Answer,
    Citation,
    Claim,
    Document,
    Evidence,
    Grounding,
    Passage,
    Scope,
    Sentence,
    Status,
)
from onrecord.ui import words
from onrecord.ui.archive_view import archive_html
from onrecord.ui.article import pane_html, problem_html
from onrecord.ui.judgement import Judged, judgements_html
from onrecord.ui.masthead import masthead_html
from onrecord.ui.message import message_html
from onrecord.ui.scope import name_of, scope_html
from onrecord.ui.shelf_view import shelf_html
from onrecord.ui.turn_view import turn_html
from onrecord.ui.turns import Turn
from onrecord.ui.underway import told_html
from tests.conversations.samples import NOON
from tests.ui.seeing import TURNED, Turned, check_isolated

HERE = Sentence(document_id=TURNED, index=0, start=0, end=len(TURNED))
CITED = Citation(
    number=1, document_id=TURNED, title=TURNED, sentence=0, start=0, end=len(TURNED), text=TURNED
)
CLAIM = Claim(
    text=f"{TURNED}.",
    citations=(CITED,),
    grounding=Grounding.REWORDED,
    reasons=(f"“{TURNED}” is not in the sentence",),
    speaker=TURNED,
)
ANSWER = Answer(
    question=TURNED, text=CLAIM.marked, status=Status.ANSWERED, claims=(CLAIM,), citations=(CITED,)
)
REFUSAL = Answer(
    question=TURNED,
    text="The article does not say.",
    status=Status.NOT_IN_CORPUS,
    nearest=(CITED,),
    unknown=(TURNED,),
)
DOCUMENT = Document(id=TURNED, title=TURNED, text=TURNED, source=TURNED, date=TURNED)
OTHER = DOCUMENT.model_copy(update={"id": f"{TURNED}."})


@pytest.mark.parametrize(
    "turn",
    [
        Turn(TURNED, asked_of=TURNED),
        Turn(TURNED, evidence=(Evidence(sentence=HERE, text=TURNED, title=TURNED),)),
        Turn(TURNED, drafted=TURNED, stage="word"),
        Turn(TURNED, claims=(CLAIM,), answer=ANSWER, unkept=words.unkept(TURNED), exchange="1"),
        Turn(TURNED, claims=(CLAIM,), answer=ANSWER, fallen=(gone(1, TURNED),)),
        Turn(TURNED, answer=REFUSAL),
        Turn(TURNED, problem=f"{TURNED} cannot be read."),
    ],
)
def test_nothing_in_a_conversation_turns_what_the_page_says(turn: Turn) -> None:
    check_isolated(turn_html(turn))


@pytest.mark.parametrize("documents", [[DOCUMENT], [DOCUMENT, OTHER]])
def test_no_document_turns_what_the_page_says(documents: Sequence[Document]) -> None:
    said = Statement(speaker=TURNED, verb=TURNED, sentence=HERE)
    removed = words.REMOVED.format(name=TURNED)
    check_isolated(pane_html(documents, DOCUMENT, [HERE], [said], removed))
    check_isolated(shelf_html(documents, f"{TURNED} was added.", TURNED))
    check_isolated(told_html(f"{TURNED} was added."))
    for scope in (
        Scope(documents=(TURNED,)),
        Scope(passage=Passage(document_id=TURNED, start=0, end=len(TURNED))),
    ):
        check_isolated(scope_html(scope, documents))
        check_isolated(turn_html(Turn("Who?", asked_of=name_of(scope, documents))))


def test_no_title_and_no_message_turns_what_the_page_says() -> None:
    kept = Summary(id="1", title=TURNED, changed=NOON, owner="", exchanges=1)
    check_isolated(archive_html([kept], "", f"{TURNED} is damaged."))
    check_isolated(judgements_html({"1": Judged(unkept=words.unkept(TURNED))}))
    check_isolated(problem_html(f"{TURNED} cannot be read."))
    check_isolated(masthead_html(TURNED, is_local=False))


@pytest.mark.parametrize("mark", "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
def test_a_message_has_none_of_the_marks(mark: str) -> None:
    assert message_html(f"{mark}a{mark}<b>") == "a&lt;b&gt;"


def test_what_is_turned_is_seen() -> None:
    assert Turned(f"<p>{TURNED} is gone</p>").loose == [f"{TURNED} is gone"]
    assert Turned(f'<p dir="auto">{TURNED} is <b>gone</b></p>').reached == [f"{TURNED} is gone"]
    assert Turned(f"<p><bdi>{TURNED}</bdi> is gone</p>").reached == [TURNED]
