"""Refusing a request before the page, the API or the tools have seen it."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import Scope

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
