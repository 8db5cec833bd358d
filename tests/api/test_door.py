from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
from pydantic import SecretStr

from onrecord.api import door as doors
from onrecord.api.door import Credentials, Door, GuessingError, LoginError
from onrecord.api.tries import _MOST_CLIENTS, MOST_WRONG, PAUSE_SECONDS, Tries
from onrecord.users import is_right
from tests.passwords import hashed, write_users


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What passwords were compared with, all of it in other threads than the event loop's."""
    seen: list[tuple[str, str]] = []

    def watched(password: str, with_hash: str) -> bool:
        assert threading.current_thread() is not threading.main_thread()
        seen.append((password, with_hash))
        return is_right(password, with_hash)

    monkeypatch.setattr(doors, "is_right", watched)
    return seen


def outcomes(door: Door, tries: Sequence[tuple[str, str]], client: str = "10.0.0.1") -> list[str]:
    """Return what comes of tries that are made side by side."""

    async def one(name: str, password: str) -> str:
        try:
            await door.check(client, Credentials(name=name, password=SecretStr(password)))
        except (LoginError, GuessingError) as error:
            return type(error).__name__
        return "in"

    async def all_of_them() -> list[str]:
        return await asyncio.gather(*(one(*given) for given in tries))

    return asyncio.run(all_of_them())


def test_a_password_is_compared_once_however_many_requests_come_with_it(
    tmp_path: Path, compared: list[tuple[str, str]]
) -> None:
    door = Door(write_users(tmp_path / "users", anna="the old bridge"))
    assert outcomes(door, [("anna", "the old bridge")] * 3) == ["in"] * 3
    assert outcomes(door, [("anna", "the old bridge")]) == ["in"]
    assert len(compared) == 1


def test_an_unknown_name_costs_what_a_known_one_does_and_is_not_let_in(
    tmp_path: Path, compared: list[tuple[str, str]]
) -> None:
    door = Door(write_users(tmp_path / "users", anna="the old bridge"))
    assert outcomes(door, [("bo", "the old bridge"), ("anna", "wrong")]) == ["LoginError"] * 2
    assert compared[0][1] == compared[1][1]
    assert outcomes(door, [("bo", "the old bridge")], "10.0.0.2") == ["LoginError"]


def test_side_by_side_nobody_can_guess_more_than_in_turn(
    tmp_path: Path, compared: list[tuple[str, str]]
) -> None:
    clock = Clock()
    door = Door(write_users(tmp_path / "users", anna="the old bridge"), clock)
    came = outcomes(door, [("anna", f"guess {number}") for number in range(MOST_WRONG + 5)])
    assert came == ["LoginError"] * MOST_WRONG + ["GuessingError"] * 5
    assert len(compared) == MOST_WRONG
    clock.now = PAUSE_SECONDS - 1
    assert outcomes(door, [("anna", "the old bridge")]) == ["GuessingError"]
    clock.now = PAUSE_SECONDS
    assert outcomes(door, [("anna", "the old bridge")]) == ["in"]


def test_a_password_may_be_typed_with_accents_of_either_kind(tmp_path: Path) -> None:
    door = Door(write_users(tmp_path / "users", anna="caf\u00e9 at noon"))
    assert outcomes(door, [("anna", "cafe\u0301 at noon")]) == ["in"]


def test_parts_of_what_is_given_cannot_be_shifted_into_one_another(tmp_path: Path) -> None:
    path = tmp_path / "users"
    path.write_text(f"anna:{hashed('b:the old bridge')}\n")
    path.chmod(0o600)
    door = Door(path)
    assert outcomes(door, [("anna", "b:the old bridge")]) == ["in"]
    assert outcomes(door, [("anna:b", "the old bridge")]) == ["LoginError"]


def test_of_very_many_clients_those_who_began_first_are_forgotten() -> None:
    tries = Tries(Clock())
    for number in range(MOST_WRONG):
        tries.add("first", bytes([number]))
    assert tries.pause("first") == PAUSE_SECONDS
    for number in range(_MOST_CLIENTS):
        tries.add(str(number), b"")
    assert tries.pause("first") == 0
    assert tries.was_wrong("0", b"")
    assert len(tries._clients) == _MOST_CLIENTS
