"""The real engine, lent to two processes that share nothing else with it or with one another."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from onrecord.models.weights import language_model_path
from onrecord.settings import Settings
from tests.chroma_process import free_port
from tests.models.reading_process import TEXTS

pytestmark = [pytest.mark.model, pytest.mark.thorough]

KEY = "a-key-that-nobody-guesses"
_LAST_DIGITS = 0.4  # nats, between a text that is evaluated at once and one that was before


@pytest.fixture(scope="module")
def lent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where `onrecord engine` lends an engine of its own."""
    language_model_path(Settings())  # joined, where it was not yet
    cache = tmp_path_factory.mktemp("engine")
    (cache / "weights").symlink_to(Settings().cache_dir / "weights")
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    running = start(["onrecord", "engine", "--port", str(port)], cache, ONRECORD_ENGINE_KEY=KEY)
    while not answers(address):
        assert running.poll() is None
        time.sleep(0.2)
    yield address
    running.terminate()
    assert running.wait(20) == -15


def start(command: list[str], cache: Path, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", *command],
        env={**os.environ, "ONRECORD_CACHE_DIR": str(cache), **environment},
        stdout=subprocess.PIPE,
        text=True,
    )


def answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/health", trust_env=False).is_success
    except httpx.TransportError:
        return False


def reading(address: str, text: str, cache: Path) -> subprocess.Popen[str]:
    command = ["tests.models.reading_process", f"engine:{address}", KEY, text]
    return start(command, cache / text)


def made_by(process: subprocess.Popen[str]) -> Any:
    said, _ = process.communicate(timeout=300)
    assert process.returncode == 0
    return json.loads(said)


def test_two_at_once_are_told_what_each_is_told_alone(lent: str, tmp_path: Path) -> None:
    alone = {text: made_by(reading(lent, text, tmp_path)) for text in TEXTS}
    at_once = {text: reading(lent, text, tmp_path) for text in TEXTS}
    for text, process in at_once.items():
        for before, now in zip(alone[text], made_by(process), strict=True):
            assert now[0] == pytest.approx(before[0], abs=_LAST_DIGITS)
            assert now[1:] == before[1:]
    worded = [words for _, words, _ in alone["ferry"]]
    assert ["Dahl" in worded[0], "41" in worded[1]] == [True, True]
    assert not any((tmp_path / text / "weights").exists() for text in TEXTS)
