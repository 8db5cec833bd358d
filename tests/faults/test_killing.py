"""A few kills of each kind that is quick; `make faults` does many, and the slow ones too."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from tests.faults.killing import Said, Scenario, killed, processes_for
from tests.faults.scenarios import QUICK

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")


@pytest.mark.parametrize("scenario", QUICK, ids=lambda scenario: scenario.work.__module__)
def test_whoever_is_killed_loses_nothing(scenario: Scenario, tmp_path: Path) -> None:
    tally = killed(scenario, processes_for(QUICK), tmp_path, count=2)
    assert (tally.kills, tally.lost) == (2, ())


def careless(folder: Path, said: Said, number: int) -> None:
    for step in range(10):
        said.begin(f"{step}")
        (folder / "file").write_text("")
        time.sleep(0.05)  # where nearly every kill lands
        (folder / "file").write_text(f"{step}" * 100)
        said.done(f"{step}")


def misses(folder: Path, said: Said, number: int) -> list[str]:
    if not said.finished:
        return []
    kept = (folder / "file").read_text()
    return [] if kept == said.finished[-1] * 100 else ["another one is there"]


def test_a_loss_is_seen(tmp_path: Path) -> None:
    scenario = Scenario("writing in place", careless, misses)
    tally = killed(scenario, processes_for([scenario]), tmp_path, count=2)
    assert tally.lost
    assert tally.repaired < tally.middle
