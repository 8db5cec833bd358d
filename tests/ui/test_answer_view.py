from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.desk import Waiting
from onrecord.refusal import refusal as refusal_of
from onrecord.types import (
    EVERYTHING,
    Answer,
    AnswerReady,
    Citation,
    Claim,
    ClaimDropped,
    Evidence,
    EvidenceFound,
    Grounding,
    Scope,
    Sentence,
    StageStarted,
    Status,
)
from onrecord.ui import words
from onrecord.ui.claim_view import claim_html
from onrecord.ui.receipts import key_of
from onrecord.ui.turn_view import earlier_html, latest_html, turn_html
from onrecord.ui.turns import Turn
from tests.scripted import ScriptedAssistant
from tests.ui.seeing import HOSTILE, Seen, check_only_text


def answered(assistant: ScriptedAssistant, question: str = "Who?") -> Turn:
    turn = Turn(question)
    for event in assistant.stream(question):
        turn = turn.after(event)
    return turn


def cited(text: str, **changes: Any) -> Citation:
    fields: dict[str, Any] = {"number": 1, "document_id": text, "title": text, "text": text}
    return Citation(**{**fields, "sentence": 0, "start": 0, "end": 5, **changes})


def saying(text: str, **changes: Any) -> Claim:
    return Claim(text=f"{text}.", citations=(cited(text),), **changes)


def with_answer(answer: Answer, **changes: Any) -> Turn:
    return replace(Turn("Who?").after(AnswerReady(answer=answer)), **changes)


def answer_of(claim: Claim, **changes: Any) -> Answer:
    return Answer(
        question="Who?",
        text=claim.marked,
        status=Status.ANSWERED,
        claims=(claim,),
        citations=claim.citations,
        **changes,
    )


def refusal(*nearest: Citation, **changes: Any) -> Answer:
    fields: dict[str, Any] = {"question": "Who?", "text": "No.", "nearest": nearest, **changes}
    return Answer(status=Status.NOT_IN_CORPUS, **fields)


def test_markers_stand_before_the_full_stop_and_know_their_sentence(
    assistant: ScriptedAssistant,
) -> None:
    citation = assistant.cite(1, 0, 1)
    html = claim_html(Claim(text="Michel mediated.", citations=(citation,)))
    first, last = '<span class="words">Michel </span>', '<span class="words">mediated</span>'
    assert f'{first}<span class="tail">{last}<button' in html
    assert "</button>.</span></span>" in html
    assert f'data-start="{citation.start}" data-end="{citation.end}"' in html
    assert "<i>[</i>1<i>]</i>" in html
    assert 'data-number="1"' in html
    assert Seen(html).attributes["data-text"] == [citation.text]
    assert "data-page" not in html


def test_a_citation_of_a_document_with_pages_knows_its_page() -> None:
    html = claim_html(Claim(text="So.", citations=(cited("It is so.", page=7),)))
    assert Seen(html).attributes["data-page"] == ["page 7"]
    assert Seen(html).attributes["aria-label"] == ["Source 1, page 7"]


def test_a_finished_answer_lists_every_claim_and_counts_its_sources(
    assistant: ScriptedAssistant,
) -> None:
    html = turn_html(answered(assistant))
    assert html.count('class="claim"') == 2
    assert html.count('class="cite"') == 3
    assert "3 sources" in html
    assert "1.4 s" in html
    assert 'class="stage"' not in html


def test_what_can_be_done_with_an_answer_is_named_after_its_question() -> None:
    turn = replace(with_answer(refusal()), question=f"Who?\n{'And when? ' * 20}")
    (label,) = Seen(turn_html(turn)).attributes["aria-label"]
    assert label.startswith(f"{words.ANSWER_TO}: Who? And when? And")
    assert label.endswith("…")


def test_a_refusal_looks_like_one_and_offers_the_nearest(assistant: ScriptedAssistant) -> None:
    html = turn_html(answered(assistant, "refuse"))
    assert "The article does not say." in html
    assert html.count('class="near"') == 3
    assert 'class="cite"' not in html


def test_a_refusal_offers_questions_that_its_nearest_sentences_answer() -> None:
    near = cited("They met, and Charles Michel spoke.")
    html = turn_html(with_answer(refusal(near, unknown=("Atlantis",))))
    assert words.INSTEAD in html
    assert Seen(html).attributes["data-question"] == ["What is said about Charles Michel?"]
    assert "It never mentions “Atlantis”." in html


