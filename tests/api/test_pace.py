"""Who searches, reads or sends files without a pause has to wait, and nobody else."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from onrecord.access import Access
from onrecord.api.pace import PACE_SECONDS, HastyError, Pace
from onrecord.api.paced import MCP_PATH, MOST_A_MINUTE
from onrecord.api.uploads import UPLOAD
from onrecord.types import Document
from tests.api.conftest import Serve, served_page
from tests.api.programs import ProgramsAssistant
from tests.api.test_app import FOR_TOOLS, INITIALIZE
from tests.passwords import write_users

PASSWORD = "the old bridge"
FILES = {"files": ("a.txt", b"The ferry sank.")}


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_person_may_do_so_much_within_a_minute() -> None:
    clock = Clock()
    pace = Pace(2, clock)
    pace.count("anna")
    clock.now += 50
    pace.count("anna")
    with pytest.raises(HastyError, match="try again in 10 seconds") as hasty:
        pace.count("anna")
    assert hasty.value.seconds == PACE_SECONDS - 50
    pace.count("bo")
    clock.now += 10
    pace.count("anna")


def test_what_is_remembered_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onrecord.api.pace._MOST_PEOPLE", 2)
    pace = Pace(1, Clock())
    for person in ("anna", "bo", "cy"):
        pace.count(person)
    pace.count("anna")  # who began first, and is not remembered any more
    with pytest.raises(HastyError):
        pace.count("cy")


@pytest.fixture
def _of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    for path in MOST_A_MINUTE:
        monkeypatch.setitem(MOST_A_MINUTE, path, 2)


@pytest.mark.usefixtures("_of_two")
def test_it_is_each_users_own_and_of_each_kind(article: Document, tmp_path: Path) -> None:
    write_users(tmp_path / "users", anna=PASSWORD, bo=PASSWORD)
    access = Access(users=tmp_path / "users")
    with (
        served_page(ProgramsAssistant([article]), access=access) as address,
        httpx.Client(base_url=address, auth=("anna", PASSWORD), timeout=20) as anna,
    ):
        for paths in (
            ("api/v1/search?q=talks",) * 3,
            ("api/v1/documents", f"api/v1/documents/{article.id}", "api/v1/documents/none"),
            ("api/v1/sentences",) * 3,
        ):
            *taken, refused = [anna.get(path) for path in paths]
            assert 429 not in [answer.status_code for answer in taken]
            assert refused.status_code == 429
            assert refused.json()["error"]["kind"] == "often"
            assert 0 < int(refused.headers["retry-after"]) <= PACE_SECONDS
        sent = [anna.post(UPLOAD, files=FILES) for _ in range(3)]
        assert [answer.status_code for answer in sent] == [200, 200, 429]
        assert "try again in" in sent[-1].text
        called = [anna.post(MCP_PATH, json=INITIALIZE, headers=FOR_TOOLS) for _ in range(3)]
        assert [answer.status_code for answer in called] == [200, 200, 429]
        bo = httpx.get(f"{address}api/v1/search?q=talks", auth=("bo", PASSWORD), timeout=20)
        assert bo.status_code == 200
        asked = [
            anna.post(f"api/v1/{path}", json={"question": "Who?"}).status_code
            for path in ("ask", "ask/stream", "ask")
        ]
        assert asked == [200, 200, 429]
        for _ in range(3):
            assert anna.get("api/v1/health").status_code == 200


@pytest.mark.usefixtures("_of_two")
def test_at_this_machine_nobody_is_counted(serve: Serve, article: Document) -> None:
    address = serve(ProgramsAssistant([article]))
    found = [httpx.get(f"{address}api/v1/search?q=talks").status_code for _ in range(4)]
    assert found == [200] * 4
