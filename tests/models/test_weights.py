"""Weights from small pieces: joined, checked, refused, and never half there."""

import hashlib
import io
import os
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from filelock import FileLock

from onrecord import alone
from onrecord.errors import WeightsError
from onrecord.models import weights as module
from onrecord.models.weights import (
    EMBEDDER,
    LANGUAGE_MODEL,
    WeightFile,
    Weights,
    embedder_path,
    is_ready,
    language_model_path,
    obtain,
    reader_path,
)
from onrecord.settings import Settings

CONTENT = b"GGUF" + bytes(range(256)) * 40


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def tiny(data: bytes = CONTENT, *, zipped: bool = False) -> Weights:
    name = "1_Pooling/config.json" if zipped else "tiny.gguf"
    return LANGUAGE_MODEL.model_copy(
        update={
            "name": "tiny",
            "size": len(data),
            "files": (WeightFile(name=name, sha256=sha(data)),),
            "zipped": zipped,
        }
    )


@pytest.fixture
def pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    paths = [tmp_path / f"part{n}.bin" for n in range(3)]
    for n, path in enumerate(paths):
        path.write_bytes(CONTENT[n * 4000 : (n + 1) * 4000])
    monkeypatch.setattr(module, "pieces_of", lambda _: paths)
    return paths


def test_pieces_are_joined_with_progress_and_read_once(
    settings: Settings, pieces: list[Path]
) -> None:
    told: list[tuple[str, float | None]] = []
    folder = obtain(tiny(), settings, lambda *step: told.append(step))
    assert (folder / "tiny.gguf").read_bytes() == CONTENT
    assert ("Joining Qwen2.5-Coder-1.5B-Instruct", 1.0) in told
    assert is_ready(tiny(), settings)
    told.clear()
    obtain(tiny(), settings, lambda *step: told.append(step))
    assert told == []  # neither joined nor hashed again


def test_another_process_that_places_them_is_waited_for_with_a_word_and_not_for_ever(
    settings: Settings, pieces: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alone, "MOMENT", 0.01)
    monkeypatch.setattr(alone, "LONGEST", 0.01)
    (settings.cache_dir / "weights").mkdir(parents=True)
    told: list[str] = []
    title = "Qwen2.5-Coder-1.5B-Instruct"
    with (
        FileLock(settings.cache_dir / "weights" / "tiny.lock"),
        pytest.raises(WeightsError, match=rf"Another onrecord has been placing {title} .* end it"),
    ):
        obtain(tiny(), settings, lambda message, _: told.append(message))
    assert told == [f"Waiting for another onrecord to be done with {title}"]
    obtain(tiny(), settings)


