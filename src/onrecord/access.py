"""Who may ask where the page is served: this machine alone, those who log in, or everybody."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from onrecord.errors import AccessError
from onrecord.hosts import is_loopback
from onrecord.settings import Settings
from onrecord.types import Value
from onrecord.users import UsersFile

_LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")


class Access(Value):
    """Who may ask, beside this machine.

    Attributes:
        users: The file of those who may log in; where it is named, everybody has to.
        open: Whether others may ask with no login.
        hostnames: The names by which others reach the page; none: any name, off loopback.
    """

    users: Path | None = None
    open: bool = False
    hostnames: tuple[str, ...] = ()

    @classmethod
    def by(cls, settings: Settings) -> Self:
        """Return what the settings say."""
        return cls(users=settings.users, open=settings.open, hostnames=settings.hostnames)

    def check(self, host: str) -> None:
        """Return if the page may be served at an address.

        Raises:
            AccessError: Others could reach it, and nobody would be asked who they are.
            UsersError: Nobody could log in, as the users file is.
        """
        if self.users is not None:
            UsersFile(self.users).users()
        elif not self.open and self._is_for_others(host):
            names = ", ".join(self.hostnames)
            reached = f"by the name {names}" if names else f"on {host or 'every address'}"
            raise AccessError(
                f"Others could reach the page {reached}, and nobody would ask who they are. "
                "Make a login: set ONRECORD_USERS to the path of a file, and run "
                "`onrecord user add NAME`. Or let everybody ask, with ONRECORD_OPEN=1."
            )

    def is_for_one(self, host: str) -> bool:
        """Tell whether the page is for whoever sits at this machine, and for nobody else."""
        return self.users is None and not self._is_for_others(host)

    def names(self, host: str) -> list[str]:
        """Return the names that are answered to at an address; none: to every name.

        The machine's own names are always among them: no other site can bend one of these.
        """
        if not self.hostnames and not is_loopback(host):
            return []
        bare = host.strip("[]")
        own = f"[{bare}]" if ":" in bare else bare
        return sorted({*_LOOPBACK_NAMES, own, *self.hostnames} - {""})

    def _is_for_others(self, host: str) -> bool:
        """On loopback too, where a name of another kind says that a proxy leads others here."""
        return bool(self.hostnames) or not is_loopback(host)


ONLY_HERE = Access()
