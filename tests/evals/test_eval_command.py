import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Self
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

from onrecord import Answer, Document, cli, terminal
from onrecord.evals import Fact, Report, read_report
from tests.evals.eval_samples import (
    DOCUMENT,
    SENTENCES,
    TEXT,
    FakeAssistant,
    answer,
    fact,
    refusal,
    unanswerable,
)

MACHINES, PRICE = fact(), unanswerable()
RIGHT: Mapping[str, Answer | BaseException] = {
    MACHINES.question: answer("Three.", 1),
    PRICE.question: refusal(),
}
WRONG = {**RIGHT, MACHINES.question: answer("Four.", 1)}


class Opened(FakeAssistant):
    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...


class Asking:
    name = "fake"

    def __init__(self) -> None:
        self.closed = False

    def complete(self, messages: Sequence[object], max_tokens: int) -> str:
        return "Question: Whom did Ada Byron meet in 1833?\nAnswer: Charles Babbage"

    def close(self) -> None:
        self.closed = True


Opener = Callable[..., Opened]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Opener:
    """Put an assistant with these answers in the place of the real one."""
    monkeypatch.setenv("ONRECORD_CACHE_DIR", str(tmp_path / "cache"))

    def put(answers: Mapping[str, Answer | BaseException] = RIGHT) -> Opened:
        assistant = Opened(answers)

        def made(corpus: Any, *_: object) -> Opened:
            given = tuple(item for item in corpus or () if isinstance(item, Document))
            assistant.documents = given or assistant.documents
            return assistant

        monkeypatch.setattr(terminal, "make_assistant", made)
        return assistant

    return put


def evaluated(*arguments: object) -> Any:
    return CliRunner().invoke(cli.app, ["eval", *map(str, arguments)])


def written(folder: Path, *facts: Fact) -> Path:
    path = folder / "facts.jsonl"
    path.write_text(
        "".join(f"{known.model_dump_json()}\n" for known in facts or (MACHINES, PRICE)),
        encoding="utf-8",
    )
    return path


def test_a_run_prints_its_figures_and_passes(opened: Opener, tmp_path: Path) -> None:
    opened()
    result = evaluated(written(tmp_path))
    assert result.exit_code == 0
    assert "2 questions of facts.jsonl, answered by fake" in result.stdout


def test_below_a_threshold_is_exit_code_1_and_below_a_target_is_not(
    opened: Opener, tmp_path: Path
) -> None:
    opened(WRONG)
    bounds = tmp_path / "bounds.toml"
    bounds.write_text("[right]\nmin = 0.9\n", encoding="utf-8")
    missed = evaluated(written(tmp_path), "--thresholds", bounds)
    assert missed.exit_code == 1
    assert "right is 0.000, below" in missed.stderr
    short = evaluated(written(tmp_path), "--targets", bounds)
    assert short.exit_code == 0
    assert "Not there yet: right is 0.000" in short.stdout


