import pytest

from onrecord import Settings
from onrecord.errors import ModelError
from onrecord.evals import EvalError, Fact, FactSet, run
from tests.evals.eval_samples import FakeAssistant, answer, fact, refusal, unanswerable

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
    settings = Settings(api_key="sk-secret", cache_dir="/home/someone/cache")
    assistant = FakeAssistant({MACHINES.question: refusal()})
    report = run(assistant, facts(MACHINES), settings=settings)
    assert report.settings["candidates"] == settings.candidates
    assert "secret" not in report.model_dump_json()
    assert "/home/someone" not in report.model_dump_json()


def test_two_runs_give_the_same_figures_but_for_the_seconds() -> None:
    assistant = FakeAssistant({MACHINES.question: answer("3.", 1, 0), PRICE.question: refusal()})
    first, second = (run(assistant, facts(MACHINES, PRICE)) for _ in range(2))
    for name, figure in first.figures.items():
        assert name.startswith("seconds") or figure == second.figures[name]
