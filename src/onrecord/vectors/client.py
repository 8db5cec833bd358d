"""Chroma's client of a server, opened once it is known that the server answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import httpx

from onrecord.errors import StoreError
from onrecord.hosts import is_loopback
from onrecord.vectors.failures import explained, goes_through_proxy
from onrecord.vectors.server import ChromaServer

if TYPE_CHECKING:
    from chromadb.api import ClientAPI

_PATIENCE = 10.0  # seconds for the first answers; what comes behind them may be slow work
_SILENCE = 60.0  # seconds in the middle of that, in which nothing at all is heard
_IDENTITY = "auth/identity"


def knock(server: ChromaServer) -> None:
    """Ask a server who it takes us for, and for its database: is it there, and Chroma, and well?

    Raises:
        StoreError: It does not answer in time, or as Chroma does, or refuses the token.
    """
    _refuse_proxy(server)
    if '"tenant"' not in _asked(server, _IDENTITY):
        raise StoreError(
            f"What answers at {server.address} (ONRECORD_CHROMA) is no Chroma server of version "
            "1.0 or newer; put the address right."
        )
    # Who it takes us for, a server says that cannot reach its disk.
    _asked(server, f"tenants/{server.tenant}/databases/{server.database}")


def connect(server: ChromaServer) -> ClientAPI:
    """Return a client of a server that answers, and that is not waited for when it falls silent.

    Raises:
        StoreError: As for `knock`.
    """
    import chromadb
    from chromadb.config import Settings as ChromaSettings

    knock(server)  # Chroma's own client would wait for ever
    # What Chroma's client would otherwise take from its own variables, or from a file .env here.
    ours = ChromaSettings(
        anonymized_telemetry=False,
        chroma_server_host=server.address,
        chroma_server_http_port=server.port,
        chroma_server_ssl_verify=_shows_certificate(server),
        chroma_client_auth_provider=None,
    )
    with explained(server):
        client = chromadb.HttpClient(
            host=server.address,  # whole: it takes a name that begins with "http" for an address
            port=server.port,
            ssl=server.scheme == "https",
            headers=server.headers,
            settings=ours,
            tenant=server.tenant,
            database=server.database,
        )
    # It has no setting for this, and would wait for ever (chromadb 1.5: api/fastapi.py).
    cast(Any, client)._server._session.timeout = httpx.Timeout(_SILENCE, connect=_PATIENCE)
    return client


def _asked(server: ChromaServer, path: str) -> str:
    with explained(server):
        answer = httpx.get(
            f"{server.address}/api/v2/{path}",
            headers=server.headers,
            timeout=_PATIENCE,
            verify=_shows_certificate(server),
        )
        answer.raise_for_status()
    return answer.text


def _refuse_proxy(server: ChromaServer) -> None:
    """A proxy elsewhere would look for this machine's server on its own; Chroma would ask it."""
    if is_loopback(server.host) and goes_through_proxy(server):
        raise StoreError(
            f"ONRECORD_CHROMA ({server.address}) is on this machine, but would be asked for "
            f"through the proxy that the environment names; set NO_PROXY={server.host.strip('[]')}."
        )


def _shows_certificate(server: ChromaServer) -> bool:
    """Tell whether there is a certificate to check; to read those that are trusted takes time."""
    return server.scheme == "https" or goes_through_proxy(server)
