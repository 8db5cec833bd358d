from __future__ import annotations

from onrecord.types import (
    AnswerReady,
    Claim,
    ClaimDrafted,
    ClaimVerified,
    Decided,
    EvidenceFound,
    StageStarted,
)
from onrecord.ui.turns import Turn, history, plain
from tests.scripted import ScriptedAssistant


def after_all(assistant: ScriptedAssistant, question: str) -> Turn:
    turn = Turn(question)
    for event in assistant.stream(question):
        turn = turn.after(event)
    return turn


def test_a_turn_is_what_has_happened_so_far(assistant: ScriptedAssistant) -> None:
    claim = Claim(text="Michel mediated.", citations=(assistant.cite(1, 0, 1),))
    turn = Turn("Who?")
    assert (turn.stage, turn.working) == ("waiting", True)
    evidence = next(event for event in assistant.stream("?") if isinstance(event, EvidenceFound))
    turn = turn.after(StageStarted(stage="retrieve")).after(evidence)
    assert (turn.stage, turn.evidence) == ("retrieve", evidence.evidence)
    assert turn.after(Decided(confidence=1.0)) == turn
    turn = turn.after(ClaimDrafted(text="Michel")).after(ClaimDrafted(text="Michel medi"))
    assert (turn.drafted, turn.claims) == ("Michel medi", ())
    turn = turn.after(ClaimVerified(claim=claim))
    assert (turn.drafted, turn.claims) == ("", (claim,))
    assert turn.working


def test_the_answer_ends_it_and_has_the_last_word(assistant: ScriptedAssistant) -> None:
    done = after_all(assistant, "Who?")
    assert done.answer is not None
    assert not done.working
    again = Turn("Who?", drafted="Perhaps").after(AnswerReady(answer=done.answer))
    assert (again.claims, again.drafted) == (done.answer.claims, "")


def test_a_problem_and_a_stop_end_it() -> None:
    assert not Turn("Who?", problem="No.").working
    assert not Turn("Who?", stopped=True).working


def test_history_is_the_answered_turns_in_plain_words(assistant: ScriptedAssistant) -> None:
    done, refused = after_all(assistant, "Who?"), after_all(assistant, "refuse")
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
