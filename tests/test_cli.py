import json
import runpy
import subprocess
import sys
from collections.abc import Callable, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any, Self

import pytest
from typer.testing import CliRunner

from onrecord import cli, terminal
from onrecord.errors import ModelError, QuestionError, ReceiptError
from onrecord.index import IndexReport
from onrecord.receipt import Receipt, seal
from onrecord.served import ServedPage, noting, served_page
from onrecord.settings import Settings
from onrecord.types import EVERYTHING, Answer, Citation, Claim, Document, Scope, Status

APP = Path(__file__).parents[1] / "app.py"
SOURCE = Citation(
    number=1,
    document_id="a",
    title="A [bold]title[/bold]",
    sentence=2,
    start=0,
    end=4,
    text="Tex\x1bt.",
)
ANSWERED = seal(
    Answer(
        question="Who?",
        text="Text [1].",
        status=Status.ANSWERED,
        claims=(Claim(text="Text.", citations=(SOURCE,)),),
        citations=(SOURCE,),
        timings={"total": 1.25},
    ),
    [Document(id=SOURCE.document_id, title=SOURCE.title, text=SOURCE.text)],
)
REFUSED = Answer(
    question="Who?",
    text="The article does not say.",
    status=Status.NOT_IN_CORPUS,
    nearest=(SOURCE,),
)


class FakeAssistant:
    model_name = "fake"

    def __init__(self, answers: Sequence[Answer | Exception]) -> None:
        self.answers = list(answers)
        self.histories: list[list[dict[str, str]]] = []
        self.scopes: list[Scope] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...

    def warm(self) -> None: ...

    def ask(self, question: str, history: Any = None, scope: Scope = EVERYTHING) -> Answer:
        self.histories.append(list(history or []))
        self.scopes.append(scope)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def refresh(self, anew: bool = False) -> IndexReport:
        return IndexReport(
            added=("new.txt",),
            skipped={"bad.txt": "binary"},
            sentences=3,
            embedded=60 if anew else 6,
            mended=anew,
        )


