from collections.abc import Callable, Sequence

import pytest

from onrecord import Answer, Document
from onrecord.errors import ModelError
from onrecord.evals import EvalError, Fact, FactSet, Report, gate, run
from onrecord.evals.counterfactual import counterfactual
from tests.evals.eval_samples import (
    DOCUMENT,
    SENTENCES,
    TEXT,
    FakeAssistant,
    answer,
    fact,
    refusal,
    unanswerable,
)

MACHINES, PRICE = fact(), unanswerable()


def facts(*known: Fact) -> FactSet:
    return FactSet(name="facts.jsonl", sha256="", facts=known)


def reported(*known: Fact) -> Report:
    answers = {each.question: answer("Three.", 1) for each in known if each.answerable}
    refused = {each.question: refusal() for each in known if not each.answerable}
    return run(FakeAssistant(answers | refused), facts(*known))


def saying(
    said: Answer | BaseException, seen: list[Sequence[Document]] | None = None
) -> Callable[[Sequence[Document]], FakeAssistant]:
    def assistant_of(documents: Sequence[Document]) -> FakeAssistant:
        if seen is not None:
            seen.append(documents)
        return FakeAssistant({MACHINES.question: said}, tuple(documents))

    return assistant_of


def passed(report: Report) -> list[float | None]:
    return [row.scores["counterfactual"] for row in report.rows]


@pytest.mark.parametrize(
    ("said", "score"),
    [
        (refusal(), 1.0),
        (answer("Four.", 0), 1.0),
        (answer("Three.", 0), 0.0),
        (ModelError("gone"), 0.0),
    ],
)
def test_an_answer_that_stays_without_what_it_cites_does_not_rest_on_it(
    said: Answer | BaseException, score: float
) -> None:
    report = reported(MACHINES)
    found = counterfactual(saying(said), [DOCUMENT], facts(MACHINES), report)
    assert passed(found) == [score]
    assert found.figures["counterfactual"].value == score
    assert "counterfactual" not in report.figures


def test_the_cited_sentences_alone_are_gone() -> None:
    seen: list[Sequence[Document]] = []
    other = Document(id="b", title="B", text=TEXT)
    counterfactual(saying(refusal(), seen), [DOCUMENT, other], facts(MACHINES), reported(MACHINES))
    ((left, untouched),) = seen
    assert left.text == TEXT.replace(SENTENCES[1], "")
    assert untouched == other


@pytest.mark.parametrize("sentence", [0, 2])
def test_another_alternative_of_the_gold_may_be_cited(sentence: int) -> None:
    known = fact(gold=[["showed her three machines", "met Charles Babbage", "weave algebra"]])
    left = TEXT.replace(SENTENCES[1], "")
    start = left.index(SENTENCES[sentence])
    said = answer("Three.", sentence)
    place = said.citations[0].model_copy(
        update={"start": start, "end": start + len(SENTENCES[sentence])}
    )
    moved = said.model_copy(
        update={"claims": (said.claims[0].model_copy(update={"citations": (place,)}),)}
    )
    found = counterfactual(saying(moved), [DOCUMENT], facts(known), reported(known))
    assert passed(found) == [1.0]


def test_only_right_answers_count_and_no_more_than_the_limit() -> None:
    more = fact(id="more", question="How many more?")
    wrong = fact(id="wrong", question="How many fewer?", answers=[["four"]])
    report = reported(PRICE, wrong, MACHINES, more)
    known = facts(PRICE, wrong, MACHINES, more)
    found = counterfactual(saying(refusal()), [DOCUMENT], known, report, limit=1)
    assert passed(found) == [None, None, 1.0, None]
    assert found.figures["counterfactual"].n == 1


def test_where_nothing_is_left_there_is_nothing_to_ask() -> None:
    only = Document(id=DOCUMENT.id, title="Ada", text=SENTENCES[1])
    report = reported(MACHINES)
    citation = report.rows[0].citations[0].model_copy(update={"start": 0, "end": len(SENTENCES[1])})
    row = report.rows[0].model_copy(update={"citations": (citation,)})
    report = report.model_copy(update={"rows": (row,)})
    seen: list[Sequence[Document]] = []
    found = counterfactual(saying(refusal(), seen), [only], facts(MACHINES), report)
    assert (passed(found), seen) == ([None], [])


def test_the_facts_must_be_the_reports() -> None:
    with pytest.raises(EvalError, match="machines"):
        counterfactual(saying(refusal()), [DOCUMENT], facts(PRICE), reported(MACHINES))


def test_it_can_be_held_to_a_threshold(tmp_path: object) -> None:
    path = tmp_path / "thresholds.toml"  # type: ignore[operator]
    path.write_text("[counterfactual]\nmin = 0.5\n", encoding="utf-8")
    said = saying(answer("Three.", 0))
    found = counterfactual(said, [DOCUMENT], facts(MACHINES), reported(MACHINES))
    assert gate(found, path) == ("counterfactual is 0.000, below the least allowed, 0.5",)
