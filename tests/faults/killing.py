"""Does something in a process of its own, and ends that with SIGKILL at a random moment."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.context import ForkServerContext
from pathlib import Path

_PATIENCE = 120.0  # seconds for a process to begin, or to do it all undisturbed


class Said:
    """What a process says of its work, in a file, so that its end takes none of it back.

    Args:
        path: One line for each thing that is begun, and for each that is done.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def begin(self, what: str) -> None:
        """Say that something begins."""
        self._say(f"begin {what}")

    def done(self, what: str) -> None:
        """Say that the call has returned."""
        self._say(f"done {what}")

    @property
    def lines(self) -> list[str]:
        """All that was said whole."""
        text = self._path.read_text(encoding="utf-8") if self._path.exists() else ""
        return [line[:-1] for line in text.splitlines(keepends=True) if line.endswith("\n")]

    @property
    def finished(self) -> list[str]:
        """What was done, in order."""
        return [line.removeprefix("done ") for line in self.lines if line.startswith("done ")]

    @property
    def in_the_middle(self) -> bool:
        """Whether the last thing that was begun is not done."""
        lines = self.lines
        return bool(lines) and lines[-1].startswith("begin ")

    def _say(self, line: str) -> None:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
        file = os.open(self._path, flags)
        os.write(file, f"{line}\n".encode())
        os.close(file)


Work = Callable[[Path, Said, int], None]
"""Does the thing in a folder, and says so. The number makes each time another."""
Check = Callable[[Path, Said, int], list[str]]
"""Starts anew where a process was killed, and returns what is lost, in words."""


@dataclass(frozen=True)
class Scenario:
    """Something that may be cut off at any moment.

    Attributes:
        title: What it is.
        work: Does it.
        check: Looks at what is left, does it again undisturbed, and says what is lost.
        preload: Modules that are imported once for all its processes.
        in_a_row: How many are killed, at most, before the next is let finish.
        many: How many `make faults` kills.
    """

    title: str
    work: Work
    check: Check
    preload: tuple[str, ...] = ()
    in_a_row: int = 1
    many: int = 40


@dataclass(frozen=True)
class Tally:
    """What came of killing a scenario's processes.

    Attributes:
        title: The scenario's.
        kills: Processes that were killed.
        middle: Of those, the ones that were in the middle of something.
        lost: What was lost, each in words.
        repaired: Kills in the middle after which a next start had everything right.
        seconds: How long it all took.
    """

    title: str
    kills: int
    middle: int
    lost: tuple[str, ...]
    repaired: int
    seconds: float


def processes_for(scenarios: Sequence[Scenario]) -> ForkServerContext:
    """Return what starts the processes of scenarios: quickly, as it imports what they need once."""
    processes = multiprocessing.get_context("forkserver")
    needed = (module for it in scenarios for module in (it.work.__module__, *it.preload))
    processes.set_forkserver_preload(list(dict.fromkeys(needed)))
    return processes


def killed(
    scenario: Scenario, processes: ForkServerContext, folder: Path, count: int, seed: int = 1
) -> Tally:
    """Kill a scenario's processes so many times, and return what came of it."""
    chance, began = random.Random(seed), time.monotonic()
    span = _span(scenario, processes, folder / "whole", seed)
    kills = middle = repaired = number = 0
    lost: list[str] = []
    while kills < count:
        number += 1
        place, hit = folder / f"{number}", 0
        place.mkdir(parents=True)
        said = Said(place / "said")
        for _ in range(min(chance.randint(1, scenario.in_a_row), count - kills)):
            wait = chance.uniform(0, span)
            process = _started(scenario, processes, place, said, number)
            time.sleep(wait)
            process.kill()
            process.join()
            if process.exitcode == -signal.SIGKILL:
                kills += 1
                hit += said.in_the_middle
        found = _next_start(scenario, processes, place, number)
        middle += hit
        repaired += 0 if found else hit
        lost += [f"{scenario.title}, {number}: {what}" for what in found]
    return Tally(scenario.title, kills, middle, tuple(lost), repaired, time.monotonic() - began)


def _span(scenario: Scenario, processes: ForkServerContext, place: Path, seed: int) -> float:
    """Return the seconds that it takes undisturbed, from its beginning."""
    place.mkdir(parents=True)
    process = _started(scenario, processes, place, Said(place / "said"), seed)
    began = time.monotonic()
    process.join(_PATIENCE)
    if process.exitcode != 0:
        raise RuntimeError(f"{scenario.title}: undisturbed, it ended with {process.exitcode}")
    return time.monotonic() - began


def _started(
    scenario: Scenario, processes: ForkServerContext, place: Path, said: Said, number: int
) -> multiprocessing.process.BaseProcess:
    """Start a process, and wait until it has begun."""
    before = len(said.lines)
    process = processes.Process(target=scenario.work, args=(place, said, number))
    process.start()
    deadline = time.monotonic() + _PATIENCE
    while len(said.lines) == before and process.is_alive():
        if time.monotonic() > deadline:
            raise RuntimeError(f"{scenario.title}: it does not begin")
        time.sleep(0.0005)
    return process


def _next_start(
    scenario: Scenario, processes: ForkServerContext, place: Path, number: int
) -> Sequence[str]:
    """Start anew, in a process of its own: what is broken enough would take this one along."""
    process = processes.Process(target=_report, args=(scenario.check, place, number))
    process.start()
    process.join(_PATIENCE)
    if process.exitcode != 0:
        process.kill()
        return [f"the next start ended with {process.exitcode}"]
    return (place / "lost").read_text(encoding="utf-8").splitlines()


def _report(check: Check, place: Path, number: int) -> None:
    found = check(place, Said(place / "said"), number)
    (place / "lost").write_text("\n".join(found), encoding="utf-8")
