"""Small finished reports: questions by id, each right, wrong, refused or an error."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from onrecord import Answer
from onrecord.evals import FactSet, Report, run
from tests.evals.eval_samples import FakeAssistant, answer, fact, refusal

RIGHT = answer("Three machines.", 1)
WRONG = answer("Four machines.", 1)
REFUSED = refusal(1)

HOSTILE = (
    '<script>alert(1)</script> & "it\'s" | `x` [a](http://b.example) @you \x1b[2J\x00\u202e\n# no'
)
"""What must not reach a page, a table or a terminal as it is."""


def reported(
    given: Mapping[str, Answer | BaseException], /, sha256: str = "ab", **fields: Any
) -> Report:
    """Return a report of one answerable question for each id, asked as "How many, <id>?"."""
    facts = tuple(
        fact(**({"id": name, "question": f"How many, {name}?"} | fields)) for name in given
    )
    assistant = FakeAssistant(
        {known.question: said for known, said in zip(facts, given.values(), strict=True)}
    )
    return run(assistant, FactSet(name="f.jsonl", sha256=sha256, facts=facts))


def hostile() -> Report:
    """Return a report in which every text that a user, a file or a model writes is hostile."""
    known = fact(
        id=HOSTILE,
        category=HOSTILE,
        question=HOSTILE,
        answers=[[HOSTILE]],
        history=[{"role": "user", "content": HOSTILE}],
    )
    broken = fact(id="broken", question="?")
    assistant = FakeAssistant(
        {HOSTILE: answer(f"{HOSTILE}.", 1), "?": RuntimeError(HOSTILE)}, model_name=HOSTILE
    )
    return run(assistant, FactSet(name=HOSTILE, sha256="cd", facts=(known, broken)))
