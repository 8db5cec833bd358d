"""What programs are told when something goes wrong: one shape, and never a traceback."""

from __future__ import annotations

from http import HTTPStatus

from pydantic import Field

from onrecord.api.door import GuessingError, LoginError, ShutError
from onrecord.api.lookup import NotFoundError
from onrecord.api.warming import NotReadyError
from onrecord.desk import BusyError, EndingError, ImpatientError
from onrecord.errors import (
    CorpusError,
    ModelError,
    OnrecordError,
    QuestionError,
    StoreError,
    WeightsError,
)
from onrecord.observe.request import current
from onrecord.types import Value

INTERNAL = "internal"


class OtherSiteError(OnrecordError):
    """A browser sends what another site's page has given it."""


_KINDS: dict[type[OnrecordError], tuple[str, HTTPStatus]] = {
    QuestionError: ("question", HTTPStatus.UNPROCESSABLE_ENTITY),
    CorpusError: ("corpus", HTTPStatus.UNPROCESSABLE_ENTITY),
    NotFoundError: ("not_found", HTTPStatus.NOT_FOUND),
    BusyError: ("busy", HTTPStatus.SERVICE_UNAVAILABLE),
    ImpatientError: ("busy", HTTPStatus.TOO_MANY_REQUESTS),
    LoginError: ("login", HTTPStatus.UNAUTHORIZED),
    OtherSiteError: ("other_site", HTTPStatus.FORBIDDEN),
    GuessingError: ("guessing", HTTPStatus.TOO_MANY_REQUESTS),
    ShutError: ("shut", HTTPStatus.SERVICE_UNAVAILABLE),
    EndingError: ("ending", HTTPStatus.SERVICE_UNAVAILABLE),
    NotReadyError: ("not_ready", HTTPStatus.SERVICE_UNAVAILABLE),
    ModelError: ("model", HTTPStatus.SERVICE_UNAVAILABLE),
    StoreError: ("store", HTTPStatus.SERVICE_UNAVAILABLE),
    WeightsError: ("weights", HTTPStatus.SERVICE_UNAVAILABLE),
}
_OTHER = ("failed", HTTPStatus.SERVICE_UNAVAILABLE)


class Problem(Value):
    """What went wrong.

    Attributes:
        kind: For programs.
        message: For people: what happened, and what to do next.
        request_id: What leads to more about it in the server's log.
    """

    kind: str = Field(examples=["question"])
    message: str = Field(examples=["There is no question; ask something in words."])
    request_id: str = Field(examples=["3f2a90c1d4e5b678"])


class Failure(Value):
    """The body of every response that is not a success."""

    error: Problem


def failure(kind: str, message: str) -> Failure:
    """Return what programs are told of a problem with the request that is being answered."""
    return Failure(error=Problem(kind=kind, message=message, request_id=current()))


def failure_of(error: OnrecordError) -> Failure:
    """Return what programs are told of an error."""
    return failure(_known(error)[0], str(error))


def status_of(error: OnrecordError) -> HTTPStatus:
    """Return the HTTP status of an error."""
    return _known(error)[1]


def _known(error: OnrecordError) -> tuple[str, HTTPStatus]:
    return next((_KINDS[base] for base in type(error).__mro__ if base in _KINDS), _OTHER)
