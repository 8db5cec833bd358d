"""Who looks for what comes of their presses, and has pressed nothing here."""

from __future__ import annotations

import gradio as gr
from starlette.requests import Request
from starlette.types import ASGIApp, Scope

from onrecord.api.lookup import NotFoundError
from onrecord.api.refusals import Guard
from onrecord.errors import OnrecordError

DATA = "/gradio_api/queue/data"


class KnownSessions(Guard):
    """Streams nothing to a page that has pressed nothing.

    Gradio notices that only when the stream has begun: too late to say it, and it fails in the
    middle. Its page takes a refusal for a lost connection, as it does what Gradio would have sent.

    Args:
        app: The application that answers.
        page: In whose queue it is looked for.
    """

    def __init__(self, app: ASGIApp, page: gr.Blocks) -> None:
        super().__init__(app)
        self._page = page

    def objection(self, scope: Scope) -> OnrecordError | None:
        """Return why a request is refused, if it is."""
        if scope["path"] != DATA:
            return None
        session = Request(scope).query_params.get("session_hash")
        if session is None or session in self._page._queue.pending_messages_per_session:
            return None  # without one, Gradio refuses it itself
        return NotFoundError("Nothing was pressed here on that page; load the page anew.")
