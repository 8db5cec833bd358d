"""A tiny model, published as data packages the way the real ones are."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from onrecord.models import engine
from onrecord.models.weights import WeightFile, Weights
from onrecord.settings import Settings
from tests.models.fake_engine import MODULE, STARTED, kill, with_weights
from tests.models.tiny_model import FILES, GGUF, Publish, install


@pytest.fixture
def tiny() -> Weights:
    """A model of one file in three pieces."""
    return Weights(
        name="tiny",
        title="Tiny",
        size=len(GGUF),
        files=(WeightFile(name="tiny.gguf", sha256=hashlib.sha256(GGUF).hexdigest()),),
        packages=("tiny-part1", "tiny-part2", "tiny-part3"),
        piece=r"data/part\d+\.bin",
        zipped=False,
        hub="nobody/tiny",
        setting="ONRECORD_WEIGHTS",
    )


@pytest.fixture
def tiny_zip(tiny: Weights) -> Weights:
    """A model of two files, in the three pieces of one zip archive."""
    files = tuple(
        WeightFile(name=name, sha256=hashlib.sha256(data).hexdigest())
        for name, data in FILES.items()
    )
    return tiny.model_copy(update={"name": "tiny-zip", "files": files, "zipped": True})


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that installed packages are found in."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    return folder


@pytest.fixture
def publish(site: Path) -> Publish:
    """Installs pieces as data packages, in the folder that is searched for them."""
    return partial(install, site)


@pytest.fixture
def faked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """Puts the fake in the real engine's place; returns the parameters of each start."""
    monkeypatch.setitem(sys.modules, "xllamacpp", MODULE)
    STARTED.clear()
    yield STARTED
    for registry in list(engine._own):
        kill(registry)


@pytest.fixture
def local(settings: Settings, tmp_path: Path) -> Settings:
    return with_weights(settings, tmp_path / "own.gguf")
