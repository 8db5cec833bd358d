from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families as families

from onrecord.access import Access
from onrecord.errors import ModelError
from onrecord.observe.watch import Watch
from onrecord.settings import Settings
from onrecord.types import Document
from tests.api.conftest import served_page
from tests.api.programs import MOST_WAITING, ProgramsAssistant
from tests.api.test_http import Questions
from tests.api.waiting import eventually
from tests.models.fake_server import FakeServer
from tests.observe.conftest import QUESTION, Make
from tests.passwords import write_users

DOCS = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")


class Counted:
    """What is read at an address."""

    def __init__(self, address: str, **more: Any) -> None:
        self._address, self._more = address, more

    def text(self) -> str:
        response = httpx.get(f"{self._address}metrics", **self._more)
        response.raise_for_status()
        assert response.headers["content-type"].startswith("text/plain; version=")
        return response.text

    def __call__(self, name: str, **labels: str) -> float:
        return next(
            sample.value
            for family in families(self.text())
            for sample in family.samples
            if (sample.name, sample.labels) == (name, labels)
        )


@pytest.fixture
def scripted(article: Document) -> Iterator[ProgramsAssistant]:
    assistant = ProgramsAssistant([article])
    assistant.watch = Watch.by(Settings(metrics=True))
    yield assistant
    assistant.go.set()


def test_without_being_asked_for_there_are_none(article: Document) -> None:
    with served_page(ProgramsAssistant([article])) as address:
        assert httpx.get(f"{address}metrics").status_code == 404


def test_what_came_of_questions_is_counted(make: Make, server: FakeServer) -> None:
    assistant = make(metrics=True)
    for threshold in (100.0, -100.0, -100.0):
        assistant._settings = assistant._settings.model_copy(update={"threshold": threshold})
        assistant.ask(QUESTION)
    server.replies = [(500, {})] * 5
    with pytest.raises(ModelError):
        assistant.ask(QUESTION)
    assistant.stream(QUESTION).close()  # not begun, and so nothing
    events = assistant.stream(QUESTION)
    next(events)
    events.close()
    with served_page(assistant) as address:  # type: ignore[arg-type]
        counted = Counted(address)
        for status, count in {"answered": 2, "not_in_corpus": 1, "model": 1, "left": 1}.items():
            assert counted("onrecord_questions_total", status=status) == count
        for stage, count in {"retrieve": 3, "word": 2, "total": 5}.items():
            assert counted("onrecord_question_seconds_count", stage=stage) == count
        assert counted("onrecord_question_seconds_sum", stage="total") > 0
        assert counted("onrecord_documents") == 1
        assert counted("onrecord_sentences") == 3
        assert counted("process_resident_memory_bytes") > 10_000_000


def test_each_assistant_counts_its_own(make: Make) -> None:
    first, second = make(metrics=True), make(metrics=True)
    first.ask(QUESTION)
    with served_page(second) as address:  # type: ignore[arg-type]
        assert Counted(address)("onrecord_questions_total", status="answered") == 0


def test_who_is_answered_who_waits_and_who_is_refused_is_counted(
    scripted: ProgramsAssistant,
) -> None:
    with served_page(scripted) as address, Questions(address) as questions:
        counted = Counted(address)
        asked = [questions.ask("wait") for _ in range(1 + MOST_WAITING + 1)]
        eventually(lambda: any(future.done() for future in asked))
        assert counted("onrecord_questions_waiting") == MOST_WAITING
        assert counted("onrecord_questions_answering") == 1
        assert counted("onrecord_questions_total", status="busy") == 1
        scripted.go.set()
        eventually(lambda: all(future.done() for future in asked))
        assert counted("onrecord_questions_waiting") == 0
        assert counted("onrecord_model_restarts_total") == scripted.restarts


def test_where_there_is_a_login_it_is_asked_for_here_too(
    scripted: ProgramsAssistant, tmp_path: Path
) -> None:
    users = write_users(tmp_path / "users", prometheus="the old bridge")
    with served_page(scripted, access=Access(users=users)) as address:
        assert httpx.get(f"{address}metrics").status_code == 401
        counted = Counted(address, auth=("prometheus", "the old bridge"))
        assert counted("onrecord_questions_answering") == 0


def test_every_name_is_documented_and_no_other(scripted: ProgramsAssistant) -> None:
    with served_page(scripted) as address:
        served = {family.name for family in families(Counted(address).text())}
    named = set(re.findall(r"^\| `(\w+?)(?:_total)?(?:\{\w+\})?` \|", DOCS, re.MULTILINE))
    assert {name for name in served if name.startswith("onrecord_")} - named == {
        name for name in served if name.endswith("_created")
    }
    assert {name for name in named if name.startswith("onrecord_")} <= served
