"""What goes wrong with a Chroma server, in words that say what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.request import getproxies, proxy_bypass

import httpx

from onrecord.errors import LostIndexError, StoreError
from onrecord.vectors.server import ChromaServer


@contextmanager
def explained(server: ChromaServer) -> Iterator[None]:
    """Turn what goes wrong with a server into a `StoreError` that says what to do.

    Raises:
        LostIndexError: The server no longer has what it had.
        StoreError: It cannot be used.
    """
    try:
        yield
    except Exception as error:
        if not _is_of_chroma(error):
            raise
        raise _failure(server, error) from error


def goes_through_proxy(server: ChromaServer) -> bool:
    """Tell whether the environment names a proxy through which a server would be asked."""
    proxies = getproxies()
    named = proxies.get(server.scheme) or proxies.get("all")
    return bool(named) and not proxy_bypass(server.host.strip("[]"))


def _is_of_chroma(error: Exception) -> bool:
    """Tell whether an error may be Chroma's: bare ones are, for what its client does not know."""
    from chromadb.errors import ChromaError

    kinds = ChromaError | httpx.HTTPError | httpx.InvalidURL | OSError | ValueError | RuntimeError
    return isinstance(error, kinds) or type(error) is Exception


def _failure(server: ChromaServer, error: Exception) -> StoreError:
    from chromadb.errors import InternalError, NotFoundError

    through = " It was asked through the proxy that the environment names."
    message = (
        f"The Chroma server at {server.address} (ONRECORD_CHROMA) {_what(server, error)}"
        f"{through if goes_through_proxy(server) else ''}"
    )
    if isinstance(error, NotFoundError | InternalError):
        return LostIndexError(message)
    return StoreError(message)


def _what(server: ChromaServer, error: Exception) -> str:
    from chromadb.errors import AuthorizationError, ChromaAuthError

    chain = tuple(_chain(error))
    if isinstance(error, ChromaAuthError | AuthorizationError):
        return _about_status(server, 401)
    if known := _about_status(server, _status(chain)):
        return known
    if any(isinstance(each, httpx.ReadTimeout | httpx.WriteTimeout) for each in chain):
        return (
            "does not answer: it was reached, and then said nothing more. Ask again; if it stays "
            "silent, start it again (it keeps what it has), and see that the address is right."
        )
    if any(isinstance(each, httpx.TimeoutException) for each in chain):
        return "does not answer; is it running, and is the address right?"
    if any(isinstance(each, httpx.TransportError) for each in chain):
        host = server.host.strip("[]")
        return (
            f"cannot be reached, or broke off ({str(chain[-1])[:200]}). Start it (`chroma run "
            f"--host {host} --port {server.port}`), put the address right, or unset "
            "ONRECORD_CHROMA to keep the index on this machine."
        )
    return (
        f"cannot be used ({type(error).__name__}: {str(error)[:300]}). Is its disk full? It holds "
        "nothing that cannot be made again: let it begin with an empty folder, or unset "
        "ONRECORD_CHROMA to keep the index on this machine."
    )


def _about_status(server: ChromaServer, status: int | None) -> str:
    if status in (401, 403):
        return f"refuses the token ({status}); check ONRECORD_CHROMA_TOKEN."
    if status in (404, 405, 410):
        return (
            f"has no database {server.database} of tenant {server.tenant}, or does not answer as "
            f"Chroma 1.0 or newer does ({status}); make it there, or put ONRECORD_CHROMA_DATABASE, "
            "ONRECORD_CHROMA_TENANT or the address right."
        )
    if status in (502, 503, 504):
        return f"is not ready ({status}); ask again in a moment."
    return ""


def _status(chain: tuple[BaseException, ...]) -> int | None:
    """Return the HTTP status that lies behind an error, if one does."""
    refusals = (each for each in chain if isinstance(each, httpx.HTTPStatusError))
    return next((refusal.response.status_code for refusal in refusals), None)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and what lies behind it: Chroma's client hides what it was told."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
