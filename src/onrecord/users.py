"""Who may log in: a file of names and password hashes, as `htpasswd -B` writes it too."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from unicodedata import normalize

import bcrypt
from filelock import FileLock, Timeout

from onrecord.errors import UsersError
from onrecord.files import write_whole

# bcrypt reads no more than 72 bytes. A longer password is refused, not hashed down to that length
# first: so the file stays one that other programs can write and read.
MOST_BYTES = 72
_FEWEST_CHARACTERS = 8
_ROUNDS = 12
_PATIENCE = 20.0  # seconds to wait for another who changes the file
_PRIVATE = 0o600
_NAME = re.compile(r"[\w.@+-]{1,64}")
# At most 2 to the 15 rounds: more take many seconds, and then nobody else can log in.
_HASH = re.compile(
    r"\$2[aby]\$(?:0[4-9]|1[0-5])\$[./A-Za-z0-9]{21}[.Oeu][./A-Za-z0-9]{31}", re.ASCII
)


class UsersFile:
    """The users of a file, as it is now.

    Args:
        path: The file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, ...] | None = None
        self._users: Mapping[str, str] = {}

    def users(self) -> Mapping[str, str]:
        """Return the hash of each user's password; the file is read when it has changed.

        Raises:
            UsersError: The file cannot be read, others can read it, it is malformed, or it names
                nobody.
        """
        seen = _look_of(self._path)
        if seen != self._seen:
            self._users = read_users(self._path)
            self._seen = seen
        if not self._users:
            raise UsersError(
                f"{self._path} names nobody who may log in; run `onrecord user add NAME`."
            )
        return self._users


def read_users(path: Path) -> dict[str, str]:
    """Return the hash of each user's password.

    Raises:
        UsersError: The file cannot be read, others can read it, or it is malformed.
    """
    _check_private(path)
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise _unreadable(path, error) from error
    except UnicodeDecodeError as error:
        raise UsersError(f"{path} is not UTF-8 text; {_REMEDY}") from error
    users: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        name, _, hashed = line.partition(":")
        if not _NAME.fullmatch(name) or not _HASH.fullmatch(hashed):
            raise UsersError(f"{path}, line {number}, is not `name:bcrypt-hash`; {_REMEDY}")
        if name in users:
            raise UsersError(f"{path}, line {number}: {name} stands there twice; remove one line.")
        users[name] = hashed
    return users


def set_password(path: Path, name: str, password: str) -> bool:
    """Write a user's password into the file, which need not exist yet.

    Returns:
        Whether the user is new.

    Raises:
        UsersError: The name or the password cannot be used, or the file cannot be read or written.
    """
    if not _NAME.fullmatch(name):
        raise UsersError(
            f"{name!r} cannot be a user's name; take up to 64 letters, digits and . _ @ + -"
        )
    hashed = _hash_of(password)
    with _changing(path):
        users = read_users(path) if path.exists() else {}
        _write(path, {**users, name: hashed})
    return name not in users


def remove_user(path: Path, name: str) -> None:
    """Take a user out of the file.

    Raises:
        UsersError: There is no such user, or the file cannot be read or written.
    """
    with _changing(path):
        users = read_users(path)
        if name not in users:
            raise UsersError(f"{path} has no user {name}; `onrecord user list` shows who is there.")
        del users[name]
        _write(path, users)


def is_right(password: str, hashed: str) -> bool:
    """Tell whether a password is the one that was hashed. Takes a good part of a second."""
    given = _bytes_of(password)
    return len(given) <= MOST_BYTES and bcrypt.checkpw(given, hashed.encode())


_REMEDY = "remove what is wrong there, or make the file anew with `onrecord user add NAME`."


def _hash_of(password: str) -> str:
    given = _bytes_of(password)
    if len(password) < _FEWEST_CHARACTERS:
        raise UsersError(
            f"The password is too easy to guess; take at least {_FEWEST_CHARACTERS} characters."
        )
    if len(given) > MOST_BYTES:
        raise UsersError(
            f"The password has {len(given)} bytes, and bcrypt reads no more than {MOST_BYTES}; "
            "take a shorter one."
        )
    return bcrypt.hashpw(given, bcrypt.gensalt(_ROUNDS)).decode()


def _bytes_of(password: str) -> bytes:
    """Return a password as bytes, the same whichever way a keyboard writes its accents."""
    return normalize("NFC", password).encode("utf-8", errors="surrogatepass")


@contextmanager
def _changing(path: Path) -> Iterator[None]:
    """Keep others from changing the file between reading and writing it.

    Raises:
        UsersError: It cannot be written there, or another has been changing it for long.
    """
    try:
        path.parent.stat()  # the lock would make a folder where there is none
        with FileLock(path.with_name(f"{path.name}.lock"), timeout=_PATIENCE):
            yield
    except Timeout as error:
        raise UsersError(
            f"{path} is being changed by another program. End that one, or try again."
        ) from error
    except OSError as error:
        raise UsersError(
            f"{path} cannot be written ({error.strerror}); "
            "name another file in a folder of yours with ONRECORD_USERS."
        ) from error


def _write(path: Path, users: Mapping[str, str]) -> None:
    write_whole(path, "".join(f"{name}:{users[name]}\n" for name in sorted(users)), _PRIVATE)


def _look_of(path: Path) -> tuple[int, ...]:
    """Return what is another as soon as the file, or who may read it, is."""
    try:
        found = path.stat()
    except OSError as error:
        raise _unreadable(path, error) from error
    return (found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def _check_private(path: Path) -> None:
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError as error:
        raise _unreadable(path, error) from error
    if os.name == "posix" and mode & 0o077:
        raise UsersError(
            f"{path} can be read or changed by others (its mode is {mode:04o}); "
            f"run `chmod 600 {path}`."
        )


def _unreadable(path: Path, error: OSError) -> UsersError:
    return UsersError(
        f"{path} cannot be read ({error.strerror}); name another users file with ONRECORD_USERS, "
        "or make it with `onrecord user add NAME`."
    )
