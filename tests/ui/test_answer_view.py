from __future__ import annotations

from dataclasses import replace

from onrecord.types import (
    Answer,
    AnswerReady,
    Citation,
    Claim,
    EvidenceFound,
    StageStarted,
    Status,
)
from onrecord.ui import words
from onrecord.ui.answer import answer_as_text, claim_html, conversation_html, turn_html
from onrecord.ui.turns import Turn, history, plain
from tests.scripted import ScriptedAssistant

HOSTILE = '<img src=x onerror="alert(1)"> & "quotes"'


def answered(assistant: ScriptedAssistant, question: str = "Who?") -> Turn:
    turn = Turn(question)
    for event in assistant.stream(question):
        turn = turn.after(event)
    return turn


def test_markers_stand_before_the_full_stop_and_know_their_sentence(
    assistant: ScriptedAssistant,
) -> None:
    citation = assistant.cite(1, 0, 1)
    html = claim_html(Claim(text="Michel mediated.", citations=(citation,)))
    assert 'Michel <span class="tail">mediated<button' in html
    assert html.endswith("</button>.</span></span>")
    assert f'data-start="{citation.start}" data-end="{citation.end}"' in html
    assert "<i>[</i>1<i>]</i>" in html
    assert 'data-number="1"' in html


def test_a_finished_answer_lists_every_claim_and_counts_its_sources(
    assistant: ScriptedAssistant,
) -> None:
    html = turn_html(answered(assistant))
    assert html.count('class="claim"') == 2
    assert html.count('class="cite"') == 3
    assert "3 sources" in html
    assert "1.4 s" in html
    assert 'class="stage"' not in html


def test_a_refusal_looks_like_one_and_offers_the_nearest(assistant: ScriptedAssistant) -> None:
    html = turn_html(answered(assistant, "refuse"))
    assert words.NOT_SAID in html
    assert "The article does not say." in html
    assert html.count('class="near"') == 3
    assert 'class="cite"' not in html


def test_what_is_being_done_is_said(assistant: ScriptedAssistant) -> None:
    turn = Turn("Who?")
    assert words.WAITING in turn_html(turn)
    evidence = next(event for event in assistant.stream("Who?") if isinstance(event, EvidenceFound))
    turn = turn.after(StageStarted(stage="retrieve"))
    assert "Searching the article…" in turn_html(turn)
    turn = turn.after(evidence).after(StageStarted(stage="read"))
    assert "Reading 5 sentences…" in turn_html(turn)
    assert turn_html(turn).count('class="considered"') == 5
    assert words.STAGES["word"] in turn_html(turn.after(StageStarted(stage="new")))


def test_problem_and_stop_keep_the_claims_that_were_verified(
    assistant: ScriptedAssistant,
) -> None:
    turn = replace(answered(assistant), answer=None)
    failed = turn_html(replace(turn, problem="The <model> did not answer."))
    assert "The &lt;model&gt; did not answer." in failed
    assert failed.count('class="claim"') == 2
    stopped = turn_html(replace(turn, stopped=True))
    assert words.STOPPED in stopped
    assert stopped.count('class="claim"') == 2


def test_whatever_is_hostile_is_only_text() -> None:
    citation = Citation(
        number=1, document_id=HOSTILE, title=HOSTILE, sentence=0, start=0, end=5, text=HOSTILE
    )
    claim = Claim(text=f"{HOSTILE}.", citations=(citation,))
    answer = Answer(
        question=HOSTILE,
        text=HOSTILE,
        status=Status.ANSWERED,
        claims=(claim,),
        citations=(citation,),
    )
    refusal = Answer(
        question=HOSTILE, text=HOSTILE, status=Status.NOT_IN_CORPUS, nearest=(citation,)
    )
    turns = tuple(Turn(HOSTILE).after(AnswerReady(answer=item)) for item in (answer, refusal))
    for html in (conversation_html(turns), conversation_html((), [HOSTILE])):
        assert "<img" not in html
        assert '"alert' not in html


def test_history_is_the_answered_turns_in_plain_words(assistant: ScriptedAssistant) -> None:
    done, refused = answered(assistant), answered(assistant, "refuse")
    turns = [done, Turn("failed", problem="no"), refused, Turn("stopped", stopped=True)]
    assert history(turns) == [
        {"role": "user", "content": "Who?"},
        {
            "role": "assistant",
            "content": "Charles Michel mediated the talks. Both ministers are to prepare a treaty.",
        },
        {"role": "user", "content": "refuse"},
        {"role": "assistant", "content": "The article does not say."},
    ]
    assert done.answer is not None
    assert "[1]" not in plain(done.answer)


def test_a_copied_answer_brings_its_sources(assistant: ScriptedAssistant) -> None:
    answer = answered(assistant).answer
    assert answer is not None
    text = answer_as_text(answer)
    assert text.startswith("Charles Michel mediated the talks [1].")
    assert text.count("\n[") == 3
