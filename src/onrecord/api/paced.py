"""Refuses who asks, searches, reads or sends files far more often than anybody reads."""

from __future__ import annotations

import time
from collections.abc import Callable

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from onrecord.api.pace import HastyError, Pace
from onrecord.api.people import person_of
from onrecord.api.refusals import API_PREFIX, refusal
from onrecord.api.uploads import UPLOAD

MCP_PATH = "/mcp"

MOST_A_MINUTE = {
    f"{API_PREFIX}/ask": 600,
    f"{API_PREFIX}/search": 60,
    f"{API_PREFIX}/documents": 300,
    f"{API_PREFIX}/sentences": 300,
    MCP_PATH: 120,
    UPLOAD: 20,
}
"""Requests of one person, by where they go and what is below that.

Questions have their line besides, but for those that are answered at once, or refused.
"""


class Paced:
    """Lets each person ask for something so often; those at this machine as they like.

    Args:
        app: The application that answers, to those who have been let in.
        clock: Returns the time in seconds.
    """

    def __init__(self, app: ASGIApp, clock: Callable[[], float] = time.monotonic) -> None:
        self._app = app
        self._paces = {path: Pace(most, clock) for path, most in MOST_A_MINUTE.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        app = self._app
        if scope["type"] == "http" and (pace := self._pace_of(scope["path"])):
            person = person_of(Request(scope))
            try:
                if person is not None:
                    pace.count(person)
            except HastyError as error:
                app = refusal(scope, error, {"Retry-After": str(error.seconds)})
        await app(scope, receive, send)

    def _pace_of(self, path: str) -> Pace | None:
        paces = (pace for kind, pace in self._paces.items() if f"{path}/".startswith(f"{kind}/"))
        return next(paces, None)