def test_a_zip_yields_the_known_files_alone(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("top/config.json", b"another file of that name")
        archive.writestr("top/1_Pooling/config.json", CONTENT)
        archive.writestr("top/../../evil.txt", b"out of the folder")
    part = tmp_path / "all.zip"
    part.write_bytes(buffer.getvalue())
    monkeypatch.setattr(module, "pieces_of", lambda _: [part])
    folder = obtain(tiny(zipped=True), settings)
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert found == {"1_Pooling/config.json", "verified.json"}
    assert not list(tmp_path.rglob("evil.txt"))


@pytest.mark.parametrize("damage", [b"", CONTENT[:500], CONTENT[:-1] + b"x"])
def test_a_wrong_or_partial_source_is_refused(
    settings: Settings, pieces: list[Path], damage: bytes
) -> None:
    pieces[0].write_bytes(damage)
    with pytest.raises(WeightsError, match="not the published file"):
        obtain(tiny(), settings)
    assert not is_ready(tiny(), settings)
    assert not list((settings.cache_dir / "weights").rglob("*.gguf"))


def test_a_changed_file_is_checked_again_and_replaced(
    settings: Settings, pieces: list[Path]
) -> None:
    path = obtain(tiny(), settings) / "tiny.gguf"
    path.write_bytes(b"damaged")
    assert not is_ready(tiny(), settings)
    assert (obtain(tiny(), settings) / "tiny.gguf").read_bytes() == CONTENT


def test_a_good_file_in_the_cache_is_taken_without_a_source(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "pieces_of", lambda _: None)
    folder = settings.cache_dir / "weights" / "tiny"
    folder.mkdir(parents=True)
    (folder / "tiny.gguf").write_bytes(CONTENT)
    assert obtain(tiny(), settings) == folder
    (folder / "tiny.gguf").write_bytes(b"short")
    with pytest.raises(
        WeightsError, match=r"partial, or not the published file.*onrecord\[weights\]"
    ):
        obtain(tiny(), settings)


def test_no_source_says_what_to_do(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "pieces_of", lambda _: None)
    with pytest.raises(WeightsError, match=r"onrecord\[weights\].*ONRECORD_WEIGHTS.*ALLOW_HUB"):
        obtain(tiny(), settings)


def test_a_full_disk_is_said_before_anything_is_written(
    settings: Settings, pieces: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    huge = tiny().model_copy(update={"size": 10**18})
    with pytest.raises(WeightsError, match="GB"):
        obtain(huge, settings)


def test_a_path_in_settings_comes_first(settings: Settings, tmp_path: Path) -> None:
    own = tmp_path / "own.gguf"
    own.write_bytes(b"GGUF and more")
    assert language_model_path(settings.model_copy(update={"weights": own})) == own
    own.write_bytes(b"something else")
    with pytest.raises(WeightsError, match="no GGUF file"):
        language_model_path(settings.model_copy(update={"weights": own}))
    with pytest.raises(WeightsError, match="cannot be read"):
        language_model_path(settings.model_copy(update={"weights": tmp_path / "none"}))
    with pytest.raises(WeightsError, match=r"modules\.json"):
        embedder_path(settings.model_copy(update={"embedder": tmp_path}))


KILLED = """
import sys, time
from pathlib import Path
from onrecord.models import weights as module
from onrecord.models.weights import LANGUAGE_MODEL, WeightFile, obtain
from onrecord.settings import Settings

cache, part, digest = sys.argv[1:]
module.pieces_of = lambda _: [Path(part)] * 3
tiny = LANGUAGE_MODEL.model_copy(update={
    "name": "tiny", "size": 1, "files": (WeightFile(name="tiny.gguf", sha256=digest),)})

def slowly(message, fraction):
    print(message, flush=True)
    time.sleep(0.05)

obtain(tiny, Settings(cache_dir=cache), slowly)
"""


@pytest.mark.parametrize("steps", [1, 2, 3, 4, 5])
def test_a_killed_run_leaves_nothing_that_could_be_taken_for_it(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, steps: int
) -> None:
    part = tmp_path / "part.bin"
    part.write_bytes(CONTENT)
    whole = CONTENT * 3
    arguments = [sys.executable, "-c", KILLED, str(settings.cache_dir), str(part), sha(whole)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for _ in range(steps):
            process.stdout.readline()
        os.kill(process.pid, signal.SIGKILL)
    monkeypatch.setattr(module, "pieces_of", lambda _: [part] * 3)
    folder = obtain(tiny(whole), settings)
    assert (folder / "tiny.gguf").read_bytes() == whole
    assert {p.name for p in folder.parent.iterdir()} == {"tiny", "tiny.lock"}


@pytest.mark.parametrize("weights", [LANGUAGE_MODEL, EMBEDDER])
def test_the_extra_names_every_package_of_the_weights(weights: Weights) -> None:
    listed = (Path(__file__).parents[2] / "pyproject.toml").read_text()
    assert all(f'"{package}==' in listed for package in weights.packages)


def test_the_reader_that_comes_along_is_the_one_that_was_meant() -> None:
    assert reader_path().stat().st_size > 1_000_000


@pytest.mark.parametrize("data", [b"GGUF", None])
def test_a_reader_that_is_damaged_or_missing_is_never_used(
    data: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("onrecord.models.weights.READER", str(tmp_path / "reader.gguf"))
    monkeypatch.setattr(Path, "with_name", lambda _self, name: Path(name))
    if data is not None:
        (tmp_path / "reader.gguf").write_bytes(data)
    with pytest.raises(WeightsError, match="Install onrecord again"):
        reader_path()
