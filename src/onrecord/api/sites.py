"""Keeps the sites that a reader's browser has open apart: to this one, no other sends anything."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

from onrecord.api.problems import OtherSiteError
from onrecord.api.refusals import Guard
from onrecord.errors import OnrecordError

_CHANGE_NOTHING = ("GET", "HEAD", "OPTIONS")


class OwnAddressOnly(Guard):
    """Takes nothing that other sites have a browser send.

    A form of another site needs nobody's leave to send files, and the browser adds the login.
    """

    def objection(self, scope: Scope) -> OnrecordError | None:
        """Return why a request is refused, if it is."""
        if _is_of_another_site(scope):
            return OtherSiteError("Another site's page may send nothing here.")
        return None


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
