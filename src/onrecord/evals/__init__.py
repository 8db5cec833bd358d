"""Evaluation without a judge: known facts in, figures with intervals out.

facts = load_facts(Path("evals/article.jsonl"), split="held")
report = run(Assistant("corpus"), facts)
failures = gate(report, Path("evals/thresholds.toml"))
"""

from onrecord.evals.check import check
from onrecord.evals.facts import EvalError, Fact, FactSet, load_facts
from onrecord.evals.gate import gate
from onrecord.evals.report import Report, Row, save, table
from onrecord.evals.runner import run
from onrecord.evals.squad import load_squad

__all__ = [
    "EvalError",
    "Fact",
    "FactSet",
    "Report",
    "Row",
    "check",
    "gate",
    "load_facts",
    "load_squad",
    "run",
    "save",
    "table",
]
