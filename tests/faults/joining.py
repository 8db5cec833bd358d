"""A model that is joined from its data packages, and killed on the way."""

from __future__ import annotations

import hashlib
import random
import sys
from pathlib import Path

from onrecord.models.weights import WeightFile, Weights, is_ready, obtain
from onrecord.settings import Settings
from tests.faults.killing import Said, Scenario
from tests.models.tiny_model import in_three, install, zipped

_SIZE = 5_000_000  # bytes: joined in a fraction of a second, and in several blocks


def work(folder: Path, said: Said, number: int) -> None:
    """Join a model; of every second time it is an archive, or a damaged one is there."""
    weights, settings = published(folder, number), _settings(folder)
    said.begin("join")
    obtain(weights, settings)
    said.done("join")


def check(folder: Path, said: Said, number: int) -> list[str]:
    """What has the name is whole, and the next start has all of it and leaves nothing behind."""
    weights, settings = published(folder, number), _settings(folder)
    shelf, lost = settings.cache_dir / "weights", []
    if is_ready(weights, settings) and not _is_whole(shelf / weights.name, weights):
        lost.append("half a model is taken for one")
    if not _is_whole(obtain(weights, settings), weights):
        lost.append("the next start has no whole model")
    lost += [f"{path} is left" for path in shelf.iterdir() if path.name.endswith(".partial")]
    return lost


def _settings(folder: Path) -> Settings:
    return Settings(cache_dir=folder / "cache")


def published(folder: Path, number: int) -> Weights:
    """Install the model's packages, and return what is known of it."""
    data = random.Random(number).randbytes(_SIZE)
    site = folder / "site"
    if not site.exists():
        site.mkdir()
        install(site, in_three(zipped({"folder/tiny.gguf": data}) if number % 2 else data))
    sys.path.insert(0, str(site))
    return Weights(
        name="tiny",
        title="Tiny",
        size=_SIZE,
        files=(WeightFile(name="tiny.gguf", sha256=hashlib.sha256(data).hexdigest()),),
        packages=("tiny-part1", "tiny-part2", "tiny-part3"),
        piece=r"data/part\d+\.bin",
        zipped=number % 2 == 1,
        hub="nobody/tiny",
        setting="ONRECORD_WEIGHTS",
    )


def _is_whole(folder: Path, weights: Weights) -> bool:
    file = weights.files[0]
    return hashlib.sha256((folder / file.name).read_bytes()).hexdigest() == file.sha256


JOINING = Scenario("joining the weights", work, check, in_a_row=2, many=15)