@pytest.mark.parametrize(
    ("scope", "documents", "why"),
    [
        (EVERYTHING, 4, "They never mention “Atlantis”."),
        (EVERYTHING, 1, "It never mentions “Atlantis”."),
        (Scope(documents=("a.txt", "b.txt")), 4, "They never mention “Atlantis”."),
        (Scope(documents=("a.txt",)), 4, "It never mentions “Atlantis”."),
    ],
)
def test_a_refusal_speaks_of_one_document_or_of_many(
    scope: Scope, documents: int, why: str
) -> None:
    said = refusal_of(scope, documents)
    html = turn_html(with_answer(refusal(text=said, unknown=("Atlantis",))))
    assert f'<p class="because">{why}</p>' in html


def test_a_refusal_with_nothing_near_offers_nothing() -> None:
    html = turn_html(with_answer(refusal()))
    assert 'class="refusal"' in html
    assert words.NEAREST not in html
    assert words.INSTEAD not in html


def test_an_answer_that_was_kept_says_so_in_the_place_of_its_seconds() -> None:
    asked = answer_of(saying("So"), timings={"total": 1.43})
    kept = answer_of(saying("So"), timings={"kept": 0.0, "total": 0.0})
    assert "1.4 s</span>" in turn_html(with_answer(asked))
    assert f"{words.ANSWERED_BEFORE}</span>" in turn_html(with_answer(kept))
    assert "0.0 s" not in turn_html(with_answer(kept))


def test_what_is_being_done_is_said(assistant: ScriptedAssistant) -> None:
    turn = Turn("Who?")
    assert words.WAITING in turn_html(turn)
    turn = replace(turn, stage="asked")
    assert words.WAITING in turn_html(turn)
    assert "3 questions before yours…" in turn_html(turn.after(Waiting(before=3)))
    evidence = next(event for event in assistant.stream("Who?") if isinstance(event, EvidenceFound))
    turn = turn.after(StageStarted(stage="retrieve"))
    assert words.STAGES["retrieve"] in turn_html(turn)
    turn = turn.after(evidence).after(StageStarted(stage="read"))
    assert "Reading 5 sentences…" in turn_html(turn)
    seen = Seen(turn_html(turn))
    assert seen.attributes["class"].count("near considered") == 5
    assert seen.skeleton.count(("li", "hidden")) == 2
    assert "small" not in {tag for tag, *_ in seen.skeleton}
    for writing in (replace(turn, claims=(saying("So"),)), replace(turn, drafted="So")):
        assert Seen(turn_html(writing)).skeleton.count(("li", "hidden")) == 5
    assert words.STAGES["word"] in turn_html(turn.after(StageStarted(stage="new")))


def test_what_is_being_written_is_marked_and_not_read_aloud() -> None:
    turn = Turn("Who?", stage="word", claims=(saying("So"),), drafted="It was not")
    html = turn_html(turn)
    assert words.UNVERIFIED in html
    assert html.index('class="claim"') < html.index("It was not")
    assert Seen(html).attributes["class"].count("drafted") == 1
    assert 'class="drafted" dir="auto" aria-hidden="true"' in html


@pytest.mark.parametrize("end", [{"stopped": True}, {"problem": "No."}])
def test_what_was_being_written_stays_and_is_said_not_to_be_verified(end: dict[str, Any]) -> None:
    html = turn_html(Turn("Who?", drafted="It was not", **end))
    assert "It was not" in html
    assert words.BROKEN_OFF in html
    assert words.UNVERIFIED not in html
    assert "aria-hidden" not in html


def test_what_was_dropped_is_said_to_be_with_the_answer_too() -> None:
    turn = Turn("Who?", drafted="So it was").after(ClaimDropped(text="So it was.", reason="no"))
    assert (turn.drafted, len(turn.dropped)) == ("", 1)
    for shown in (turn, replace(with_answer(answer_of(saying("So"))), dropped=turn.dropped)):
        html = turn_html(shown)
        assert "<s>" in html
        assert words.dropped("no") in html


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


@pytest.mark.parametrize(
    ("claim", "said", "why"),
    [
        (saying("So"), words.GROUNDING["quoted"], words.GROUNDED["quoted"]),
        (
            saying("So", grounding=Grounding.REWORDED, reasons=("“so” is its own",)),
            words.GROUNDING["reworded"],
            words.GROUNDED["reworded"],
        ),
        (
            saying("So", reasons=("the number 5 is not in it",), replaced=True),
            words.QUOTED_INSTEAD,
            words.DROPPED,
        ),
    ],
)
def test_a_claim_says_how_it_is_grounded_and_why(claim: Claim, said: str, why: str) -> None:
    html = claim_html(claim)
    assert f"<summary>{said}</summary>" in html
    assert f"<p>{why}</p>" in html
    assert all(f"<li>{reason}</li>" in html for reason in claim.reasons)
    assert words.ATTRIBUTED not in html


