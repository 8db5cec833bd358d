"""A Chroma server that keeps the index of several machines: where it is, and its token."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

from pydantic import SecretStr

from onrecord.errors import StoreError
from onrecord.settings import Settings
from onrecord.types import Value

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
_PORTS = {"http": 80, "https": 443}
_FORM = "ONRECORD_CHROMA is to be http://host:port or https://host:port"


class ChromaServer(Value):
    """Where a Chroma server is, and what it wants to be shown.

    Attributes:
        scheme: "http" or "https".
        host: Its name or number; one of IPv6 stands in brackets.
        port: Its port.
        tenant: Whose the database is.
        database: What the index is kept in.
        token: What the server, or the gateway before it, asks for.
    """

    scheme: str
    host: str
    port: int
    tenant: str
    database: str
    token: SecretStr | None = None

    @property
    def address(self) -> str:
        """Its address, with nothing secret in it."""
        return f"{self.scheme}://{self.host}:{self.port}"

    @property
    def headers(self) -> dict[str, str]:
        """The token in the two ways that there are: gateways read the one, Chroma the other."""
        if self.token is None:
            return {}
        token = self.token.get_secret_value()
        return {"Authorization": f"Bearer {token}", "X-Chroma-Token": token}


def chroma_server(settings: Settings) -> ChromaServer | None:
    """Return the server that keeps the index; None where this machine does.

    Raises:
        StoreError: The address, the token or a name is of no use. None is repeated in the message.
    """
    if not settings.chroma:
        return None
    parts, port = _split(settings.chroma.strip())
    host = parts.hostname or ""
    return ChromaServer(
        scheme=parts.scheme,
        host=f"[{host}]" if ":" in host else host,
        port=port or _PORTS[parts.scheme],
        token=_token(settings),
        tenant=_named("ONRECORD_CHROMA_TENANT", settings.chroma_tenant),
        database=_named("ONRECORD_CHROMA_DATABASE", settings.chroma_database),
    )


def _split(address: str) -> tuple[SplitResult, int | None]:
    if "@" in address:
        raise StoreError(f"{_FORM}, with no user or password; a token is ONRECORD_CHROMA_TOKEN.")
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise StoreError(f"{_FORM}; what it holds is no address.") from None
    if parts.scheme not in _PORTS or not parts.hostname:
        raise StoreError(f"{_FORM}; it does not begin with http:// or https:// and a host.")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise StoreError(f"{_FORM}, with nothing behind the port.")
    return parts, port


def _named(setting: str, name: str) -> str:
    """Return a name that can stand in the path of an address, in which Chroma's client puts it."""
    if not _NAME.fullmatch(name):
        raise StoreError(
            f"{setting} is no name; it has letters, digits, '-', '_' and '.', and begins with a "
            "letter or a digit."
        )
    return name


def _token(settings: Settings) -> SecretStr | None:
    token = settings.chroma_token.get_secret_value() if settings.chroma_token else ""
    if not token:
        return None
    if not (token.isascii() and token.isprintable()) or " " in token:
        raise StoreError("ONRECORD_CHROMA_TOKEN has a character that no token has; copy it again.")
    return settings.chroma_token
