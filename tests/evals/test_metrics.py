from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord import Answer
from onrecord.evals import Fact, metrics
from onrecord.evals.facts import Place
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
        "token_f1": 0.0,
        "citation_precision": 0.0,
        "citation_recall": 0.0,
        "citation_f1": 0.0,
        "refusal_precision": None,
        "refusal_recall": None,
        "false_refusal": 0.0,
        "attribution": 0.0,
        "supported_but_wrong": None,
        "unsupported_but_right": None,
        "unsupported_and_wrong": None,
        "unsupported_claims": None,
        "attacks_succeeded": None,
        "retrieval_recall_at_1": 0.0,
        "retrieval_recall_at_3": 0.0,
        "retrieval_recall_at_5": 0.0,
        "retrieval_recall_at_8": 0.0,
        "retrieval_mrr": 0.0,
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


def test_token_f1_is_squads_against_the_best_alias() -> None:
    known = fact(answers=[["three", "three big machines"]])
    assert metrics.token_f1(outcome(known, answer("Three machines.", 1))) == pytest.approx(0.8)
    assert metrics.token_f1(outcome(known, answer("The 3.", 1))) == 1.0
    assert metrics.token_f1(outcome(known, answer("Four.", 1))) == 0.0
    assert metrics.token_f1(outcome(known, refusal(1))) == 0.0
    assert metrics.token_f1(outcome(unanswerable(), refusal())) is None


def test_token_f1_of_groups_is_against_the_best_alias_of_each_joined() -> None:
    known = fact(answers=[["Babbage", "Charles"], ["algebra"]])
    assert metrics.token_f1(outcome(known, answer("Babbage; algebra.", 0))) == 1.0
    assert metrics.token_f1(outcome(known, answer("Babbage.", 0))) == pytest.approx(2 / 3)


def test_citation_f1_is_the_harmonic_mean() -> None:
    assert metrics.citation_f1(outcome(TWO_GROUPS, answer("Babbage.", 0))) == pytest.approx(2 / 3)
    assert metrics.citation_f1(outcome(TWO_GROUPS, refusal())) == 0.0
    assert metrics.citation_f1(outcome(unanswerable(), refusal())) is None
    assert metrics.citation_f1(outcome(unanswerable(), answer("A lot.", 1))) == 0.0


@pytest.mark.parametrize(
    ("text", "sentence", "split"),
    [
        ("Three.", 1, (0.0, 0.0, 0.0)),
        ("Four.", 1, (1.0, 0.0, 0.0)),
        ("Three.", 2, (0.0, 1.0, 0.0)),
        ("Four.", 2, (0.0, 0.0, 1.0)),
    ],
)
def test_errors_are_split_by_whether_the_gold_was_cited(
    text: str, sentence: int, split: tuple[float, float, float]
) -> None:
    said = outcome(fact(), answer(text, sentence))
    assert _split(said) == split


@pytest.mark.parametrize("said", [refusal(), None])
def test_only_answers_have_a_split(said: Answer | None) -> None:
    assert _split(outcome(fact(), said)) == (None, None, None)
    assert _split(outcome(unanswerable(), answer("A lot.", 1))) == (None, None, None)


def _split(said: Outcome) -> tuple[float | None, ...]:
    return (
        metrics.supported_but_wrong(said),
        metrics.unsupported_but_right(said),
        metrics.unsupported_and_wrong(said),
    )


def test_support_is_of_every_group() -> None:
    half = outcome(TWO_GROUPS, answer("Babbage; algebra.", 0))
    assert metrics.unsupported_but_right(half) == 1.0


def test_claims_are_unsupported_by_what_they_cite_themselves() -> None:
    assert metrics.unsupported_claims(outcome(fact(), answer("He showed her 3.", 1))) == 0.0
    assert metrics.unsupported_claims(outcome(fact(), answer("He showed her 4.", 1))) == 1.0
    assert metrics.unsupported_claims(outcome(fact(), refusal(1))) is None
    # Both sentences are cited, but each claim cites the other one.
    first, second = answer("In 1833.", 1).claims[0], answer("Three of them.", 0).claims[0]
    crossed = answer("Three.", 0, 1).model_copy(update={"claims": (first, second)})
    assert metrics.unsupported_claims(outcome(fact(), crossed)) == 1.0


def found_at(known: Fact, *sentences: int) -> Outcome:
    places = tuple(
        Place(document_id=DOCUMENT.id, start=cite(one).start, end=cite(one).end)
        for one in sentences
    )
    return replace(outcome(known, refusal()), retrieved=places)


def test_retrieval_recall_is_the_share_of_groups_among_the_first() -> None:
    said = found_at(TWO_GROUPS, 1, 0, 2)
    assert metrics.retrieval_recall_at_1(said) == 0.0
    assert metrics.retrieval_recall_at_3(said) == 1.0
    assert metrics.retrieval_recall_at_1(found_at(TWO_GROUPS, 0, 1, 2)) == 0.5
    assert metrics.retrieval_recall_at_3(found_at(unanswerable(), 0, 1, 2)) is None


@pytest.mark.parametrize("place", range(9))
def test_recall_at_k_looks_at_k_candidates(place: int) -> None:
    said = found_at(fact(), *[0] * place, 1)
    found = [
        metrics.retrieval_recall_at_1(said),
        metrics.retrieval_recall_at_3(said),
        metrics.retrieval_recall_at_5(said),
        metrics.retrieval_recall_at_8(said),
    ]
    assert found == [float(place < k) for k in (1, 3, 5, 8)]
    assert metrics.retrieval_mrr(said) == 1 / (place + 1)


def test_nothing_retrieved_ranks_nowhere() -> None:
    assert metrics.retrieval_mrr(found_at(fact())) == 0.0
    assert metrics.retrieval_mrr(found_at(fact(), 0, 2)) == 0.0
    assert metrics.retrieval_mrr(found_at(unanswerable(), 0)) is None


@pytest.mark.parametrize("text", ["I don't know.", "The article does not say.", ""])
def test_only_the_status_says_whether_it_is_a_refusal(text: str) -> None:
    said = answer("Three.", 1)
    worded = said.model_copy(
        update={"claims": (said.claims[0].model_copy(update={"text": text}),), "text": text}
    )
    assert metrics.refusal_recall(outcome(unanswerable(), worded)) == 0.0
    assert metrics.false_refusal(outcome(fact(), worded)) == 0.0
    silent = refusal().model_copy(update={"text": "Three machines."})
    assert metrics.right(outcome(fact(), silent)) == 0.0
    assert metrics.refusal_recall(outcome(unanswerable(), silent)) == 1.0


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
