"""On a disk that is full or read-only all is said, nothing is lost, and it goes on afterwards."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from typing import Any

import pytest

MOUNT = (
    'mount -t tmpfs -o size=16m tmpfs "$1" && mount --bind "$1" "$2" && '
    'mount -o remount,bind,ro "$2" || exit 77; exec "$0" -m tests.faults.small_disk "$@"'
)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What came of it on a small disk of its own, in a namespace of its own."""
    if sys.platform != "linux" or not shutil.which("unshare"):
        pytest.skip("no disk can be mounted here")
    folders = [str(tmp_path_factory.mktemp(name)) for name in ("disk", "view", "elsewhere")]
    command = ["unshare", "--map-root-user", "--mount", "sh", "-c", MOUNT, sys.executable]
    done = subprocess.run([*command, *folders], capture_output=True, text=True, timeout=120)
    if done.returncode == 77 or "unshare:" in done.stderr:
        pytest.skip("no disk can be mounted here")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_what_was_there_is_safe(found: Any) -> None:
    assert found["safe"]
    assert not found["left"]


@pytest.mark.parametrize(
    ("act", "full", "read_only"),
    [
        ("add", "CorpusError: .*make room there", "CorpusError: .*make it writable"),
        ("converse", "ConversationsError: .*disk is full", "ConversationsError: .*you can write"),
        ("join", "WeightsError: .*Make room", "$"),  # joined as it is
        ("evaluate", "EvalError: .*No space left", "EvalError: .*another folder"),
        ("index", r"\w+Error: .*disk is not full", r"\w+Error: .*folder is yours"),
    ],
)
def test_it_is_said_and_goes_on_afterwards(found: Any, act: str, full: str, read_only: str) -> None:
    assert re.match(full, found["full"][act], re.DOTALL)
    assert found["freed"][act] == ""
    assert re.match(read_only, found["read_only"][act], re.DOTALL)


def test_nothing_is_removed_that_cannot_be_kept(found: Any) -> None:
    assert found["read_only"]["remove"].startswith("CorpusError")
