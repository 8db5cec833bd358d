"""How much somebody may press at the page that waits for what is being done there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

import gradio as gr
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from onrecord.api.people import person_of

JOIN = "/gradio_api/queue/join"
MOST_PRESSES = 20


class LimitedPresses:
    """Lets so many presses of each person wait; of those at this machine, as many as all may have.

    What is pressed while documents are added waits with all that it brings, such as a text that
    was pasted: nobody is to fill the memory with that, or the page's queue, where others wait too.

    Args:
        app: The application that answers.
        page: In whose queue they wait.
    """

    def __init__(self, app: ASGIApp, page: gr.Blocks) -> None:
        self._app, self._page = app, page
        self._coming: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        is_press = scope["type"] == "http" and scope["path"] == JOIN
        person = person_of(Request(scope)) if is_press else None
        if person is None:
            await self._app(scope, receive, send)
        elif self._coming[person] + self._waiting(person) >= MOST_PRESSES:
            await _refusal()(scope, receive, send)
        else:
            with self._one_more(person):
                await self._app(scope, receive, send)

    def _waiting(self, person: str) -> int:
        queues = self._page._queue.event_queue_per_concurrency_id.values()
        return sum(person_of(event.request) == person for each in queues for event in each.queue)

    @contextmanager
    def _one_more(self, person: str) -> Iterator[None]:
        self._coming[person] += 1
        try:
            yield
        finally:
            self._coming[person] -= 1
            self._coming += Counter()  # nobody is remembered of whom nothing comes


def _refusal() -> JSONResponse:
    """Return what has Gradio's page say that it is busy: that status, and JSON."""
    said = f"{MOST_PRESSES} of your presses wait here already; wait for what comes of them."
    return JSONResponse({"detail": said}, HTTPStatus.SERVICE_UNAVAILABLE)
