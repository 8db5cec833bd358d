from __future__ import annotations

import io
import json
import logging
import warnings
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from typing import Any

import httpx
import pytest

from onrecord import terminal
from onrecord.observe.logs import logged_progress, write_json
from onrecord.observe.request import named
from onrecord.progress import Progress
from onrecord.types import Document
from tests.api.conftest import served_page
from tests.api.programs import SECRET, ProgramsAssistant
from tests.observe.conftest import QUESTION, Make

Written = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def untouched() -> Iterator[None]:
    """Leave logging as it was."""
    root, own = logging.getLogger(), logging.getLogger("onrecord")
    before = root.handlers[:], root.level, own.level, logging.root.manager.disable
    root.handlers[:] = []  # pytest's own, which would be closed
    yield
    root.handlers[:], root.level, own.level, logging.root.manager.disable = before
    logging.captureWarnings(False)


@pytest.fixture
def written(untouched: None) -> Written:
    """Return what has been logged as JSON."""
    write_json()
    (handler,) = logging.getLogger().handlers
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(stream := io.StringIO())
    return lambda: [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_an_object_with_time_level_logger_message_and_request(written: Written) -> None:
    with named("mine-1"):
        logging.getLogger("onrecord.api").info('a "line"\nof %s', "two")
    logging.getLogger("other").warning("without")
    first, second = written()
    assert first.pop("time").endswith("+00:00")
    assert first == {
        "level": "INFO",
        "logger": "onrecord.api",
        "message": 'a "line"\nof two',
        "request_id": "mine-1",
    }
    assert second["request_id"] is None


def test_an_error_has_its_traceback_in_its_line(written: Written) -> None:
    try:
        raise RuntimeError("broken")
    except RuntimeError:
        logging.getLogger("onrecord").exception("Request a failed")
    (line,) = written()
    assert line["level"] == "ERROR"
    assert line["exc_info"].startswith("Traceback")
    assert line["exc_info"].endswith("RuntimeError: broken")


def test_others_say_what_goes_wrong_alone(written: Written) -> None:
    noisy = logging.getLogger("noisy")
    noisy.setLevel(logging.DEBUG)
    noisy.debug("detail")
    logging.getLogger("other").info("a request was sent")
    assert written() == []
    warnings.warn("doubtful", UserWarning, stacklevel=1)
    assert [line["logger"] for line in written()] == ["py.warnings"]


def test_a_question_is_a_line_without_its_words(written: Written, make: Make) -> None:
    with named("mine-1"):
        make(log="json").ask(QUESTION)
    (line,) = written()
    assert line["logger"] == "onrecord.questions"
    assert line["request_id"] == "mine-1"
    assert line["status"] == "answered"
    assert line["claims"] == 1
    assert line["tokens_in"] > line["tokens_out"] > 0
    assert set(line["seconds"]) == {"understand", "retrieve", "read", "word", "total"}
    assert "ferry" not in json.dumps(line)


def test_its_words_are_logged_where_that_is_asked_for(written: Written, make: Make) -> None:
    make(log="json", log_text=True).ask(QUESTION)
    (line,) = written()
    assert line["question"] == QUESTION
    assert line["answer"] == "The ferry sank on Monday [1]."


def test_slow_work_is_logged_once_however_far_it_is(written: Written) -> None:
    progress = logged_progress()
    for fraction in (0.0, 0.5, 1.0):
        progress(f"Joining the weights: {fraction} done", fraction)
    progress("Starting the language model", None)
    assert [line["message"] for line in written()] == [
        "Joining the weights",
        "Starting the language model",
    ]


def test_a_server_and_what_serves_it_log_so_too(written: Written, article: Document) -> None:
    with served_page(ProgramsAssistant([article])) as address:
        headers = {"X-Request-ID": "mine-1"}
        httpx.post(f"{address}api/v1/ask", json={"question": "crash"}, headers=headers)
        logging.getLogger("uvicorn.error").warning("of the server itself")
    failed, own = written()
    assert (failed["message"], failed["request_id"]) == ("Request mine-1 failed", "mine-1")
    assert SECRET in failed["exc_info"]
    assert own["logger"] == "uvicorn.error"


def test_a_command_that_serves_shows_its_slow_work_there_and_is_silent_no_more(
    untouched: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told: list[Progress] = []
    monkeypatch.setattr(
        terminal, "make_assistant", lambda *said: told.append(said[-1]) or nullcontext()
    )
    logging.disable(logging.WARNING)  # as the command line does
    with terminal.serving(None, None):
        logging.getLogger("onrecord").warning("silent")
    assert capsys.readouterr().err == ""
    monkeypatch.setenv("ONRECORD_LOG", "json")
    with terminal.serving(None, None):
        told[-1]("Starting the language model", None)
        logging.getLogger("onrecord").warning("said")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [line["message"] for line in lines] == ["Starting the language model", "said"]
