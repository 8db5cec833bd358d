from __future__ import annotations

import stat
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from filelock import FileLock

from onrecord import users
from onrecord.errors import UsersError
from onrecord.users import UsersFile, is_right, read_users, remove_user, set_password
from tests.passwords import hashed, write_users


def test_users_are_added_changed_and_removed_in_a_file_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "users"
    assert set_password(path, "bo", "ferries at dawn")
    assert set_password(path, "anna", "the old bridge")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    first = read_users(path)
    assert list(first) == ["anna", "bo"]
    assert "bridge" not in path.read_text()
    assert not set_password(path, "anna", "the new bridge")
    assert read_users(path)["bo"] == first["bo"]
    assert is_right("the new bridge", read_users(path)["anna"])
    assert not is_right("the old bridge", read_users(path)["anna"])
    remove_user(path, "anna")
    assert list(read_users(path)) == ["bo"]
    with pytest.raises(UsersError, match="no user anna"):
        remove_user(path, "anna")
    assert {each.name for each in tmp_path.iterdir()} <= {"users", "users.lock"}


def test_users_who_are_added_and_removed_at_once_are_none_of_them_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_users(tmp_path / "users", gone="the old bridge")
    monkeypatch.setattr(users, "_ROUNDS", 4)

    def read_slowly(file: Path) -> dict[str, str]:
        found = read_users(file)
        time.sleep(0.05)
        return found

    monkeypatch.setattr(users, "read_users", read_slowly)
    with ThreadPoolExecutor() as people:
        adding = [people.submit(set_password, path, name, "the old bridge") for name in "abc"]
        removing = people.submit(remove_user, path, "gone")
    assert [each.result() for each in (*adding, removing)] == [True, True, True, None]
    assert list(read_users(path)) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("name", "password", "why"),
    [
        ("a:b", "the old bridge", "'a:b' cannot be a user's name"),
        ("", "the old bridge", "cannot be a user's name"),
        ("a\nb", "the old bridge", "cannot be a user's name"),
        ("anna", "short", "at least 8 characters"),
        ("anna", "é" * 37, "74 bytes.*72"),
    ],
)
def test_what_cannot_be_a_name_or_a_password_is_refused(
    tmp_path: Path, name: str, password: str, why: str
) -> None:
    with pytest.raises(UsersError, match=why):
        set_password(tmp_path / "users", name, password)
    assert not (tmp_path / "users").exists()


def test_a_password_that_is_as_long_as_can_be_is_taken_whole() -> None:
    longest = "x" * 72
    assert is_right(longest, hashed(longest))
    assert not is_right("x" * 71, hashed(longest))
    assert not is_right(longest + "y", hashed(longest))


def test_a_file_of_htpasswd_can_be_read(tmp_path: Path) -> None:
    path = write_users(tmp_path / "users", anna="the old bridge")
    path.write_text(path.read_text().replace("$2b$", "$2y$"))
    assert is_right("the old bridge", read_users(path)["anna"])


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("anna\n", "line 1, is not `name:bcrypt-hash`"),
        ("anna:the old bridge\n", "line 1, is not"),
        ("anna:$2b$04$short\n", "line 1, is not"),
        ("HASH anna\n", "line 1, is not"),
        ("anna:HASH\n\nbo:HASH\n", "line 2, is not"),
        ("anna:HASH\nanna:HASH\n", "line 2: anna stands there twice"),
        ("anna:SLOW\n", "line 1, is not"),
        ("\xff\xfe", "not UTF-8"),
    ],
)
def test_what_is_no_users_file_is_told_in_words(tmp_path: Path, text: str, why: str) -> None:
    path = tmp_path / "users"
    once = hashed("the old bridge")
    text = text.replace("HASH", once).replace("SLOW", once.replace("$04$", "$31$"))
    path.write_bytes(text.encode("latin-1"))
    path.chmod(0o600)
    with pytest.raises(UsersError, match=why) as told:
        read_users(path)
    assert str(path) in str(told.value)
    assert once not in str(told.value)


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o602])
def test_a_file_that_others_can_read_or_change_is_refused(tmp_path: Path, mode: int) -> None:
    path = write_users(tmp_path / "users", anna="the old bridge")
    path.chmod(mode)
    with pytest.raises(UsersError, match=f"its mode is 0{mode:o}.*chmod 600 {path}"):
        read_users(path)


def test_a_file_that_is_not_there_or_names_nobody_is_told_in_words(tmp_path: Path) -> None:
    path = tmp_path / "users"
    with pytest.raises(UsersError, match=f"{path} cannot be read .*onrecord user add NAME"):
        UsersFile(path).users()
    with pytest.raises(UsersError, match="cannot be read"):
        UsersFile(tmp_path).users()
    write_users(path)
    with pytest.raises(UsersError, match=r"names nobody.*onrecord user add NAME"):
        UsersFile(path).users()


def test_a_folder_that_is_not_there_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(UsersError, match=r"cannot be written .*ONRECORD_USERS"):
        set_password(tmp_path / "none" / "users", "anna", "the old bridge")


def test_another_program_that_changes_the_file_for_long_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_users(tmp_path / "users", anna="the old bridge")
    monkeypatch.setattr(users, "_PATIENCE", 0.01)
    with (
        FileLock(tmp_path / "users.lock"),
        pytest.raises(UsersError, match="is being changed by another program"),
    ):
        remove_user(path, "anna")
    assert list(read_users(path)) == ["anna"]
