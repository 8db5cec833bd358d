"""An engine without a model: a fake server in its place."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from onrecord.models import engine
from onrecord.settings import Settings
from tests.models.fake_server import FakeServer

STARTED: list[Any] = []


class FakeEngine:
    """Stands for `xllamacpp.Server`: it serves until the last reference to it goes."""

    def __init__(self, params: Any) -> None:
        if "damaged" in params.model.path:
            raise RuntimeError("Failed to init server")
        STARTED.append(params)
        self._http = params.http = FakeServer()
        (self._http.key,) = params.api_keys
        self._http.start()
        self.listening_address = self._http.url.removesuffix("/v1")

    def __del__(self) -> None:
        if hasattr(self, "_http"):
            self._http.stop()


def kill(registry: Path) -> None:
    engine._own.pop(registry).stop()


def with_weights(settings: Settings, path: Path) -> Settings:
    path.write_bytes(b"GGUF")
    return settings.model_copy(update={"weights": path})


def registry_of(settings: Settings) -> Path:
    return settings.cache_dir / "engine.json"


MODULE = SimpleNamespace(
    CommonParams=lambda: SimpleNamespace(
        model=SimpleNamespace(path=""),
        cpuparams=SimpleNamespace(n_threads=-1),
        cpuparams_batch=SimpleNamespace(n_threads=-1),
    ),
    llama_load_mode=SimpleNamespace(LLAMA_LOAD_MODE_NONE=0),
    Server=FakeEngine,
)
"""Stands for the package."""
