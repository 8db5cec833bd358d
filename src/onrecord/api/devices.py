"""Who has been let in before, told by a cookie: others who guess at their address are others.

It lets nobody in. A password that is known to be right could not tell it: then whoever has to wait
could still go on guessing, and see by that who has logged in with what.
"""

from __future__ import annotations

import hmac
import secrets

from starlette.requests import HTTPConnection

_COOKIE = "onrecord-device"
_SECONDS = 30 * 86_400


class Devices:
    """Gives devices a cookie each, and knows them by it until the process ends."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)

    def of(self, request: HTTPConnection, name: str) -> str | None:
        """Return what stands for the device that asks, if this user was let in from it before."""
        device, _, proof = request.cookies.get(_COOKIE, "").partition(".")
        is_theirs = hmac.compare_digest(proof.encode(), self._proof(device, name).encode())
        return f"device {device}" if is_theirs else None

    def cookie(self, request: HTTPConnection, name: str) -> str:
        """Return a header's value that has the device known from then on, to this user alone."""
        device = secrets.token_hex(16)
        secure = "; Secure" if request.url.scheme in ("https", "wss") else ""
        return (
            f"{_COOKIE}={device}.{self._proof(device, name)}; Path=/; Max-Age={_SECONDS}; "
            f"HttpOnly; SameSite=Lax{secure}"
        )

    def _proof(self, device: str, name: str) -> str:
        return hmac.digest(self._key, f"{device}.{name}".encode(), "sha256").hex()
