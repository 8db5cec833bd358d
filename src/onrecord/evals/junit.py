"""A verdict as JUnit XML, which CI systems show question by question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from onrecord.evals.compare import is_right
from onrecord.evals.gate import Promise
from onrecord.evals.plain import plain
from onrecord.evals.report import Row
from onrecord.evals.verdict import Verdict, expected


def junit(verdict: Verdict) -> str:
    """Return JUnit XML: a test case for each question, and one for each threshold.

    A wrong answer is a failure that says what was expected, an error is an error, and what the
    run was made with stands in the properties.
    """
    report = verdict.report
    root = Element("testsuites", name="onrecord eval")
    questions = _suite(root, "questions", report.pins)
    for row in report.rows:
        case = SubElement(
            questions,
            "testcase",
            classname=plain(row.category),
            name=plain(f"{row.id}: {row.question}"),
            time=f"{row.seconds:.3f}",
        )
        _judge(case, row)
    if verdict.thresholds:
        _thresholds(_suite(root, "thresholds", {}), verdict.thresholds)
    for element in (*root, root):
        _count(element)
    root.set("time", f"{sum(row.seconds for row in report.rows):.3f}")
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _suite(root: Element, name: str, properties: Mapping[str, str]) -> Element:
    suite = SubElement(root, "testsuite", name=name)
    if properties:
        held = SubElement(suite, "properties")
        for key, value in properties.items():
            SubElement(held, "property", name=plain(key), value=plain(value))
    return suite


def _judge(case: Element, row: Row) -> None:
    if row.outcome == "error":
        fault = SubElement(case, "error", message=plain(row.error), type="error")
    elif not is_right(row):
        fault = SubElement(case, "failure", message=_wrong(row), type=row.outcome)
    else:
        return
    lines = [f"expected: {expected(row)}", f"got: {row.text or row.error}"]
    lines += [f"cited: {citation.text}" for citation in row.citations]
    fault.text = "\n".join(plain(line) for line in lines)


def _wrong(row: Row) -> str:
    if not row.answerable:
        return "answered, although the corpus does not say"
    return "refused, although the corpus says" if row.outcome == "refused" else "a wrong answer"


def _thresholds(suite: Element, promises: Sequence[Promise]) -> None:
    for promise in promises:
        case = SubElement(suite, "testcase", classname="thresholds", name=plain(promise.name))
        if promise.miss:
            SubElement(case, "failure", message=plain(promise.miss), type="threshold")


def _count(suite: Element) -> None:
    for name, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error")):
        suite.set(name, str(sum(1 for _ in suite.iter(tag))))
