import math
from collections.abc import Iterator
from typing import Any

import pytest

from onrecord import Settings
from onrecord.errors import ModelError
from onrecord.evals import EvalError, Fact, FactSet, Report, run
from onrecord.evals.confidence import Curves
from onrecord.types import Decided, Event
from tests.evals.eval_samples import (
    DOCUMENT,
    TEXT,
    FakeAssistant,
    answer,
    cite,
    fact,
    refusal,
    unanswerable,
)

MACHINES, PRICE = fact(), unanswerable()


def facts(*known: Fact) -> FactSet:
    return FactSet(name="facts.jsonl", sha256="0" * 64, facts=known)


def test_every_question_is_asked_and_scored() -> None:
    assistant = FakeAssistant({MACHINES.question: answer("Three.", 1), PRICE.question: refusal(2)})
    report = run(assistant, facts(MACHINES, PRICE))
    assert report.n == 2
    assert [row.outcome for row in report.rows] == ["answered", "refused"]
    assert report.figures["right_overall"].value == 1.0
    assert report.figures["citation_precision"].n == 1
    assert report.model == "fake"
    assert report.facts_sha256 == "0" * 64


@pytest.mark.parametrize("error", [ModelError("the engine is gone"), KeyError("bug")])
def test_an_error_is_a_wrong_answer_that_is_recorded(error: Exception) -> None:
    assistant = FakeAssistant({MACHINES.question: error, PRICE.question: error})
    report = run(assistant, facts(MACHINES, PRICE))
    assert report.n == len(report.rows) == 2
    assert report.figures["right_overall"].value == 0.0
    assert report.figures["errors"].value == 1.0
    assert all(row.error.startswith(f"{type(error).__name__}: ") for row in report.rows)
    assert all(row.seconds >= 0 for row in report.rows)


def test_an_error_does_not_stop_the_next_question() -> None:
    assistant = FakeAssistant({MACHINES.question: KeyError(), PRICE.question: refusal()})
    assert [row.outcome for row in run(assistant, facts(MACHINES, PRICE)).rows] == [
        "error",
        "refused",
    ]


def test_the_history_is_handed_on() -> None:
    history = [{"role": "user", "content": "Who?"}, {"role": "assistant", "content": "Ada."}]
    known = fact(history=history)
    assistant = FakeAssistant({known.question: refusal()})
    run(assistant, facts(known))
    assert assistant.histories == [history]


def test_a_run_that_asks_nothing_fails() -> None:
    with pytest.raises(EvalError, match="no questions to ask"):
        run(FakeAssistant({}), facts())


def test_facts_about_another_corpus_fail_before_anything_is_asked() -> None:
    assistant = FakeAssistant({MACHINES.question: refusal()}, documents=())
    with pytest.raises(EvalError, match="corpus does not have"):
        run(assistant, facts(MACHINES))
    assert assistant.histories == []


def test_progress_is_told_of_every_question() -> None:
    told: list[tuple[str, float | None]] = []
    assistant = FakeAssistant({MACHINES.question: refusal(), PRICE.question: refusal()})
    run(assistant, facts(MACHINES, PRICE), lambda message, done: told.append((message, done)))
    assert told == [
        ("question 1 of 2", 0.0),
        ("question 2 of 2", 0.5),
        ("2 questions asked", 1.0),
    ]


def test_settings_are_recorded_without_secrets_and_folders() -> None:
    settings = Settings(
        api_key="sk-secret",
        cache_dir="/home/someone/cache",
        chroma="http://me:secret@localhost:8000",
        chroma_token="another-secret",
    )
    assistant = FakeAssistant({MACHINES.question: refusal()})
    report = run(assistant, facts(MACHINES), settings=settings)
    assert report.settings["candidates"] == settings.candidates
    assert "secret" not in report.model_dump_json()
    assert "/home/someone" not in report.model_dump_json()


def test_confidence_candidates_and_stages_are_in_the_row() -> None:
    said = answer("Three.", 1).model_copy(update={"timings": {"retrieve": 0.25, "total": 1.0}})
    assistant = FakeAssistant(
        {MACHINES.question: said, PRICE.question: KeyError()}, candidates=(2, 1)
    )
    report = run(assistant, facts(MACHINES, PRICE))
    row, failed = report.rows
    assert row.confidence == 2.0
    assert [place.start for place in row.retrieved] == [cite(2).start, cite(1).start]
    assert row.timings == said.timings
    assert (row.document, row.answers) == (MACHINES.document, MACHINES.answers)
    assert row.gold[0][0].start == TEXT.index("showed her three")
    assert (failed.confidence, failed.retrieved, failed.timings) == (None, (), {})
    assert report.figures["retrieval_mrr"].value == 0.5
    assert report.figures["seconds_retrieve"].n == 1
    assert "seconds_total" not in report.figures


