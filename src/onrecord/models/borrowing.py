"""An engine that another machine lends (`onrecord engine`): where it is, and whether it serves."""

from __future__ import annotations

from urllib.parse import urlsplit

import httpx
from pydantic import SecretStr

from onrecord.errors import ModelError
from onrecord.models.failures import explained
from onrecord.models.providers import is_nearby
from onrecord.models.starting import READER_NAME
from onrecord.settings import Settings
from onrecord.types import Value

PREFIX = "engine:"
_PATIENCE = 10.0  # seconds for the first answer; behind it may be other questions
_FORM = f"ONRECORD_MODEL is to be {PREFIX}http://host:port or {PREFIX}https://host:port"


class LentEngine(Value):
    """Where an engine is, and what it wants to be shown.

    Attributes:
        url: Its address, with no slash at the end and nothing secret in it.
        key: Its key.
    """

    url: str
    key: SecretStr


def lent_engine(settings: Settings) -> LentEngine:
    """Return the engine that `settings.model` names; it is not reached yet.

    Raises:
        ModelError: That is no address, or there is no key.
    """
    url = settings.model.removeprefix(PREFIX).strip().rstrip("/")
    if "@" in url:
        raise ModelError(f"{_FORM}, with no user or password; a key is ONRECORD_API_KEY.")
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        is_address = False
    if not is_address:
        raise ModelError(f"{_FORM}; what it holds is no such address.")
    key = settings.api_key.get_secret_value() if settings.api_key else ""
    if not (key.isascii() and key.isprintable() and key.strip() == key != ""):
        raise ModelError(
            f"The engine at {url} wants a key; set ONRECORD_API_KEY to the ONRECORD_ENGINE_KEY "
            "that it was started with."
        )
    return LentEngine(url=url, key=SecretStr(key))


def knock(engine: LentEngine) -> None:
    """Return if an engine answers, takes the key, and lends the reader that is meant here.

    Raises:
        ModelError: It does not.
    """
    with explained(f"The engine at {engine.url}"):
        answer = httpx.get(
            f"{engine.url}/v1/models",
            headers={"Authorization": f"Bearer {engine.key.get_secret_value()}"},
            timeout=_PATIENCE,
            trust_env=not is_nearby(engine.url),
        )
        answer.raise_for_status()
    if READER_NAME in (lent := _models(answer)):
        return
    if any(name.startswith("reader-") for name in lent):
        raise ModelError(
            f"The engine at {engine.url} has another reader than this onrecord; install the same "
            "version of onrecord here and there."
        )
    raise ModelError(
        f"What answers at {engine.url} is no engine of onrecord; start one there (`onrecord "
        f"engine`). For another OpenAI-compatible server leave {PREFIX!r} out of ONRECORD_MODEL."
    )


def _models(answer: httpx.Response) -> list[str]:
    try:
        return [str(each["id"]) for each in answer.json()["data"]]
    except (ValueError, LookupError, TypeError):
        return []