def test_somebodys_statement_names_them() -> None:
    html = claim_html(saying("So", speaker="Dahl"))
    assert f"<summary>{words.ATTRIBUTED_TO} <bdi>Dahl</bdi> · quoted</summary>" in html
    assert f"{words.ATTRIBUTED} <b><bdi>Dahl</bdi></b>" in html
    assert "claim attributed" in Seen(html).attributes["class"]
    assert "claim" in Seen(claim_html(saying("So"))).attributes["class"]
    aside = Seen(claim_html(saying("So", speaker="Dahl"))).attributes["data-aside"]
    assert aside == [f"{words.ATTRIBUTED_TO} Dahl"]
    assert "data-aside" not in claim_html(saying("So"))


def test_what_was_dropped_or_quoted_in_its_place_is_read_aloud_too() -> None:
    dropped = ClaimDropped(text="It was not.", reason="no")
    turn = with_answer(answer_of(saying("So", replaced=True, speaker="Dahl")))
    for count, said in ((1, "1 sentence was"), (2, "2 sentences were")):
        seen = Seen(latest_html((replace(turn, dropped=(dropped,) * count),))).attributes
        assert seen["data-aside"] == [f"{words.ATTRIBUTED_TO} Dahl, {words.QUOTED_INSTEAD}"]
        assert seen["data-spoken"] == [f"{said} written and dropped."]


@pytest.mark.parametrize(("probability", "said"), [(0.95, "Clearly"), (0.5, "Perhaps")])
def test_an_answer_says_how_sure_it_is(probability: float, said: str) -> None:
    html = turn_html(with_answer(answer_of(saying("So"), probability=probability)))
    assert said in html
    assert "source" in html


def test_a_refusal_says_when_it_is_not_sure() -> None:
    assert words.PERHAPS_NOT in turn_html(with_answer(refusal(probability=0.8)))
    assert words.PERHAPS_NOT not in turn_html(with_answer(refusal(probability=0.99)))


def test_a_receipt_can_be_saved_once_there_is_one() -> None:
    answer = answer_of(saying("So"))
    html = turn_html(with_answer(answer, receipt='{"answer": "<b>"}'))
    assert Seen(html).attributes["data-receipt"] == [key_of('{"answer": "<b>"}')]
    assert "data-receipt" not in turn_html(with_answer(answer))


def test_what_no_longer_stands_is_an_alarm_above_the_foot() -> None:
    html = turn_html(with_answer(answer_of(saying("So")), fallen=("[1] is gone.", "[2] too.")))
    assert words.FALLEN in html
    assert "<li>[1] is gone.</li><li>[2] too.</li>" in html
    assert html.index('role="alert"') < html.index('class="foot"')
    assert words.FALLEN not in turn_html(with_answer(answer_of(saying("So"))))
    altered = turn_html(with_answer(answer_of(saying("So")), altered=("[1] adds “so”.",)))
    assert (words.ALTERED in altered, words.FALLEN in altered) == (True, False)
    assert "<li>[1] adds “so”.</li>" in altered


def test_an_answer_that_is_behind_says_so_and_so_does_a_refusal() -> None:
    for answer in (answer_of(saying("So")), refusal()):
        behind = answer.model_copy(update={"is_behind": True})
        shown = [words.BEHIND in turn_html(with_answer(each)) for each in (answer, behind)]
        assert shown == [False, True]


def test_a_question_that_was_read_otherwise_is_shown_as_it_was_read() -> None:
    for answer in (answer_of(saying("So")), refusal()):
        corrected = answer.model_copy(update={"read_as": "Who is <b>Aliyev</b>?"})
        shown = [turn_html(with_answer(each)) for each in (answer, corrected)]
        said = "Read as: “Who is &lt;b&gt;Aliyev&lt;/b&gt;?”"
        assert [said in html for html in shown] == [False, True]
        assert ['class="read-as"' in html for html in shown] == [False, True]


def test_what_could_not_be_kept_is_said_and_the_answer_shown() -> None:
    for answer in (answer_of(saying("So")), refusal()):
        html = turn_html(with_answer(answer, unkept="The disk is full."))
        assert "The disk is full." in html
        assert answer.question in html
        assert words.RIGHT not in html


def test_the_latest_turn_and_the_earlier_ones_are_apart() -> None:
    turns = (Turn("First?"), Turn("Second?"), Turn("Third?"))
    earlier, latest = earlier_html(turns), latest_html(turns)
    assert earlier.index("First?") < earlier.index("Second?")
    assert "Third?" not in earlier
    assert latest.count('class="question"') == 1
    assert "Third?" in latest
    assert Seen(earlier_html(())).text == ""


