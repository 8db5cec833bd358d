"""Where the machine's engine is: noted in the cache folder by the process that started it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
from filelock import FileLock
from pydantic import Field

from onrecord.files import write_whole
from onrecord.settings import Settings
from onrecord.types import Value

_CHECK_SECONDS = 2.0
_PRIVATE = 0o600


class EngineAddress(Value):
    """Where an engine listens, and what it runs.

    Attributes:
        url: Its address, without a path; always on loopback.
        key: What a client must show; other users of the machine cannot read it.
        pid: The process that it lives in.
        model: The file that it has loaded.
        version: The versions of the engine's package and of the reader.
    """

    url: str = Field(pattern=r"^http://127\.0\.0\.1:\d{1,5}$")
    key: str
    pid: int
    model: str
    version: str

    def get(self, path: str, seconds: float) -> httpx.Response:
        """Ask the engine for something; no proxy is asked for loopback.

        Raises:
            httpx.HTTPError: It does not answer in so many seconds.
        """
        return httpx.get(self.url + path, headers=self.headers, timeout=seconds, trust_env=False)

    def post(self, path: str, body: Mapping[str, Any], seconds: float) -> httpx.Response:
        """Have the engine do something; as for `get`."""
        return httpx.post(
            self.url + path,
            json=dict(body),
            headers=self.headers,
            timeout=seconds,
            trust_env=False,
        )

    def is_listening(self) -> bool:
        """Tell whether anything is there, though it may have no time to answer."""
        try:
            self.get("/v1/models", _CHECK_SECONDS)
        except httpx.TimeoutException:
            return True
        except httpx.HTTPError:
            return False
        return True

    @property
    def headers(self) -> dict[str, str]:
        """What a request shows the engine."""
        return {"Authorization": f"Bearer {self.key}"}


def running_engine(settings: Settings, seconds: float | None = None) -> EngineAddress | None:
    """Return the address of this machine's engine, if one answers in so many seconds, or two."""
    try:
        address = noted(registry_of(settings))
        answer = address.get("/v1/models", seconds or _CHECK_SECONDS)
    except (OSError, ValueError, httpx.HTTPError):
        return None
    return address if answer.status_code == httpx.codes.OK else None


def registry_of(settings: Settings) -> Path:
    """Return the file that an engine's address is noted in."""
    return settings.cache_dir / "engine.json"


def lock_of(registry: Path) -> Path:
    """Return the file that is locked while an engine is looked for or started."""
    return registry.with_suffix(".lock")


def noted(registry: Path) -> EngineAddress:
    """Return the address that is noted, whether an engine answers there or not.

    Raises:
        OSError, ValueError: None is.
    """
    return EngineAddress.model_validate_json(registry.read_text(encoding="utf-8"))


def note(registry: Path, address: EngineAddress) -> None:
    """Write an address where only this user can read it, whole or not at all.

    Raises:
        OSError: It cannot be written there.
    """
    write_whole(registry, address.model_dump_json(), _PRIVATE)


def take_back(registry: Path, address: EngineAddress) -> None:
    """Remove the engine's note, unless another engine has written its own over it."""
    with suppress(OSError, ValueError), FileLock(lock_of(registry), timeout=_CHECK_SECONDS):
        if noted(registry) == address:
            registry.unlink()