def test_every_output_is_written(opened: Opener, tmp_path: Path) -> None:
    opened()
    out = tmp_path / "out"
    options = [
        part
        for kind in ("json", "html", "junit", "markdown")
        for part in (f"--{kind}", out / f"report.{kind}")
    ]
    assert evaluated(written(tmp_path), *options).exit_code == 0
    report = Report.model_validate_json((out / "report.json").read_text(encoding="utf-8"))
    assert report.n == 2
    assert ElementTree.parse(out / "report.junit").getroot().get("tests") == "2"
    assert (out / "report.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert "passed" in (out / "report.markdown").read_text(encoding="utf-8")


def test_an_output_that_cannot_be_written(opened: Opener, tmp_path: Path) -> None:
    opened()
    result = evaluated(written(tmp_path), "--html", tmp_path)
    assert result.exit_code == 2
    assert "cannot be written" in result.stderr


def many(count: int) -> tuple[Fact, ...]:
    return tuple(fact(id=f"m{place}", question=f"How many, {place}?") for place in range(count))


@pytest.mark.parametrize(
    ("options", "code"), [((), 0), (("--fail-on-regression",), 1)], ids=["said", "failed"]
)
def test_a_regression_is_said_and_fails_when_asked_to(
    opened: Opener, tmp_path: Path, options: tuple[str, ...], code: int
) -> None:
    known = many(8)
    path = written(tmp_path, *known)
    opened({known.question: answer("Three.", 1) for known in known})
    baseline = tmp_path / "baseline.json"
    assert evaluated(path, "--json", baseline, "--no-cache").exit_code == 0
    opened({known.question: answer("Four.", 1) for known in known})
    result = evaluated(path, "--baseline", baseline, "--no-cache", *options)
    assert result.exit_code == code
    assert "lost  m0: How many, 0?" in result.stdout
    assert "right_overall fell: 8 questions were lost" in (result.stderr if code else result.stdout)


def test_what_was_answered_is_not_asked_again_but_for_no_cache(
    opened: Opener, tmp_path: Path
) -> None:
    path, assistant = written(tmp_path), opened()
    for options, asked in (((), 2), ((), 2), (("--no-cache",), 4)):
        assert evaluated(path, *options).exit_code == 0
        assert len(assistant.histories) == asked
    assert (tmp_path / "cache" / "eval").is_dir()


def test_every_asks_a_sample(opened: Opener, tmp_path: Path) -> None:
    opened({known.question: answer("Three.", 1) for known in many(5)})
    report = tmp_path / "report.json"
    evaluated(written(tmp_path, *many(5)), "--every", 2, "--json", report)
    assert [row.id for row in read_report(report).rows] == ["m0", "m2", "m4"]


@pytest.mark.parametrize(("asked_again", "figure"), [(1, 0.0), (0, None)])
def test_counterfactual_asks_again_without_what_was_cited(
    opened: Opener, tmp_path: Path, asked_again: int, figure: float | None
) -> None:
    assistant = opened()
    report = tmp_path / "report.json"
    result = evaluated(
        written(tmp_path), "--counterfactual", asked_again, "--json", report, "--no-cache"
    )
    assert result.exit_code == 0
    found = read_report(report).figures.get("counterfactual")
    assert (found and found.value) == figure
    text = TEXT.replace(SENTENCES[1], "") if asked_again else TEXT
    assert [document.text for document in assistant.documents] == [text]


def test_limit_asks_the_first_alone(opened: Opener, tmp_path: Path) -> None:
    assistant = opened()
    assert "1 questions of" in evaluated(written(tmp_path), "--limit", 1).stdout
    assert len(assistant.histories) == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["none.jsonl"], "cannot be read"),
        (["facts.jsonl", "--split", "held"], "no questions to ask"),
        (["facts.jsonl", "--thresholds", "none.toml"], "cannot be read as thresholds"),
        (["facts.jsonl", "--baseline", "facts.jsonl"], "cannot be read as a report"),
        (["facts.jsonl", "--fail-on-regression"], "give --baseline"),
        (["facts.jsonl", "--check", "--draft", "x.txt"], "give one of them"),
    ],
)
def test_bad_input_is_exit_code_2(
    opened: Opener,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    words: str,
) -> None:
    opened()
    written(tmp_path)
    monkeypatch.chdir(tmp_path)
    result = evaluated(*arguments)
    assert result.exit_code == 2
    assert words in " ".join(result.stderr.replace("│", " ").split())


def test_a_baseline_that_is_no_good_is_found_before_anything_is_asked(
    opened: Opener, tmp_path: Path
) -> None:
    assistant = opened()
    assert evaluated(written(tmp_path), "--baseline", tmp_path / "none.json").exit_code == 2
    assert assistant.histories == []


