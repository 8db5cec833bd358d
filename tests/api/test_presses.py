"""Nobody's presses fill the queue of the page, where others wait too."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import gradio as gr
import httpx
import pytest

from onrecord.access import Access
from onrecord.api.presses import JOIN, MOST_PRESSES
from onrecord.ui.launch import launch
from tests.passwords import write_users

PASSWORD = "the old bridge"


class Slow:
    """A page with a press that goes on until it may end."""

    def __init__(self, access: Access) -> None:
        self.may_end, self.begun = threading.Event(), threading.Event()
        with gr.Blocks(analytics_enabled=False) as self.page:
            gr.Button().click(self._press)
        self.address = launch(self.page, "127.0.0.1", 0, access=access)

    def _press(self) -> None:
        self.begun.set()
        self.may_end.wait(20)

    def pressed(self, name: str) -> int:
        press = {"fn_index": 0, "data": [], "session_hash": name}
        sent = httpx.post(self.address + JOIN[1:], json=press, auth=(name, PASSWORD), timeout=20)
        self.begun.wait(20)
        return sent.status_code


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[Slow]:
    users = write_users(tmp_path / "users", anna=PASSWORD, bo=PASSWORD)
    slow = Slow(Access(users=users))
    yield slow
    slow.may_end.set()
    slow.page.close(verbose=False)


def test_of_one_person_so_many_presses_wait_and_others_have_room(slow: Slow) -> None:
    taken = [slow.pressed("anna") for _ in range(MOST_PRESSES + 3)]
    assert taken == [200] * (MOST_PRESSES + 1) + [503] * 2  # the first does not wait
    assert slow.pressed("bo") == 200


def test_who_is_not_waiting_any_more_can_press_again(slow: Slow) -> None:
    while slow.pressed("anna") == 200:
        pass
    slow.may_end.set()
    with httpx.stream(
        "GET",
        f"{slow.address}gradio_api/queue/data",
        params={"session_hash": "anna"},
        auth=("anna", PASSWORD),
        timeout=20,
    ) as events:
        said = "".join(events.iter_text())
    assert said.count('"process_completed"') == MOST_PRESSES + 1
    assert slow.pressed("anna") == 200