@pytest.mark.parametrize(
    ("said", "kept"), [(-math.inf, -100.0), (math.inf, 100.0), (math.nan, None), (-0.5, -0.5)]
)
def test_a_confidence_is_a_number_that_json_has(said: float, kept: float | None) -> None:
    assistant = FakeAssistant({MACHINES.question: refusal()}, confidences={MACHINES.question: said})
    report = run(assistant, facts(MACHINES))
    assert report.rows[0].confidence == kept
    assert Report.model_validate_json(report.model_dump_json()) == report


def test_a_stream_that_ends_without_an_answer_is_an_error() -> None:
    class Silent(FakeAssistant):
        def stream(self, *_: object, **__: object) -> Iterator[Event]:
            yield Decided(confidence=1.0)

    (row,) = run(Silent({}), facts(MACHINES)).rows
    assert row.outcome == "error"
    assert "AnswerReady" in row.error


def test_figures_are_over_all_and_by_category() -> None:
    assistant = FakeAssistant({MACHINES.question: answer("Three.", 1), PRICE.question: refusal()})
    report = run(assistant, facts(MACHINES, PRICE))
    assert list(report.categories) == ["how_many", "near_miss"]
    assert report.categories["how_many"]["right"].value == 1.0
    assert report.categories["near_miss"]["right"].value is None
    assert report.categories["near_miss"]["refusal_recall"].n == 1


def test_confidence_is_judged_over_the_whole_run() -> None:
    broken = fact(id="broken", question="Why?")
    assistant = FakeAssistant(
        {
            MACHINES.question: answer("Three.", 1),
            PRICE.question: refusal(),
            broken.question: KeyError(),
        }
    )
    settings = Settings(threshold=-1.0)
    report = run(assistant, facts(MACHINES, PRICE, broken), settings=settings)
    assert report.figures["confidence_auroc"].value == 1.0
    assert report.figures["confidence_auroc"].n == 2
    assert report.figures["risk_coverage_area"].n == 3  # the error is wrong, and least sure
    assert [point.risk for point in report.curves.risk_coverage] == [0.0, 0.0, 1 / 3]
    assert report.curves.threshold == -1.0
    assert sum(bin_.n for bin_ in report.curves.reliability) == 2


def test_what_is_promised_is_compared_with_what_is_right() -> None:
    sure = answer("Three.", 1).model_copy(update={"probability": 0.9})
    report = run(
        FakeAssistant({MACHINES.question: sure, PRICE.question: refusal()}), facts(MACHINES, PRICE)
    )
    assert [row.probability for row in report.rows] == [0.9, None]
    assert report.figures["probability_error"].value == pytest.approx(0.1)
    assert report.figures["probability_error"].n == 1


def test_without_any_confidence_there_are_no_figures_on_it() -> None:
    report = run(FakeAssistant({MACHINES.question: KeyError()}), facts(MACHINES))
    assert report.figures["confidence_auroc"].value is None
    assert report.figures["risk_coverage_area"].value is None
    assert report.curves == Curves()


def test_a_run_on_three_documents_draws_documents() -> None:
    documents = tuple(DOCUMENT.model_copy(update={"id": name}) for name in "abc")
    known = [fact(id=name, question=name, document=name) for name in "abc"]
    assistant = FakeAssistant({each.question: refusal() for each in known}, documents)
    report = run(assistant, facts(*known))
    assert {figure.resampled for figure in report.figures.values() if figure.n} == {"documents"}
    assert report.figures["right"].n == 3


def test_the_pins_say_what_was_run() -> None:
    pins = run(FakeAssistant({MACHINES.question: refusal()}), facts(MACHINES)).pins
    assert pins["facts"] == "0" * 64
    assert pins["model"] == "fake"
    assert {"documents", "prompts", "package", "python", "onrecord", "xllamacpp"} <= pins.keys()


def test_two_runs_are_the_same_but_for_the_seconds() -> None:
    assistant = FakeAssistant({MACHINES.question: answer("3.", 1, 0), PRICE.question: refusal()})
    first, second = (_timeless(run(assistant, facts(MACHINES, PRICE))) for _ in range(2))
    assert first == second


def _timeless(report: Report) -> dict[str, Any]:
    fields = report.model_dump()
    figures = fields["figures"]
    fields["figures"] = {name: figures[name] for name in figures if "seconds" not in name}
    fields["rows"] = [row | {"seconds": None} for row in fields["rows"]]
    return fields
