"""`gradio app.py` shows what is changed in the page's files, without being started again."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from onrecord.hosts import listen
from onrecord.ui import words

pytestmark = pytest.mark.thorough

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of what the page is made of, which may be changed."""
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("*.gguf"))
    shutil.copy(ROOT / "app.py", tmp_path)
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.txt").write_text("The bridge opened in May.", encoding="utf-8")
    return tmp_path


@pytest.fixture
def address(copy: Path) -> Iterator[str]:
    """The page as Gradio's own command serves it."""
    with listen("127.0.0.1", 0) as free:
        port = free.getsockname()[1]
    settings = {
        "PYTHONPATH": str(copy / "src"),
        "ONRECORD_CORPUS": str(copy / "corpus"),
        "ONRECORD_CACHE_DIR": str(copy / "cache"),
        "ONRECORD_MODEL": "http://127.0.0.1:9/v1#none",
        "GRADIO_SERVER_PORT": str(port),
    }
    with (copy / "log").open("w") as log:
        process = subprocess.Popen(
            [Path(sys.executable).with_name("gradio"), "app.py"],
            cwd=copy,
            env={**os.environ, **settings},
            stdout=log,
            stderr=log,
            start_new_session=True,  # it starts another one
        )
        yield f"http://127.0.0.1:{port}"
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def got(address: str) -> str:
    try:
        return httpx.get(address, timeout=5, trust_env=False).text
    except httpx.HTTPError:
        return ""


def eventually(holds: Callable[[], bool], seconds: float = 120) -> bool:
    end = time.monotonic() + seconds
    while not (held := holds()) and time.monotonic() < end:
        time.sleep(0.5)
    return held


def test_words_and_styles_that_are_changed_are_shown(address: str, copy: Path) -> None:
    assert eventually(lambda: words.TAGLINE in got(f"{address}/config"))
    file = copy / "src" / "onrecord" / "ui" / "words.py"
    said = file.read_text(encoding="utf-8")

    def is_shown_when_saved() -> bool:  # what is saved before Gradio has begun to look, it misses
        file.write_text(said.replace(words.TAGLINE, "Changed words."), encoding="utf-8")
        time.sleep(2)
        return "Changed words." in got(f"{address}/config")

    assert eventually(is_shown_when_saved)
    with (copy / "src" / "onrecord" / "ui" / "css" / "colours.css").open("a") as styles:
        styles.write(".changed-style {}\n")
    assert eventually(lambda: ".changed-style" in got(address))
