"""Whether a name and a password are somebody's: decided once, and not for those who guess."""

from __future__ import annotations

import hmac
import json
import logging
import secrets
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import anyio
from pydantic import SecretStr

from onrecord.api.tries import Tries
from onrecord.errors import OnrecordError, UsersError
from onrecord.types import Value
from onrecord.users import UsersFile, is_right

_MOST_REMEMBERED = 1024

log = logging.getLogger(__name__)


class LoginError(OnrecordError):
    """There is no name and password, or not the right ones."""

    kind = "login"


class ShutError(OnrecordError):
    """Nobody can be let in, as the users file is."""

    kind = "shut"


class GuessingError(OnrecordError):
    """Too many wrong passwords came from a client.

    Attributes:
        seconds: How long it has to wait.
    """

    kind = "guessing"

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Too many wrong passwords; try again in {seconds} seconds.")
        self.seconds = seconds


class Credentials(Value):
    """What somebody gives to be let in."""

    name: str
    password: SecretStr


class Door:
    """Lets in whom the users file names. Belongs to one event loop.

    Args:
        users: The users file.
        clock: Returns the time in seconds.
    """

    def __init__(self, users: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._file = UsersFile(users)
        self._tries = Tries(clock)
        self._key = secrets.token_bytes(32)
        self._right: dict[bytes, None] = {}
        self._turn = anyio.Lock()
        self._fault = ""

    async def check(self, client: str, given: Credentials | None) -> None:
        """Return if somebody is to be let in.

        Args:
            client: Where it comes from.
            given: What it has given, if anything.

        Raises:
            LoginError: That is not a user's name and password.
            GuessingError: Too many others were tried from there.
            ShutError: The users file cannot be used; the log says why.
        """
        users = self._users()
        if given is None:
            raise LoginError("Log in with your name and password (HTTP Basic authentication).")
        self._check_pause(client)
        hashed = self._hash_for(users, given.name)
        proof = self._proof(hashed, given.name, given.password.get_secret_value())
        if proof in self._right:
            return
        # One at a time: that leaves the other cores to the model, and side by side nobody could
        # try more than is counted.
        async with self._turn:
            self._check_pause(client)
            if not await self._is_right(client, proof, given, hashed, given.name in users):
                raise LoginError("The name or the password is wrong.")

    async def _is_right(
        self, client: str, proof: bytes, given: Credentials, hashed: str, is_known: bool
    ) -> bool:
        if proof in self._right:
            return True
        if self._tries.was_wrong(client, proof):
            return False
        password = given.password.get_secret_value()
        if await anyio.to_thread.run_sync(is_right, password, hashed) and is_known:
            if len(self._right) >= _MOST_REMEMBERED:
                del self._right[next(iter(self._right))]
            self._right[proof] = None
            return True
        self._tries.add(client, proof)
        return False

    def _users(self) -> Mapping[str, str]:
        try:
            users = self._file.users()
        except UsersError as error:
            if str(error) != self._fault:
                self._fault = str(error)
                log.error("Nobody can log in: %s", error)
            raise ShutError("Nobody can log in at present; the server's log says why.") from error
        self._fault = ""
        return users

    def _check_pause(self, client: str) -> None:
        if seconds := self._tries.pause(client):
            raise GuessingError(seconds)

    def _hash_for(self, users: Mapping[str, str], name: str) -> str:
        """Return what a password is compared with.

        For an unknown name it is some user's hash, always the same one's: so the answer takes as
        long as for a name that is known, however many rounds the file's hashes have.
        """
        number = int.from_bytes(hmac.digest(self._key, _bytes(name), "sha256"))
        return users.get(name) or list(users.values())[number % len(users)]

    def _proof(self, *parts: str) -> bytes:
        """Return what stands for a try in memory; with the hash in it, it dies with that."""
        return hmac.digest(self._key, _bytes(*parts), "sha256")


def _bytes(*parts: str) -> bytes:
    return json.dumps(parts).encode()
