"""What is answered when something goes wrong: each error in the one shape of errors."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from onrecord.api.problems import Failure, failure, failure_of, status_of
from onrecord.desk import BusyError
from onrecord.errors import INTERNAL, OnrecordError
from onrecord.faults import in_words
from onrecord.observe.request import unforeseen

_RETRY_SECONDS = 10

_Handler = Callable[[Request, Any], Coroutine[Any, Any, Response]]

_KINDS: dict[int, str] = {
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.METHOD_NOT_ALLOWED: "method",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too_large",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "media_type",
}


async def _on_own_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, OnrecordError)
    later = {"Retry-After": str(_RETRY_SECONDS)} if isinstance(error, BusyError) else None
    return _response(status_of(error), failure_of(error), later)


async def _on_malformed(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    said = f"{in_words(error.errors(), 'the request')}."
    return _response(HTTPStatus.UNPROCESSABLE_ENTITY, failure("request", said))


async def _on_http_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    kind = _KINDS.get(error.status_code, "request")
    return _response(error.status_code, failure(kind, error.detail), error.headers)


async def _on_unforeseen(_request: Request, _error: Exception) -> JSONResponse:
    return _response(HTTPStatus.INTERNAL_SERVER_ERROR, failure(INTERNAL, unforeseen()))


def _response(status: int, said: Failure, headers: Mapping[str, str] | None = None) -> JSONResponse:
    return JSONResponse(said.model_dump(), status, headers=headers)


HANDLERS: dict[int | type[Exception], _Handler] = {
    OnrecordError: _on_own_error,
    RequestValidationError: _on_malformed,
    HTTPException: _on_http_error,
    Exception: _on_unforeseen,
}
"""Which function answers to which error."""
