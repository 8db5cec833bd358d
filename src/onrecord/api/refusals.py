"""Refusing a request before the page, the API or the tools have seen it."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from onrecord.api.problems import failure_of, status_of
from onrecord.errors import OnrecordError

API_PREFIX = "/api/v1"


def refusal(
    scope: Scope, error: OnrecordError, headers: Mapping[str, str] | None = None
) -> Response:
    """Return what a request is refused with: in the API's shape of errors where it asks that.

    Args:
        scope: The request.
        error: Why it is refused.
        headers: What else the response is to say.
    """
    if scope["path"].startswith(f"{API_PREFIX}/"):
        return JSONResponse(failure_of(error).model_dump(), status_of(error), headers)
    return PlainTextResponse(str(error), status_of(error), headers)


class Guard:
    """Refuses some requests, and hands on all others.

    Args:
        app: The application that answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        error = self.objection(scope) if scope["type"] == "http" else None
        app = self._app if error is None else refusal(scope, error)
        await app(scope, receive, send)

    def objection(self, scope: Scope) -> OnrecordError | None:
        """Return why a request is refused, if it is."""
        raise NotImplementedError
