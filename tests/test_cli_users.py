from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from onrecord import cli
from onrecord.errors import UsersError
from onrecord.users import is_right, read_users


@pytest.fixture
def users(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ONRECORD_USERS", str(tmp_path / "users"))
    return tmp_path / "users"


def user(*arguments: str, typed: str = "") -> str:
    result = CliRunner().invoke(cli.app, ["user", *arguments], input=typed)
    if result.exception:
        raise result.exception
    return result.stdout


def test_users_are_added_listed_changed_and_removed(users: Path) -> None:
    assert "anna may log in" in user("add", "anna", typed="the old bridge\n")
    assert "anna has another password" in user("add", "anna", typed="the new bridge\r\n")
    assert is_right("the new bridge", read_users(users)["anna"])
    assert user("list") == "anna\n"
    assert "anna may no longer log in" in user("remove", "anna")
    assert user("list") == ""


def test_an_empty_input_is_no_password(users: Path) -> None:
    with pytest.raises(UsersError, match="at least 8 characters"):
        user("add", "anna")
    assert not users.exists()


def test_without_a_file_it_is_said_how_to_name_one(
    users: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ONRECORD_USERS")
    with pytest.raises(UsersError, match="set ONRECORD_USERS"):
        user("list")


def test_at_a_terminal_the_password_is_asked_for_twice_and_not_shown(users: Path) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "onrecord", "user", "add", "anna"]
    asking = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    )
    os.close(theirs)
    shown = b""
    for typed in (
        b"the old bridge\n",
        b"the odd bridge\n",
        b"the old bridge\n",
        b"the old bridge\n",
    ):
        shown += _until(ours, b": ")
        os.write(ours, typed)
    shown += _until(ours, b"users.")
    assert asking.wait(30) == 0
    os.close(ours)
    assert b"bridge" not in shown
    assert shown.count(b"Once more") == 2
    assert is_right("the old bridge", read_users(users)["anna"])


def _until(terminal: int, words: bytes) -> bytes:
    shown = b""
    while not shown.rstrip(b"\r\n").endswith(words):
        shown += os.read(terminal, 1024)
    return shown