def test_check_counts_what_is_sound_and_names_each_fault(opened: Opener, tmp_path: Path) -> None:
    assistant = opened()
    fine = evaluated(written(tmp_path), "--check")
    assert (fine.exit_code, fine.stdout) == (0, "Sound facts: 2. Faults: 0.\n")
    bad = written(tmp_path, MACHINES, PRICE, fact(id="x", question="?", answers=[["\x1b four"]]))
    faulty = evaluated(bad, "--check")
    assert faulty.exit_code == 2
    assert faulty.stdout == "Sound facts: 2. Faults: 1.\n"
    assert "line 3: no alias of" in faulty.stderr
    assert "\x1b" not in faulty.stderr
    assert assistant.histories == []


def test_a_fault_on_line_12_is_none_on_line_1(opened: Opener, tmp_path: Path) -> None:
    opened()
    path = written(tmp_path, *many(11), fact(id="x", question="?", answers=[["four"]]))
    assert evaluated(path, "--check").stdout == "Sound facts: 11. Faults: 1.\n"


def test_check_of_an_empty_file_is_no_success(opened: Opener, tmp_path: Path) -> None:
    opened()
    path = tmp_path / "empty.jsonl"
    path.write_text("", encoding="utf-8")
    assert evaluated(path, "--check").exit_code == 2


def squad(folder: Path) -> Path:
    document = {"doc_id": "d", "title": "", "text": DOCUMENT.text}
    asked = {"id": "q", "question": PRICE.question, "answers": [], "answerable": False}
    (folder / "documents.jsonl").write_text(json.dumps(document), encoding="utf-8")
    (folder / "questions.jsonl").write_text(json.dumps(asked), encoding="utf-8")
    return folder


def test_a_squad_folder_brings_its_corpus(opened: Opener, tmp_path: Path) -> None:
    assistant = opened()
    folder = squad(tmp_path)
    assert evaluated(folder).exit_code == 0
    assert [document.id for document in assistant.documents] == ["d"]
    assert evaluated(folder, "--check").stdout == "Sound facts: 1. Faults: 0.\n"
    result = evaluated(folder, "--corpus", tmp_path)
    assert result.exit_code == 2
    assert "Leave --corpus out" in result.stderr


@pytest.fixture
def asking(monkeypatch: pytest.MonkeyPatch) -> Asking:
    model = Asking()
    monkeypatch.setattr("onrecord.cli_eval.make_model", lambda *_: model)
    return model


def test_draft_writes_facts_and_asks_for_a_reader(
    opened: Opener, asking: Asking, tmp_path: Path
) -> None:
    opened()
    (tmp_path / "papers").mkdir()
    document = tmp_path / "papers" / "ada.txt"
    document.write_text(DOCUMENT.text, encoding="utf-8")
    result = evaluated("--draft", document, "--corpus", tmp_path)
    assert result.exit_code == 0
    (line,) = result.stdout.splitlines()
    assert json.loads(line)["id"] == "unreviewed-papers/ada.txt-1"
    assert json.loads(line)["document"] == "papers/ada.txt"
    assert "1 facts were proposed" in result.stderr
    assert "a person must read it" in result.stderr
    assert asking.closed


def test_draft_does_not_write_over_what_a_person_has_read(
    opened: Opener, asking: Asking, tmp_path: Path
) -> None:
    opened()
    out = tmp_path / "drafts.jsonl"
    assert evaluated("--draft", "ada.txt", "--out", out).exit_code == 0
    before = out.read_text(encoding="utf-8")
    assert Fact.model_validate_json(before).document == "ada.txt"
    result = evaluated("--draft", "ada.txt", "--out", out)
    assert result.exit_code == 2
    assert out.read_text(encoding="utf-8") == before


def test_a_run_over_drafts_says_that_nobody_has_read_them(opened: Opener, tmp_path: Path) -> None:
    opened()
    path = written(tmp_path, fact(id="unreviewed-1"), PRICE)
    assert "1 of the facts are drafts" in evaluated(path).stderr
