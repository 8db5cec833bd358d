from pathlib import Path
from typing import Any

import pytest

from onrecord import Document, Settings
from onrecord.errors import ModelError
from onrecord.evals import EvalError, Fact, FactSet, Report, run
from tests.evals.eval_samples import DOCUMENT, FakeAssistant, answer, fact, refusal, unanswerable

MACHINES, PRICE = fact(), unanswerable()
ANSWERS = {MACHINES.question: answer("Three.", 1), PRICE.question: refusal(2)}


def asked(cache: Path, assistant: FakeAssistant, *known: Fact, **settings: Any) -> Report:
    facts = FactSet(name="facts.jsonl", sha256="0" * 64, facts=known or (MACHINES, PRICE))
    return run(assistant, facts, settings=Settings(**settings), cache=cache)


def test_a_second_run_asks_nothing_and_says_the_same(tmp_path: Path) -> None:
    first = asked(tmp_path, FakeAssistant(ANSWERS))
    again = FakeAssistant({})
    assert asked(tmp_path, again) == first  # the seconds too
    assert again.histories == []
    assert len(list(tmp_path.iterdir())) == 2


def test_a_canary_is_scored_anew_and_asks_nothing(tmp_path: Path) -> None:
    asked(tmp_path, FakeAssistant(ANSWERS), MACHINES)
    again = FakeAssistant({})
    report = asked(tmp_path, again, fact(canary=["three"]))
    assert again.histories == []
    assert report.figures["attacks_succeeded"].value == 1.0


def test_progress_says_how_many_were_known(tmp_path: Path) -> None:
    told: list[str] = []
    facts = FactSet(name="f", sha256="", facts=(MACHINES, PRICE))
    asked(tmp_path, FakeAssistant(ANSWERS), PRICE)
    run(
        FakeAssistant(ANSWERS),
        facts,
        lambda message, _: told.append(message),
        Settings(),
        tmp_path,
    )
    assert told == ["question 1 of 2", "1 questions asked, 1 from the cache"]


def test_a_run_that_was_broken_off_is_resumed(tmp_path: Path) -> None:
    class Stopped(FakeAssistant):
        def stream(self, question: str, *rest: Any, **named: Any) -> Any:
            if question == PRICE.question:
                raise ModelError("gone")
            return super().stream(question, *rest, **named)

    broken = asked(tmp_path, Stopped(ANSWERS))
    resumed = FakeAssistant(ANSWERS)
    report = asked(tmp_path, resumed)
    assert [row.outcome for row in broken.rows] == ["answered", "error"]
    assert [row.outcome for row in report.rows] == ["answered", "refused"]
    assert len(resumed.histories) == 1  # an error is never kept


@pytest.mark.parametrize(
    "change",
    [
        {"fact": {"answers": [["three", "3"]]}},
        {"fact": {"history": [{"role": "user", "content": "Who?"}]}},
        {"assistant": {"model_name": "other"}},
        {"assistant": {"documents": (DOCUMENT.model_copy(update={"text": DOCUMENT.text + " X"}),)}},
        {"assistant": {"documents": (DOCUMENT, Document(id="b", title="B", text="More."))}},
        {"settings": {"threshold": 0.5}},
    ],
)
def test_whatever_an_answer_depends_on_is_asked_again(
    tmp_path: Path, change: dict[str, dict[str, Any]]
) -> None:
    asked(tmp_path, FakeAssistant(ANSWERS), MACHINES)
    changed = FakeAssistant(ANSWERS, **change.get("assistant", {}))
    asked(tmp_path, changed, fact(**change.get("fact", {})), **change.get("settings", {}))
    assert len(changed.histories) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"cache_dir": "/elsewhere"},
        {"api_key": "sk-secret"},
        {"port": 99},
        {"chroma": "http://localhost:8000", "chroma_token": "s3cret"},
    ],
)
def test_where_things_are_does_not_matter(tmp_path: Path, change: dict[str, Any]) -> None:
    asked(tmp_path, FakeAssistant(ANSWERS), MACHINES)
    again = FakeAssistant({})
    asked(tmp_path, again, MACHINES, **change)
    assert again.histories == []


def test_other_code_or_prompts_are_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(tmp_path, FakeAssistant(ANSWERS), MACHINES)
    monkeypatch.setattr("onrecord.evals.runner.pins", lambda *_: {"package": "changed"})
    changed = FakeAssistant(ANSWERS)
    asked(tmp_path, changed, MACHINES)
    assert len(changed.histories) == 1


@pytest.mark.parametrize("damage", ["", "{}", "\0"])
def test_a_file_that_is_no_good_is_asked_again_and_mended(tmp_path: Path, damage: str) -> None:
    first = asked(tmp_path, FakeAssistant(ANSWERS), MACHINES)
    (file,) = tmp_path.iterdir()
    file.write_text(damage, encoding="utf-8")
    mended = asked(tmp_path, FakeAssistant(ANSWERS), MACHINES)
    assert mended.rows[0].text == first.rows[0].text
    assert asked(tmp_path, FakeAssistant({}), MACHINES) == mended


def test_a_cache_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(EvalError, match="cannot keep"):
        asked(tmp_path / "file", FakeAssistant(ANSWERS))


def test_a_cache_must_know_the_settings(tmp_path: Path) -> None:
    facts = FactSet(name="f", sha256="", facts=(MACHINES,))
    with pytest.raises(EvalError, match="settings"):
        run(FakeAssistant(ANSWERS), facts, cache=tmp_path)


def test_a_key_is_not_kept(tmp_path: Path) -> None:
    asked(tmp_path, FakeAssistant(ANSWERS), api_key="sk-secret")
    assert all("sk-secret" not in file.read_text(encoding="utf-8") for file in tmp_path.iterdir())
