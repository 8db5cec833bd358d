"""Parts that many tests need."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings as hypothesis_settings

from onrecord.settings import Settings
from onrecord.types import Document
from tests.fakes import FakeEmbeddings
from tests.nobody import NOBODY

# How long an example takes says more of the machine than of the code.
hypothesis_settings.register_profile("untimed", deadline=None)
hypothesis_settings.load_profile("untimed")

ARTICLE = Path(__file__).parents[1] / "corpus" / "armenia-azerbaijan-peace-talks.txt"


@pytest.fixture
def embeddings() -> FakeEmbeddings:
    return FakeEmbeddings()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(cache_dir=tmp_path / "cache", threshold=0.0)


@pytest.fixture
def open_path() -> Iterator[Path]:
    """A folder that a user without rights can reach, and write; see nobody.py."""
    with TemporaryDirectory() as folder:
        if os.geteuid() == 0:
            os.chown(folder, NOBODY, NOBODY)
        yield Path(folder)
        for inner, folders, _ in os.walk(folder):  # so that it can be removed
            for name in folders:
                Path(inner, name).chmod(0o700)


@pytest.fixture(scope="session")
def article() -> Document:
    return Document(id=ARTICLE.name, title="Peace talks", text=ARTICLE.read_text(encoding="utf-8"))