@pytest.fixture(autouse=True)
def cache_dir(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder that no page of this machine is noted in."""
    monkeypatch.setenv("ONRECORD_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def assistant(monkeypatch: pytest.MonkeyPatch) -> FakeAssistant:
    fake = FakeAssistant([ANSWERED])
    monkeypatch.setattr(terminal, "make_assistant", lambda *_: fake)
    return fake


def run(*arguments: str, typed: str = "") -> Any:
    return CliRunner().invoke(cli.app, list(arguments), input=typed)


def test_ask_prints_answer_and_sources_as_plain_text(assistant: FakeAssistant) -> None:
    result = run("ask", "Who?")
    assert result.exit_code == 0
    assert "Text [1]." in result.stdout
    assert "[1] A [bold]title[/bold], sentence 3" in result.stdout
    assert "\x1b" not in result.stdout


def test_ask_says_that_documents_have_changed_meanwhile(assistant: FakeAssistant) -> None:
    assistant.answers = [ANSWERED, ANSWERED.model_copy(update={"is_behind": True})]
    said = ["Documents changed" in run("ask", "Who?").stdout for _ in range(2)]
    assert said == [False, True]


def test_ask_says_how_the_question_was_read(assistant: FakeAssistant) -> None:
    assistant.answers = [ANSWERED, ANSWERED.model_copy(update={"read_as": "Who [is] it?"})]
    said = ["Read as: “Who [is] it?”" in run("ask", "Who iz it?").stdout for _ in range(2)]
    assert said == [False, True]


def test_ask_as_json_prints_json_alone(assistant: FakeAssistant) -> None:
    assert Answer.model_validate(json.loads(run("ask", "Who?", "--json").stdout)) == ANSWERED


def test_a_refusal_is_an_answer(assistant: FakeAssistant) -> None:
    assistant.answers = [REFUSED]
    result = run("ask", "Who?")
    assert result.exit_code == 0
    assert "does not say" in result.stdout
    assert "What comes nearest" in result.stdout


def test_the_documents_that_are_named_are_asked_alone(assistant: FakeAssistant) -> None:
    assert run("ask", "Who?", "--document", "a.txt", "--document", "b.pdf").exit_code == 0
    assert assistant.scopes == [Scope(documents=("a.txt", "b.pdf"))]


def test_chat_remembers_and_goes_on_after_a_bad_question(assistant: FakeAssistant) -> None:
    assistant.answers = [ANSWERED, QuestionError("too long"), REFUSED]
    result = run("chat", typed="Who?\n\nbad\nAnd why?\n/quit\n")
    assert result.exit_code == 0
    assert "too long" in result.stderr
    assert assistant.histories[2] == [
        {"role": "user", "content": "Who?"},
        {"role": "assistant", "content": "Text [1]."},
    ]


def test_chat_goes_on_where_the_model_broke_off(assistant: FakeAssistant) -> None:
    assistant.answers = [ModelError("It is started anew. Ask again."), ANSWERED]
    result = run("chat", typed="Who?\nWho?\n/quit\n")
    assert result.exit_code == 0
    assert "Ask again" in result.stderr
    assert "Text [1]." in result.stdout


def test_a_receipt_is_of_the_answer(assistant: FakeAssistant, tmp_path: Path) -> None:
    assert run("ask", "Who?", "--receipt", str(tmp_path / "a.json")).exit_code == 0
    assert Receipt.load(tmp_path / "a.json").answer == ANSWERED


def test_a_page_that_runs_is_asked_instead(
    assistant: FakeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [REFUSED, None]  # of the page; it is gone then
    monkeypatch.setattr(ServedPage, "ask", lambda *_: answers.pop(0))
    with noting([], Settings()) as noted:
        noted("http://127.0.0.1:7860/")
        by_page, by_itself = run("ask", "Who?"), run("ask", "Who?")
        of_another_model = run("ask", "Who?", "--model", "openai:x")
    assert "does not say" in by_page.stdout
    assert "The page at http://127.0.0.1:7860/ answers" in by_page.stderr
    assert "Text [1]." in by_itself.stdout
    assert "The page" not in of_another_model.stderr


def test_serving_notes_the_page_for_one_and_no_other(
    assistant: FakeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[bool] = []

    def serve(_assistant: object, *, announce: Callable[[str], None], **_: object) -> None:
        announce("http://127.0.0.1:7860/")
        found.append(served_page([], Settings()) is not None)

    monkeypatch.setattr("onrecord.cli_serve.serve", serve)
    assert run("serve").exit_code == 0
    monkeypatch.setenv("ONRECORD_HOSTNAMES", "answers.example")
    assert run("serve").exit_code == 0
    assert found == [True, False]


def test_an_answer_is_shown_where_its_receipt_cannot_be_written(
    assistant: FakeAssistant, tmp_path: Path
) -> None:
    result = run("ask", "Who?", "--receipt", str(tmp_path / "none" / "a.json"))
    assert "Text [1]." in result.stdout
    assert isinstance(result.exception, ReceiptError)


def test_the_page_is_there_before_all_is_warm(
    assistant: FakeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def not_there() -> None:
        raise ModelError("the engine is away")

    served: list[object] = []
    monkeypatch.setattr(assistant, "warm", not_there)
    monkeypatch.setattr("onrecord.cli_serve.serve", lambda one, **_: served.append(one))
    assert run("serve", "--no-browser").exit_code == 0
    assert served == [assistant]


def test_app_py_serves_as_the_command_does(monkeypatch: pytest.MonkeyPatch) -> None:
    run_with: list[object] = []
    monkeypatch.delenv("GRADIO_WATCH_DIRS", raising=False)
    monkeypatch.setattr(cli, "main", run_with.append)
    runpy.run_path(str(APP), run_name="__main__")
    assert run_with == [["serve", "--no-browser"]]


def test_its_version_can_be_seen() -> None:
    assert run("--version").stdout.strip() == metadata.version("onrecord")


def test_chat_ends_at_the_end_of_input(assistant: FakeAssistant) -> None:
    assert run("chat", typed="").exit_code == 0


def test_index_shows_what_it_did(assistant: FakeAssistant) -> None:
    result = run("index")
    assert "added  new.txt" in result.stdout
    assert "bad.txt: binary" in result.stdout
    assert "3 sentences; 6 chunks were embedded." in result.stdout
    assert "made anew" not in result.stdout
    anew = run("index", "--anew").stdout
    assert "had ended the process that read it, and was made anew." in anew
    assert "60 chunks" in anew


def onrecord(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    import os

    return subprocess.run(
        [sys.executable, "-m", "onrecord", *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        timeout=120,
    )


def test_help_teaches_with_examples() -> None:
    assert "onrecord ask" in onrecord("ask", "--help").stdout


@pytest.mark.parametrize(
    ("arguments", "environment", "code", "words"),
    [
        (["ask", "Who?", "--corpus", "/no/such/folder"], {}, 2, "There is no corpus"),
        (["ask", "?!"], {}, 2, "ask something"),
        (["ask", "Who?"], {"ONRECORD_MODEL": "nonsense"}, 1, "ONRECORD_MODEL"),
        (["ask", "Who?"], {"ONRECORD_PORT": "many"}, 2, "ONRECORD_PORT"),
        (["ask", "Who?"], {"ONRECORD_PORT": "[/x]"}, 2, "it is '[/x]'"),
        (["serve", "--host", "0.0.0.0"], {}, 1, "ONRECORD_OPEN=1"),
        (["serve"], {"ONRECORD_HOST": "0.0.0.0"}, 1, "ONRECORD_OPEN=1"),
        (["serve"], {"ONRECORD_HOSTNAMES": "*"}, 2, "ONRECORD_HOSTNAMES"),
    ],
)
def test_what_goes_wrong_is_one_line_and_no_traceback(
    arguments: list[str], environment: dict[str, str], code: int, words: str
) -> None:
    result = onrecord(*arguments, **environment)
    assert result.returncode == code
    assert words in " ".join(result.stderr.split())
    assert "Traceback" not in result.stderr


def test_doctor_finds_what_is_wrong(tmp_path: Path) -> None:
    wrong = {
        "ONRECORD_CORPUS": str(tmp_path / "none"),
        "ONRECORD_HOST": "0.0.0.0",
        "ONRECORD_MODEL": "http://me:hunter2@model.example/v1",
    }
    result = onrecord("doctor", "--json", **wrong)
    findings = {finding["what"]: finding for finding in json.loads(result.stdout)}
    assert result.returncode == 1
    assert not findings["corpus"]["ok"]
    assert "ONRECORD_CORPUS" in findings["corpus"]["detail"]
    assert not findings["login"]["ok"]
    assert "ONRECORD_USERS" in findings["login"]["detail"]
    assert findings["Python"]["ok"]
    assert findings["engine"]["detail"].endswith("http://model.example/v1")
    assert "hunter2" not in result.stdout
