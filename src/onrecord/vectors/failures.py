"""What goes wrong with a Chroma server, in words that say what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.request import getproxies, proxy_bypass

import httpx

from onrecord.errors import LostIndexError, OnrecordError, StoreError
from onrecord.vectors.server import ChromaServer


@contextmanager
def explained(server: ChromaServer) -> Iterator[None]:
    """Turn what goes wrong with a server into a `StoreError` that says what to do.

    It catches everything, as `models/failures.py` does: of an answer that it does not know,
    Chroma's client makes a bare `Exception`.

    Raises:
        LostIndexError: The server no longer has what it had.
        StoreError: Anything else was raised in the block.
    """
    try:
        yield
    except OnrecordError:
        raise
    except Exception as error:
        raise _failure(server, error) from error


def goes_through_proxy(server: ChromaServer) -> bool:
    """Tell whether the environment names a proxy through which a server would be asked."""
    proxies = getproxies()
    named = proxies.get(server.scheme) or proxies.get("all")
    return bool(named) and not proxy_bypass(server.host.strip("[]"))


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
        return _about_status(401)
    if known := _about_status(_status(chain)):
        return known
    if any(isinstance(each, httpx.TimeoutException) for each in chain):
        return "does not answer; is it running, and is the address right?"
    if any(isinstance(each, httpx.TransportError) for each in chain):
        return (
            f"cannot be reached, or broke off ({str(chain[-1])[:200]}). Start it (`chroma run "
            f"--host {server.host} --port {server.port}`), put the address right, or unset "
            "ONRECORD_CHROMA to keep the index on this machine."
        )
    return (
        f"cannot be used ({type(error).__name__}: {str(error)[:300]}). Is its disk full? It holds "
        "nothing that cannot be made again: let it begin with an empty folder, or unset "
        "ONRECORD_CHROMA to keep the index on this machine."
    )


def _about_status(status: int | None) -> str:
    if status in (401, 403):
        return f"refuses the token ({status}); check ONRECORD_CHROMA_TOKEN."
    if status in (404, 405, 410):
        return f"does not answer as Chroma 1.0 or newer does ({status}); is the address right?"
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
