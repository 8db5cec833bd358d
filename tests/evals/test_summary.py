import html
import re

from hypothesis import given
from hypothesis import strategies as st

from onrecord.evals import Promise, Verdict, compare, markdown
from onrecord.evals.summary import MOST_LINES
from tests.evals.reports import HOSTILE, RIGHT, WRONG, hostile, reported

FINE = reported({"a": RIGHT})


def test_a_summary_has_verdict_figures_misses_and_changes() -> None:
    now, before = reported({"a": RIGHT, "b": WRONG}), reported({"a": WRONG, "b": RIGHT})
    text = html.unescape(
        markdown(
            Verdict(
                report=now,
                thresholds=(Promise(name="errors", miss="errors is 1.000, above"),),
                targets=(Promise(name="right", miss="right is 0.500, below"),),
                comparison=compare(now, before),
            )
        )
    )
    assert text.startswith("**onrecord eval: failed** (2 questions of <code>f.jsonl</code>")
    assert "Below the thresholds:\n- <code>errors is 1.000, above</code>\n" in text
    assert "Not there yet:\n- <code>right is 0.500, below</code>\n" in text
    assert "Lost:\n- <code>b: How many, b?</code>\n" in text
    assert "Won:\n- <code>a: How many, a?</code>\n" in text
    assert "1 lost, 1 won" in text
    first, second = re.findall(r"^\| (\w+) +\| [\d.]+ \|", text, re.MULTILINE)[:2]
    assert (first, second) == ("errors", "right")  # what is promised comes first


def test_a_summary_of_much_stays_short() -> None:
    names = [f"question-{place}" for place in range(90)]
    half = dict.fromkeys(names[:45], RIGHT) | dict.fromkeys(names[45:], WRONG)
    other = dict.fromkeys(names[:45], WRONG) | dict.fromkeys(names[45:], RIGHT)
    missed = tuple(Promise(name=f"f{place}", miss="is too low") for place in range(30))
    now = reported(half)
    text = markdown(
        Verdict(
            report=now,
            thresholds=missed,
            targets=missed,
            comparison=compare(now, reported(other, sha256="other")),
        )
    )
    assert len(text.splitlines()) <= MOST_LINES
    assert "- and 40 more" in text.splitlines()[-1]  # nothing was cut off at the end


def test_hostile_text_breaks_nothing() -> None:
    report = hostile()
    moved = report.model_copy(
        update={"rows": tuple(row.model_copy(update={"scores": {}}) for row in report.rows)}
    )
    text = markdown(Verdict(report=report, comparison=compare(report, moved)))
    assert HOSTILE not in text
    assert not re.search(r"<(?!/?code>)", text)
    assert not {"\x1b", "\x00", "\u202e", "`", "@"} & set(text)
    assert "http:" not in text


@given(st.text(max_size=300))
def test_no_name_can_end_a_table_or_open_a_tag(name: str) -> None:
    report = FINE.model_copy(update={"facts": name, "model": name})
    text = markdown(Verdict(report=report))
    rows = [line for line in text.splitlines() if "|" in line]
    assert rows
    assert all(line.count("|") == 6 for line in rows)
    assert re.findall(r"<[^>]*>", text) == ["<code>", "</code>"] * 2
