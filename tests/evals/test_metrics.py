from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord import Answer
from onrecord.evals import Fact, metrics
from onrecord.evals.gold import locate
from onrecord.evals.metrics import METRICS, Outcome
from tests.evals.eval_samples import DOCUMENT, SENTENCES, answer, cite, fact, refusal, unanswerable

TWO_GROUPS = fact(
    answers=[["Babbage"], ["algebra"]], gold=[["met Charles Babbage"], ["weave algebra"]]
)


def outcome(known: Fact, said: Answer | None) -> Outcome:
    documents = {DOCUMENT.id: DOCUMENT}
    return Outcome(known, locate(known, documents), documents, said)


def test_right_is_an_alias_of_every_group() -> None:
    assert metrics.right(outcome(fact(), answer("He showed her 3 machines.", 1))) == 1.0
    assert metrics.right(outcome(fact(), answer("He showed her machines.", 1))) == 0.0
    assert metrics.right(outcome(TWO_GROUPS, answer("Babbage.", 0))) == 0.0
    assert metrics.right(outcome(TWO_GROUPS, answer("Babbage; algebra.", 0, 2))) == 1.0


def test_right_is_nothing_that_must_not_be_said() -> None:
    known = fact(must_not=["four"])
    assert metrics.right(outcome(known, answer("Three, or 4.", 1))) == 0.0


def test_a_marker_is_no_part_of_the_answer() -> None:
    said = answer("He showed her machines.", 0, 1, 2)
    assert "[3]" in said.text
    assert metrics.right(outcome(fact(), said)) == 0.0


def test_a_refusal_that_quotes_the_answer_is_not_right() -> None:
    said = refusal(1).model_copy(update={"text": "It does not say that there were three."})
    assert metrics.right(outcome(fact(), said)) == 0.0


def test_an_unanswerable_question_is_right_when_it_is_refused() -> None:
    assert metrics.right(outcome(unanswerable(), refusal())) is None
    assert metrics.right_overall(outcome(unanswerable(), refusal())) == 1.0
    assert metrics.right_overall(outcome(unanswerable(), answer("A lot.", 1))) == 0.0
    assert metrics.right_overall(outcome(unanswerable(), None)) == 0.0


def test_precision_is_the_gold_share_of_what_is_cited() -> None:
    assert metrics.citation_precision(outcome(fact(), answer("Three.", 1))) == 1.0
    assert metrics.citation_precision(outcome(fact(), answer("Three.", 0, 1))) == 0.5
    assert metrics.citation_precision(outcome(fact(), answer("Three.", 2))) == 0.0


def test_a_sentence_cited_by_two_claims_counts_once() -> None:
    once = answer("Three.", 1, 0)
    twice = once.model_copy(update={"claims": once.claims * 2})
    assert metrics.citation_precision(outcome(fact(), twice)) == 0.5


def test_recall_is_the_cited_share_of_the_gold_groups() -> None:
    assert metrics.citation_recall(outcome(TWO_GROUPS, answer("Babbage.", 0))) == 0.5
    assert metrics.citation_recall(outcome(TWO_GROUPS, answer("Babbage.", 0, 2))) == 1.0


def test_any_alternative_of_a_group_suffices() -> None:
    known = fact(gold=[["met Charles Babbage", "showed her three machines"]])
    for sentence in (0, 1):
        said = outcome(known, answer("Three.", sentence))
        assert metrics.citation_recall(said) == metrics.citation_precision(said) == 1.0


def test_a_refusal_gets_no_credit_for_its_nearest_sentences() -> None:
    said = outcome(fact(), refusal(1))
    assert metrics.citation_precision(said) == 0.0
    assert metrics.citation_recall(said) == 0.0


def test_an_answered_unanswerable_costs_precision_and_a_refused_one_does_not() -> None:
    assert metrics.citation_precision(outcome(unanswerable(), answer("A lot.", 1))) == 0.0
    assert metrics.citation_precision(outcome(unanswerable(), refusal(1))) is None
    assert metrics.citation_recall(outcome(unanswerable(), answer("A lot.", 1))) is None


def test_the_same_offsets_in_another_document_are_not_gold() -> None:
    said = answer("Three.", 1)
    elsewhere = cite(1).model_copy(update={"document_id": "other.txt"})
    claim = said.claims[0].model_copy(update={"citations": (elsewhere,)})
    moved = outcome(fact(), said.model_copy(update={"claims": (claim,)}))
    assert metrics.citation_precision(moved) == 0.0
    assert metrics.offsets_valid(moved) == 0.0


def test_a_neighbouring_sentence_does_not_touch_the_gold() -> None:
    known = fact(gold=[[SENTENCES[1]]])
    assert metrics.citation_recall(outcome(known, answer("Three.", 0, 2))) == 0.0


def test_refusals() -> None:
    due, wrong = outcome(unanswerable(), refusal()), outcome(fact(), refusal())
    missed, failed = outcome(unanswerable(), answer("A lot.", 1)), outcome(unanswerable(), None)
    scored = [due, wrong, missed, failed]
    assert [metrics.refusal_precision(each) for each in scored] == [1.0, 0.0, None, None]
    assert [metrics.refusal_recall(each) for each in scored] == [1.0, None, 0.0, 0.0]
    assert [metrics.false_refusal(each) for each in scored] == [None, 1.0, None, None]


def test_an_error_is_wrong_and_no_refusal() -> None:
    failed = outcome(fact(speaker=["she"]), None)
    assert {name: score(failed) for name, score in METRICS.items()} == {
        "right": 0.0,
        "right_overall": 0.0,
        "citation_precision": 0.0,
        "citation_recall": 0.0,
        "refusal_precision": None,
        "refusal_recall": None,
        "false_refusal": 0.0,
        "attribution": 0.0,
        "offsets_valid": None,
        "errors": 1.0,
    }


def test_attribution_is_kept_when_the_speaker_is_named() -> None:
    known = fact(speaker=["she said", "Ada"])
    assert metrics.attribution(outcome(known, answer("Ada said three.", 1))) == 1.0
    assert metrics.attribution(outcome(known, answer("Three.", 1))) == 0.0
    assert metrics.attribution(outcome(fact(), answer("Three.", 1))) is None


@pytest.mark.parametrize("change", [{"start": 0}, {"text": "He showed her."}, {"start": -30}])
def test_a_citation_that_is_not_the_documents_text_is_invalid(change: dict[str, object]) -> None:
    said = refusal(1)
    broken = said.nearest[0].model_copy(update=change)
    assert metrics.offsets_valid(outcome(fact(), said)) == 1.0
    said = said.model_copy(update={"nearest": (cite(0), broken)})
    assert metrics.offsets_valid(outcome(fact(), said)) == 0.0


def test_offsets_do_not_apply_where_nothing_is_cited() -> None:
    assert metrics.offsets_valid(outcome(unanswerable(), refusal())) is None


@given(st.lists(st.sampled_from([0, 1, 2]), min_size=1, unique=True), st.randoms())
def test_the_order_of_citations_does_not_matter(sentences: list[int], random: object) -> None:
    shuffled = list(sentences)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert scores(sentences) == scores(shuffled)


@given(st.lists(st.sampled_from([0, 1, 2]), min_size=1))
def test_every_score_is_a_share(sentences: list[int]) -> None:
    assert all(score is None or 0.0 <= score <= 1.0 for score in scores(sentences))


def scores(sentences: Sequence[int]) -> list[float | None]:
    said = outcome(TWO_GROUPS, answer("Babbage and algebra.", *sentences))
    return [score(said) for score in METRICS.values()]
