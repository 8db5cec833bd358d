from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from onrecord.api.problems import status_of
from onrecord.errors import INTERNAL, OnrecordError
from tests.api.programs import ProgramsAssistant

DOCS = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
ADDRESS = "http://127.0.0.1:7860/"


def with_all_below(base: type[OnrecordError]) -> Iterator[type[OnrecordError]]:
    yield base
    for kind in base.__subclasses__():
        yield from with_all_below(kind)


def test_every_path_of_the_api_is_documented_and_no_other(api: httpx.Client) -> None:
    described = {
        f"{method.upper()} /api/v1{path.replace('{id}', 'talks.txt')}"
        for path, methods in api.get("/openapi.json").json()["paths"].items()
        for method in methods
    }
    documented = set(re.findall(r"`((?:GET|POST) /api/v1[^`?]*)", DOCS))
    assert documented == described


def test_every_kind_of_error_is_documented_with_its_status() -> None:
    documented = {
        (int(status), kind)
        for status, kinds in re.findall(r"^\| (\d{3}) \| (`[^|]+`) \|", DOCS, re.MULTILINE)
        for kind in re.findall(r"`(\w+)`", kinds)
    }
    known = {(int(status_of(kind("said"))), kind.kind) for kind in with_all_below(OnrecordError)}
    assert {"busy", "failed", "model", "not_ready"} <= {kind for _, kind in known}
    assert known | {(500, INTERNAL)} <= documented


def test_the_python_example_runs(
    address: str, assistant: ProgramsAssistant, capsys: pytest.CaptureFixture[str]
) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", DOCS, re.DOTALL)
    exec(example.replace(ADDRESS, address), {})
    printed = capsys.readouterr().out.splitlines()
    assert printed[0].startswith("[1] ")
    assert printed[-1] == assistant.script[-1][0]
