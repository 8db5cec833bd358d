"""The real server and the stand-in of the model, in processes of their own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
_ADDRESS = re.compile(r"http://\S+")
_PATIENCE = 30.0  # seconds for a process to end


@contextmanager
def started(
    arguments: list[str], log: Path, settings: Mapping[str, str] | None = None
) -> Iterator[tuple[str, int]]:
    """Run a module of Python's in a process of its own; yield the address it prints, and its id.

    Args:
        arguments: The module, and what it is given.
        log: Where what it complains of is written.
        settings: Environment variables.

    Raises:
        RuntimeError: It ends before it has printed an address.
    """
    with log.open("w") as complaints:
        process = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            cwd=ROOT,
            env={**os.environ, **(settings or {})},
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
        )
    try:
        yield _address(process, log), process.pid
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.communicate(timeout=_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def _address(process: subprocess.Popen[str], log: Path) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        if found := _ADDRESS.search(line):
            return found.group()
    process.wait()
    time.sleep(0.1)
    raise RuntimeError(f"{process.args!r} has ended:\n{log.read_text()[-2000:]}")
