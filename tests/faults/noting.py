"""The engine's address, noted by processes that are killed."""

from __future__ import annotations

import stat
from pathlib import Path

from filelock import FileLock

from onrecord.models.address import (
    EngineAddress,
    lock_of,
    note,
    noted,
    registry_of,
    running_engine,
)
from onrecord.settings import Settings
from tests.faults.killing import Said, Scenario

_NOTES = 150


def work(folder: Path, said: Said, number: int) -> None:
    """Note one address after the other, as a process that starts an engine does."""
    registry = registry_of(_settings(folder))
    registry.parent.mkdir(exist_ok=True)
    for port in range(1, _NOTES):
        with FileLock(lock_of(registry)):
            said.begin(f"{port}")
            note(registry, _address(port))
            said.done(f"{port}")


def check(folder: Path, said: Said, number: int) -> list[str]:
    """The last address is there, or the one that was being noted; nobody waits for its process."""
    settings = _settings(folder)
    registry, lost = registry_of(settings), []
    known = {line.split()[1] for line in said.lines[-2:]}
    if said.finished and noted(registry).url.rpartition(":")[2] not in known:
        lost.append("the last address is gone")
    if running_engine(settings) is not None:
        lost.append("an engine that was killed is taken for one")
    with FileLock(lock_of(registry), timeout=5):
        note(registry, _address(9))
    if noted(registry) != _address(9) or stat.S_IMODE(registry.stat().st_mode) != 0o600:
        lost.append("the next address is not noted")
    return lost


def _address(port: int) -> EngineAddress:
    return EngineAddress(
        url=f"http://127.0.0.1:{port}", key="k" * 32, pid=1, model="/m.gguf", version="1"
    )


def _settings(folder: Path) -> Settings:
    return Settings(cache_dir=folder / "cache")


NOTING = Scenario("noting the engine's address", work, check, in_a_row=2, many=45)
