"""What deploy/ and docs/deployment.md name is there: settings, commands, volumes, addresses."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from onrecord import cli
from onrecord.api.pending import MOST_PENDING
from onrecord.api.refusals import API_PREFIX
from onrecord.api.standing import HEALTH
from onrecord.models.lending import Lender
from onrecord.settings import Settings

ROOT = Path(__file__).parents[1]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text("utf-8"))
OURS = {name: it for name, it in COMPOSE["services"].items() if it["image"] == "onrecord"}
DOCKERFILE = (ROOT / "deploy/Dockerfile").read_text("utf-8")
GUIDE = (ROOT / "docs/deployment.md").read_text("utf-8")
SETTINGS = {f"ONRECORD_{name.upper()}" for name in Settings.model_fields}


def command(name: str) -> Any:
    context = typer.Context(typer.main.get_command(cli.app))
    return context.command.get_command(context, name)  # type: ignore[attr-defined]


@pytest.mark.parametrize("text", [str(COMPOSE), DOCKERFILE, GUIDE])
def test_every_variable_is_a_setting(text: str) -> None:
    named = set(re.findall(r"ONRECORD_[A-Z_]+", text))
    assert named
    assert named <= SETTINGS


def test_every_command_of_the_guide_is_one() -> None:
    named = set(re.findall(r"(?:`|\) )onrecord ([a-z]+)", GUIDE))
    named |= set(re.findall(r"compose run --rm (?:--no-deps )?app ([a-z]+)", GUIDE))
    assert {"serve", "engine", "doctor"} <= named
    assert all(command(name) for name in named)
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z]+)", GUIDE)) <= targets


@pytest.mark.parametrize("name", ["app", "engine"])
def test_every_part_is_started_as_the_command_takes_it(name: str) -> None:
    start = re.search(r"^CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)
    assert start
    given = OURS[name].get("command") or yaml.safe_load(start[1])
    known = {
        option
        for param in command(given[0]).params
        for option in (*param.opts, *param.secondary_opts)
    }
    assert {word for word in given if word.startswith("--")} <= known


@pytest.mark.parametrize("name", OURS)
def test_every_part_may_do_little_and_is_looked_after(name: str) -> None:
    part = OURS[name]
    assert part["read_only"]
    assert part["cap_drop"] == ["ALL"]
    assert part["security_opt"] == ["no-new-privileges:true"]
    assert part["networks"] == ["inside"]
    assert "ports" not in part
    assert COMPOSE["networks"]["inside"]["internal"]
    assert "urlopen" in part["healthcheck"]["test"][-1]


def test_nobody_is_root_and_what_is_written_to_is_a_volume() -> None:
    assert re.search(r"^USER onrecord$", DOCKERFILE, re.MULTILINE)
    owned = set(re.findall(r"(?<= )/[a-z]+\b", "".join(re.findall(r"install --dir.*", DOCKERFILE))))
    mounted = {volume.rpartition(":")[2] for part in OURS.values() for volume in part["volumes"]}
    assert mounted <= owned
    kept = set(re.findall(r"ONRECORD_\w+_DIR=(/[a-z]+)", DOCKERFILE))
    app = {volume.rpartition(":")[2] for volume in OURS["app"]["volumes"]}
    assert kept <= app
    named = {
        volume.partition(":")[0] for it in COMPOSE["services"].values() for volume in it["volumes"]
    }
    assert {name for name in named if re.fullmatch(r"[a-z-]+", name)} == set(COMPOSE["volumes"])


def test_the_health_that_is_asked_for_is_told_without_a_login_or_a_key() -> None:
    asked = {name: part["healthcheck"]["test"][-1] for name, part in OURS.items()}
    assert f":7860{API_PREFIX}{HEALTH}'" in asked["app"]
    lent = Lender(None, "key", 1.0).app()  # type: ignore[arg-type]
    (path,) = re.findall(r"8100(/[a-z]+)'", asked["engine"])
    assert path in {route.path for route in lent.routes}  # type: ignore[attr-defined]


def test_what_waits_to_be_added_has_room() -> None:
    for part in OURS.values():
        size = re.search(r"^/tmp:size=(\d+)m$", *part["tmpfs"])
        assert size
        assert int(size[1]) * 1_000_000 > 2 * MOST_PENDING