def test_before_the_first_question_there_are_examples() -> None:
    html = latest_html((), ["Who came?", "Who left?"])
    assert words.WELCOME in html
    assert Seen(html).attributes["data-question"] == ["Who came?", "Who left?"]
    assert Seen(html).attributes["data-do"] == ["ask", "ask"]


def _considering(text: str) -> Turn:
    sentence = Sentence(document_id=text, index=0, start=0, end=5)
    return Turn("Who?", evidence=(Evidence(sentence=sentence, text=text, title=text),))


PLACES = {
    "question": lambda text: turn_html(Turn(text)),
    "example": lambda text: latest_html((), [text]),
    "claim": lambda text: claim_html(saying("So").model_copy(update={"text": text})),
    "claim that ends": lambda text: claim_html(saying(text)),
    "cited sentence": lambda text: claim_html(Claim(text="So.", citations=(cited(text),))),
    "reason": lambda text: claim_html(saying("So", reasons=(text, text))),
    "speaker": lambda text: claim_html(saying("So", speaker=text)),
    "draft": lambda text: turn_html(Turn("Who?", drafted=text)),
    "dropped": lambda text: turn_html(
        Turn("Who?", dropped=(ClaimDropped(text=text, reason="no"),))
    ),
    "considered sentence": lambda text: turn_html(_considering(text)),
    "problem": lambda text: turn_html(Turn("Who?", problem=text)),
    "answer": lambda text: turn_html(with_answer(answer_of(saying(text)), receipt=text)),
    "refusal": lambda text: turn_html(with_answer(refusal(text=text))),
    "nearest sentence": lambda text: turn_html(with_answer(refusal(cited(text)))),
    "unknown name": lambda text: turn_html(with_answer(refusal(unknown=(text,)))),
    "unkept": lambda text: turn_html(with_answer(refusal(), unkept=text)),
    "fallen": lambda text: turn_html(with_answer(refusal(), fallen=(text, text))),
    "altered": lambda text: turn_html(with_answer(refusal(), altered=(text, text))),
    "exchange": lambda text: turn_html(with_answer(refusal(), exchange=text)),
    "answered question": lambda text: turn_html(with_answer(refusal(), question=text)),
}


@pytest.mark.parametrize("place", PLACES)
def test_whatever_is_hostile_is_only_text(place: str) -> None:
    check_only_text(PLACES[place])


@given(st.sampled_from(list(PLACES)), st.text(alphabet="<>&\"'/=! abA[1];-", min_size=1))
def test_whatever_is_said_is_only_text(place: str, text: str) -> None:
    check_only_text(PLACES[place], f"x{text}x")


def test_hostile_names_in_the_nearest_sentences_are_asked_about_as_text() -> None:
    near = cited(f"They met, and Charles Michel spoke {HOSTILE}.")
    seen = Seen(turn_html(with_answer(refusal(near))))
    assert "What is said about Charles Michel?" in seen.attributes["data-question"]
    assert all(tag != "img" for tag, *_ in seen.skeleton)


def test_an_answer_can_be_copied_with_its_sources_and_says_whether_it_is_whole(
    assistant: ScriptedAssistant,
) -> None:
    turn = answered(assistant)
    seen = Seen(turn_html(turn)).attributes
    assert seen["data-note"] == [""]
    assert seen["data-number"] == ["1", "2", "3"]
    assert seen["data-where"][0] == f"{assistant.documents[0].title}, sentence 2"
    for end in ({"stopped": True}, {"problem": "No."}):
        broken = replace(turn, answer=None, **end)
        assert Seen(turn_html(broken)).attributes["data-note"] == [words.INCOMPLETE]
        assert "data-note" not in turn_html(replace(broken, claims=()))


def test_the_page_is_named_with_the_nearest_sentences() -> None:
    html = turn_html(with_answer(refusal(cited("So.", page=7))))
    assert Seen(html).attributes["data-where"] == ["So., page 7, sentence 1"]
    assert "<small>page 7</small></button>" in html
    assert "<small>" not in turn_html(with_answer(refusal(cited("So."))))


def test_however_long_an_answer_or_its_question_is_it_is_sent_once() -> None:
    question, said, refused = (f"{name} is long. " * 1000 for name in ("It", "That", "This"))
    claim = Claim(text=said, citations=(cited("So."),))
    for answer in (answer_of(claim), refusal(text=refused)):
        turn = with_answer(answer, receipt=f"{question} {answer.to_json()}")
        html = latest_html((replace(turn, question=question),))
        assert len(html) < len(question) + max(len(said), len(refused)) + 5_000
