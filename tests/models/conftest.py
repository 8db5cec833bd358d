"""A tiny model, published as data packages the way the real ones are."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from onrecord.models.weights import WeightFile, Weights
from tests.models.tiny_model import FILES, GGUF, Publish


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
    """Installs pieces as tiny-part1, tiny-part2, …; importing one of them would fail."""

    def install(pieces: list[bytes]) -> None:
        for number, piece in enumerate(pieces, 1):
            module = f"tiny-part_{number}"
            (site / module / "data").mkdir(parents=True, exist_ok=True)
            (site / module / "__init__.py").write_text("raise RuntimeError('imported')")
            (site / module / "data" / f"part{number}.bin").write_bytes(piece)
            info = site / f"tiny_part{number}-1.0.dist-info"
            info.mkdir(exist_ok=True)
            (info / "METADATA").write_text(f"Name: tiny-part{number}\nVersion: 1.0\n")
            (info / "RECORD").write_text(
                f"{module}/__init__.py,,\n{module}/data/part{number}.bin,,\n"
            )

    return install
