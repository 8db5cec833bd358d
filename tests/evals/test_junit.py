from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from onrecord.evals import Promise, Verdict, junit
from tests.evals.reports import REFUSED, RIGHT, WRONG, hostile, reported

OFF = reported({"a": WRONG})


def parsed(verdict: Verdict) -> ElementTree.Element:
    return ElementTree.fromstring(junit(verdict).encode("utf-8"))


def test_each_question_is_a_case_and_each_wrong_one_says_why() -> None:
    answers = {"a": RIGHT, "b": WRONG, "c": REFUSED, "d": RuntimeError("gone")}
    root = parsed(Verdict(report=reported(answers)))
    right, wrong, refused, broken = root.findall("testsuite/testcase")
    assert right.get("name") == "a: How many, a?"
    assert right.get("classname") == "how_many"
    assert not len(right)
    text = wrong.findtext("failure") or ""
    assert "expected: three\ngot: Four machines [1].\ncited: He showed her three machines." in text
    assert "refused" in (refused.find("failure").attrib["message"])  # type: ignore[union-attr]
    assert broken.find("error").attrib["message"] == "RuntimeError: gone"  # type: ignore[union-attr]
    assert [root.get(name) for name in ("tests", "failures", "errors")] == ["4", "2", "1"]


def test_an_answer_where_there_is_none_is_a_failure() -> None:
    report = reported({"a": WRONG}, answerable=False, answers=[], gold=[])
    failure = parsed(Verdict(report=report)).find("testsuite/testcase/failure")
    assert failure is not None
    assert failure.get("message") == "answered, although the corpus does not say"


def test_each_threshold_is_a_case() -> None:
    promised = (Promise(name="right", miss="right is 0.100"), Promise(name="errors"))
    _, suite = parsed(Verdict(report=reported({"a": RIGHT}), thresholds=promised))
    assert [case.get("name") for case in suite] == ["right", "errors"]
    assert [len(case) for case in suite] == [1, 0]
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")


def test_what_the_run_was_made_with_stands_in_the_properties() -> None:
    report = reported({"a": RIGHT})
    found = {
        held.get("name"): held.get("value")
        for held in parsed(Verdict(report=report)).iter("property")
    }
    assert found == dict(report.pins)
    assert found["facts"] == "ab"


def test_hostile_text_stays_text() -> None:
    root = parsed(Verdict(report=hostile()))
    assert {element.tag for element in root.iter()} <= {
        *("testsuites", "testsuite", "testcase", "failure", "error", "properties", "property"),
    }
    assert "<script>" in root.findall("testsuite/testcase")[0].get("name", "")


@given(st.text(min_size=1))
def test_whatever_is_answered_the_xml_is_valid(text: str) -> None:
    row = OFF.rows[0].model_copy(update={"text": text, "id": text})
    report = OFF.model_copy(update={"rows": (row,)})
    assert len(parsed(Verdict(report=report)).findall("testsuite/testcase")) == 1
