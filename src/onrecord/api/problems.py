"""What programs are told when something goes wrong: one shape, and never a traceback."""

from __future__ import annotations

from http import HTTPStatus

from pydantic import Field

from onrecord.api.door import GuessingError, LoginError
from onrecord.api.lookup import NotFoundError
from onrecord.api.pace import HastyError
from onrecord.desk import ImpatientError
from onrecord.errors import CorpusError, OnrecordError, QuestionError
from onrecord.observe.request import current
from onrecord.types import Value


class OtherSiteError(OnrecordError):
    """A browser sends what another site's page has given it."""

    kind = "other_site"


_STATUSES: dict[type[OnrecordError], HTTPStatus] = {
    QuestionError: HTTPStatus.UNPROCESSABLE_ENTITY,
    CorpusError: HTTPStatus.UNPROCESSABLE_ENTITY,
    NotFoundError: HTTPStatus.NOT_FOUND,
    ImpatientError: HTTPStatus.TOO_MANY_REQUESTS,
    LoginError: HTTPStatus.UNAUTHORIZED,
    OtherSiteError: HTTPStatus.FORBIDDEN,
    GuessingError: HTTPStatus.TOO_MANY_REQUESTS,
    HastyError: HTTPStatus.TOO_MANY_REQUESTS,
}


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
    return failure(error.kind, str(error))


def status_of(error: OnrecordError) -> HTTPStatus:
    """Return the HTTP status of an error."""
    found = (status for kind, status in _STATUSES.items() if isinstance(error, kind))
    return next(found, HTTPStatus.SERVICE_UNAVAILABLE)
