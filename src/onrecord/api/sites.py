"""Keeps the sites that a reader's browser has open apart: to this one, no other sends anything."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from onrecord.api.problems import OtherSiteError
from onrecord.api.refusals import refusal

_CHANGE_NOTHING = ("GET", "HEAD", "OPTIONS")


class OwnAddressOnly:
    """Takes nothing that other sites have a browser send.

    A form of another site needs nobody's leave to send files, and the browser adds the login.

    Args:
        app: The application that answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        app = self._app
        if scope["type"] == "http" and _is_of_another_site(scope):
            app = refusal(scope, OtherSiteError("Another site's page may send nothing here."))
        await app(scope, receive, send)


def _is_of_another_site(scope: Scope) -> bool:
    """Tell whether a browser sends what another site's page has given it.

    Browsers say so themselves where the connection is secure or stays on the machine; elsewhere
    they name the site. What is no browser says neither.
    """
    if scope["method"] in _CHANGE_NOTHING:
        return False
    headers = Headers(scope=scope)
    if site := headers.get("sec-fetch-site"):
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host")
