"""Keeps the sites that a reader's browser has open apart: from this one, no other gets anything."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from onrecord.api.problems import OtherSiteError
from onrecord.api.refusals import refusal

# Gradio's front end runs inline scripts and compiles templates; everything that it needs
# comes from the page's own address, and the browser is told to load nothing else. No other site
# may show the page in a frame, where readers could be led to click what they do not see.
_POLICY = (
    "default-src 'self' data: blob:; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; connect-src 'self'; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
}
_CHANGE_NOTHING = ("GET", "HEAD", "OPTIONS")


class OwnAddressOnly:
    """Tells the browser to keep to this address, and takes nothing that other sites have it send.

    A form of another site needs nobody's leave to send files, and the browser adds the login.

    Args:
        app: The application that answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, with what the browser is told among the response's headers."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        app = self._app
        if scope["type"] == "http" and _is_of_another_site(scope):
            app = refusal(scope, OtherSiteError("Another site's page may send nothing here."))
        await app(scope, receive, send_with_headers)


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
