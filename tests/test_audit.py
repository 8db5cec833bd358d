"""What is said of an audit: above all, that what was not asked is no good news."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from scripts.audit import KNOWN, NOT_CHECKED, NOTHING_KNOWN, audit, verdict
from scripts.licences import UNSAID, licence_of

SOUND = {"name": "anyio", "version": "4.16.0", "vulns": []}
FAULTY = {
    "name": "lxml",
    "version": "1.0",
    "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1"]}, {"id": "PYSEC-2", "fix_versions": []}],
}
UNASKED = {"name": "torch", "skip_reason": "Dependency not found on PyPI"}


@pytest.mark.parametrize(
    ("packages", "code", "said"),
    [
        ([SOUND], NOTHING_KNOWN, "Packages checked: 1. Known vulnerabilities: 0."),
        ([SOUND, FAULTY], KNOWN, "lxml 1.0: PYSEC-1, mended in 1.1"),
        ([FAULTY, UNASKED], KNOWN, "Could not be checked: 1 of 2 packages (torch)."),
        ([SOUND, UNASKED], NOT_CHECKED, "Could not be checked: 1 of 2 packages (torch)."),
        ([UNASKED] * 9, NOT_CHECKED, "Could not be checked: 9 of 9 packages"),
        ([], NOT_CHECKED, "Could not be checked"),
    ],
)
def test_nothing_known_is_said_of_what_was_asked_alone(
    packages: list[dict[str, Any]], code: int, said: str
) -> None:
    given, words = verdict({"dependencies": packages})
    assert given == code
    assert said in words


@pytest.mark.parametrize("printed", ["", "No known vulnerabilities found", "{}", "[]"])
def test_a_tool_that_fails_has_checked_nothing(
    monkeypatch: pytest.MonkeyPatch, printed: str
) -> None:
    done = SimpleNamespace(stdout=printed, stderr="Traceback\nConnectionError: no network\n")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: done)
    code, said = audit(Path("constraints.txt"), [])
    assert code == NOT_CHECKED
    assert "no network" in said


def test_a_licence_is_what_the_package_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, line in {
        "one": "License-Expression: MIT",
        "two": "Classifier: License :: OSI Approved :: BSD License",
        "three": "License: Own words",
        "four": "Summary: none",
    }.items():
        (tmp_path / f"{name}-1.dist-info").mkdir()
        metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n{line}\n"
        (tmp_path / f"{name}-1.dist-info" / "METADATA").write_text(metadata)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    found = [licence_of(name) for name in ("one", "two", "three", "four")]
    assert found == ["MIT", "BSD License", "Own words", UNSAID]
