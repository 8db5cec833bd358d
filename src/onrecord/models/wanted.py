"""What an engine that is lent can be asked for: a part of OpenAI's protocol, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Literal

from pydantic import AliasChoices, ConfigDict, Field, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

from onrecord.connected import CLIENT_GONE
from onrecord.faults import in_words
from onrecord.types import Value

_MOST_TOKENS = 2048  # of one answer


class Said(Value):
    """A message of a prompt."""

    model_config = ConfigDict(extra="ignore")

    role: Literal["system", "user", "assistant"]
    content: str


class Streaming(Value):
    """What is to be told of a stream, beside the answer."""

    model_config = ConfigDict(extra="ignore")

    include_usage: bool = False


class Wanted(Value):
    """A request for a chat completion; whatever else a client sends is left out."""

    model_config = ConfigDict(extra="ignore")

    model: str
    messages: tuple[Said, ...] = Field(min_length=1)
    max_tokens: int = Field(
        _MOST_TOKENS,
        ge=1,
        le=_MOST_TOKENS,
        validation_alias=AliasChoices("max_completion_tokens", "max_tokens"),
    )
    stream: bool = False
    stream_options: Streaming | None = None
    logprobs: bool = False
    top_logprobs: int = Field(0, ge=0, le=100)
    response_format: dict[str, Any] | None = None

    def for_engine(self, way: Mapping[str, Any]) -> dict[str, Any]:
        """Return the request as the engine is to be sent it, to be answered in a way."""
        given = self.model_dump(exclude_unset=True, exclude={"model"})
        return {**given, "max_tokens": self.max_tokens, "temperature": 0, "seed": 0, **way}


async def wanted_by(request: Request) -> Wanted:
    """Return what a request wants.

    Raises:
        HTTPException: It is not of that form, or the client has gone away.
    """
    try:
        return Wanted.model_validate_json(await request.body())
    except ClientDisconnect as error:
        raise HTTPException(CLIENT_GONE, "The client has gone away.") from error
    except ValidationError as error:
        said = f"{in_words(error.errors(), 'the request')}."
        raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY, said) from error
