"""The files of a tiny model, and the ways they come in."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

GGUF = b"GGUF" + bytes(range(256)) * 40
FILES = {"model.safetensors": b"tensors" * 900, "1_Pooling/config.json": b'{"pooling": "mean"}'}

Publish = Callable[[list[bytes]], None]


def in_three(data: bytes) -> list[bytes]:
    third = len(data) // 3
    return [data[:third], data[third : 2 * third], data[2 * third :]]


def zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def install(site: Path, pieces: list[bytes]) -> None:
    """Install pieces as tiny-part1, tiny-part2, …; importing one of them would fail."""
    for number, piece in enumerate(pieces, 1):
        module = f"tiny-part_{number}"
        (site / module / "data").mkdir(parents=True, exist_ok=True)
        (site / module / "__init__.py").write_text("raise RuntimeError('imported')")
        (site / module / "data" / f"part{number}.bin").write_bytes(piece)
        info = site / f"tiny_part{number}-1.0.dist-info"
        info.mkdir(exist_ok=True)
        (info / "METADATA").write_text(f"Name: tiny-part{number}\nVersion: 1.0\n")
        (info / "RECORD").write_text(f"{module}/__init__.py,,\n{module}/data/part{number}.bin,,\n")
