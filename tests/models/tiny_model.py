"""The files of a tiny model, and the ways they come in."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

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
