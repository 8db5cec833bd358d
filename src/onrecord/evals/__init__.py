"""Evaluation without a judge: known facts in, figures with intervals out.

facts = load_facts(Path("evals/article.jsonl"), split="held")
report = run(Assistant("corpus"), facts)
failures = gate(report, Path("evals/article.thresholds.toml"))
"""

from onrecord.evals.check import check, sound
from onrecord.evals.compare import Comparison, compare, read_report
from onrecord.evals.compare_table import comparison_table
from onrecord.evals.counterfactual import counterfactual
from onrecord.evals.draft import UNREVIEWED, draft
from onrecord.evals.facts import EvalError, Fact, FactSet, load_facts
from onrecord.evals.gate import Promise, gate, promises
from onrecord.evals.html import html
from onrecord.evals.junit import junit
from onrecord.evals.report import Report, Row, save, table
from onrecord.evals.runner import run
from onrecord.evals.squad import load_squad
from onrecord.evals.summary import markdown
from onrecord.evals.verdict import Verdict

__all__ = [
    "UNREVIEWED",
    "Comparison",
    "EvalError",
    "Fact",
    "FactSet",
    "Promise",
    "Report",
    "Row",
    "Verdict",
    "check",
    "compare",
    "comparison_table",
    "counterfactual",
    "draft",
    "gate",
    "html",
    "junit",
    "load_facts",
    "load_squad",
    "markdown",
    "promises",
    "read_report",
    "run",
    "save",
    "sound",
    "table",
]
