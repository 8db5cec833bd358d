"""An eval that is cut off, and goes on through its cache."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from onrecord import Settings
from onrecord.evals import FactSet, Report, run
from tests.evals.eval_samples import FakeAssistant, answer, fact
from tests.faults.killing import Said, Scenario

_FACTS = tuple(fact(id=f"fact-{n}", question=f"Question {n}?") for n in range(20))
_ANSWERS = {known.question: answer(f"Three, says {known.id}.", 1) for known in _FACTS}


class _Telling(FakeAssistant):
    """Says each question that it is asked."""

    said: Said

    def stream(self, question: str, *rest: Any, **named: Any) -> Any:
        self.said.begin(question)
        yield from super().stream(question, *rest, **named)


def work(folder: Path, said: Said, number: int) -> None:
    """Ask all facts; what is asked after another was kept says that the other was kept."""
    _asked(folder, said)
    said.done("all")


def check(folder: Path, said: Said, number: int) -> list[str]:
    """The eval goes on: no answer that was kept is asked for again, and all are there."""
    kept = set(list(dict.fromkeys(_questions(said)))[:-1])
    before = len(said.lines)
    report = _asked(folder, said)
    again = kept & set(said_of(said.lines[before:]))
    lost = [f"{question} is asked again" for question in again]
    whole = run(FakeAssistant(_ANSWERS), _facts(), settings=Settings())
    if [row.text for row in report.rows] != [row.text for row in whole.rows]:
        lost.append("the report is another")
    if len(list((folder / "kept").glob("*.json"))) != len(_FACTS):
        lost.append("not all answers are kept")
    return lost


def said_of(lines: list[str]) -> list[str]:
    return [line.removeprefix("begin ") for line in lines if line.startswith("begin ")]


def _questions(said: Said) -> list[str]:
    return said_of(said.lines)


def _asked(folder: Path, said: Said) -> Report:
    assistant = _Telling(_ANSWERS)
    assistant.said = said
    return run(assistant, _facts(), settings=Settings(), cache=folder / "kept")


def _facts() -> FactSet:
    return FactSet(name="facts.jsonl", sha256="0" * 64, facts=_FACTS)


EVALUATING = Scenario("an eval, resumed", work, check, ("onrecord.evals",), 3, 8)
