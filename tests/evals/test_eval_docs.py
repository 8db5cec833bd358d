"""What the documents say of the command is so."""

import re
from pathlib import Path

import pytest
import typer
import yaml

from onrecord import cli
from onrecord.evals import Fact

DOCS = Path(__file__).parents[2] / "docs"
GUIDE = (DOCS / "evals.md").read_text(encoding="utf-8")
WORKFLOW = (DOCS / "ci-example.yml").read_text(encoding="utf-8")


def options() -> set[str]:
    context = typer.Context(typer.main.get_command(cli.app))
    command = context.command.get_command(context, "eval")  # type: ignore[attr-defined]
    return {name for known in command.params for name in (*known.opts, *known.secondary_opts)}


def test_every_option_of_the_guide_is_one_of_the_command() -> None:
    named = set(re.findall(r"--[a-z][a-z-]+", GUIDE))
    assert named
    assert named <= options()


def test_the_guide_leaves_out_no_option() -> None:
    said = set(re.findall(r"--[a-z][a-z-]+", GUIDE))
    known_elsewhere = {"--model", "--cache", "--help"}
    assert {name for name in options() if name.startswith("--")} - known_elsewhere <= said


def steps() -> list[dict[str, str]]:
    steps: list[dict[str, str]] = yaml.safe_load(WORKFLOW)["jobs"]["eval"]["steps"]
    return steps


def test_the_workflow_calls_the_command_as_it_is() -> None:
    calls = [step["run"] for step in steps() if "onrecord eval" in step.get("run", "")]
    assert len(calls) == 2
    named = {name for call in calls for name in re.findall(r"--[a-z][a-z-]+", call)}
    assert {"--check", "--junit", "--markdown", "--fail-on-regression"} <= named <= options()


@pytest.mark.parametrize("words", ["GITHUB_STEP_SUMMARY", "upload-artifact", "cache/save"])
def test_the_workflow_keeps_and_publishes_failed_runs_too(words: str) -> None:
    found = [step for step in steps() if words in f"{step.get('run')} {step.get('uses')}"]
    assert found
    assert all("!cancelled()" in step["if"] for step in found)


def test_the_workflow_names_its_actions_by_commit_and_keeps_no_credentials() -> None:
    used = [step for step in steps() if "uses" in step]
    assert all(re.fullmatch(r"actions/[a-z/-]+@[0-9a-f]{40}", step["uses"]) for step in used)
    (checkout,) = (step for step in used if "checkout" in step["uses"])
    assert checkout["with"] == {"persist-credentials": False}
    assert yaml.safe_load(WORKFLOW)["permissions"] == {}


def test_the_fact_in_the_guide_is_a_fact() -> None:
    (line,) = re.findall(r"^\{.*\}$", GUIDE, re.MULTILINE)
    assert Fact.model_validate_json(line).answerable
