"""LangChain's chat models, opened: at an address, or by a provider's name."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx

from onrecord.errors import ModelError
from onrecord.models.patience import follow
from onrecord.observe.request import HEADER, current
from onrecord.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_OF_OPENAI = ("openai", "azure_openai")  # the providers that langchain-openai asks
FOLLOWED = (*_OF_OPENAI, "ollama")
"""The providers whose client can be told to have a response cut off that is waited for too long."""


def openai_compatible(url: str, model: str, key: str, settings: Settings) -> BaseChatModel:
    """Return the chat model of a server that speaks OpenAI's protocol.

    Args:
        url: Its address, /v1 included.
        model: The model to ask for; "" takes the first that the server lists.
        key: What the server wants to be shown.
        settings: How long to wait, and how often to try.

    Raises:
        ModelError: The server lists no model.
        httpx.HTTPError: It cannot be asked for its models.
    """
    from langchain_openai import ChatOpenAI
    from openai import DefaultHttpxClient

    client = DefaultHttpxClient(
        # Loopback is never asked through a proxy that the environment names.
        trust_env=not is_nearby(url),
        event_hooks={"request": [_name], "response": [follow]},
    )
    if settings.otel:
        from onrecord.observe.traces import trace_calls

        trace_calls(client)
    return ChatOpenAI(
        base_url=url,
        model=model or _first_model(url, key, settings),
        api_key=key,
        temperature=0,
        seed=0,
        timeout=settings.model_timeout,
        max_retries=settings.model_retries,
        use_responses_api=False,
        openai_proxy=None,
        http_client=client,
    )


def hosted(settings: Settings) -> BaseChatModel:
    """Return the chat model of a provider: `settings.model` is "provider:name".

    Raises:
        ModelError: No such provider is known.
        ImportError: Its package is not installed.
        pydantic.ValidationError: Its key is missing.
    """
    from langchain.chat_models import init_chat_model
    from pydantic import ValidationError

    provider, _, model = settings.model.partition(":")
    wait, options = settings.model_timeout, dict[str, Any]()
    if provider == "ollama":  # its package hands these to the HTTP client
        options["client_kwargs"] = {"timeout": wait, "trust_env": not ollama_is_nearby()}
        options["sync_client_kwargs"] = {"event_hooks": {"response": [follow]}}
    else:
        options |= {"timeout": wait, "max_retries": settings.model_retries}
    if provider in _OF_OPENAI:
        options |= {"http_client": _followed_client(), "openai_proxy": None}
    try:
        chat: BaseChatModel = init_chat_model(
            model, model_provider=provider, temperature=0, **options
        )
    except ValidationError:
        raise
    except ValueError as error:
        raise ModelError(
            f"ONRECORD_MODEL is {settings.model!r}, and {provider!r} is no provider that is "
            "known; try openai, anthropic or ollama, or give a server's address."
        ) from error
    return chat


def _followed_client() -> httpx.Client:
    """Return what asks OpenAI, as its package would make it; its proxy goes with the client."""
    from openai import DefaultHttpxClient

    client: httpx.Client = DefaultHttpxClient(
        proxy=os.environ.get("OPENAI_PROXY") or None, event_hooks={"response": [follow]}
    )
    return client


def is_nearby(address: str) -> bool:
    """Tell whether an address, with or without http:// before it, is this machine's own.

    Raises:
        ModelError: It is no address.
    """
    try:
        return urlsplit(address if "//" in address else f"//{address}").hostname in _LOOPBACK
    except ValueError as error:
        raise ModelError(
            f"{address} is no address ({error}); check ONRECORD_MODEL (or OLLAMA_HOST)."
        ) from error


def ollama_is_nearby() -> bool:
    """Tell whether Ollama runs on this machine, as far as its own variable says.

    Raises:
        ModelError: The variable holds no address.
    """
    return is_nearby(os.environ.get("OLLAMA_HOST") or "localhost")


def _name(request: httpx.Request) -> None:
    """Tell the server the id of the request that it is asked for."""
    if name := current():
        request.headers[HEADER] = name


def _first_model(url: str, key: str, settings: Settings) -> str:
    answer = httpx.get(
        f"{url.rstrip('/')}/models",
        headers={"Authorization": f"Bearer {key}"},
        timeout=settings.model_timeout,
        trust_env=not is_nearby(url),
    )
    answer.raise_for_status()
    try:
        return str(answer.json()["data"][0]["id"])
    except (ValueError, LookupError, TypeError) as error:
        raise ModelError(
            f"The server at {url} names no model; name one yourself: ONRECORD_MODEL={url}#model."
        ) from error
