"""No request fetches a file through the page, neither of the server's nor of elsewhere."""

from __future__ import annotations

import re

from starlette.types import ASGIApp, Receive, Scope, Send

from onrecord.api.lookup import NotFoundError
from onrecord.api.refusals import refusal

# Gradio hands out what its page has shown (here, none), and whatever stands at an address.
_FILES = re.compile(r"(?:/gradio_api)?/(?:file|proxy)[=/]")


class NoFiles:
    """Knows nothing at the addresses at which Gradio hands out files.

    What anybody sends, or names as an address, would come from this server, which a browser trusts.

    Args:
        app: The application that answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        app = self._app
        if scope["type"] == "http" and _FILES.match(scope["path"]):
            app = refusal(scope, NotFoundError("There are no files at this address."))
        await app(scope, receive, send)
