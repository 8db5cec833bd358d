"""Starting an engine: which llama.cpp server, with which slots, and where its slots are kept."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from importlib import metadata
from pathlib import Path
from typing import Any

import httpx

from onrecord.errors import ModelError
from onrecord.models.address import EngineAddress
from onrecord.models.weights import LANGUAGE_MODEL, READER_SHA256, check_again, reader_path
from onrecord.settings import Settings

# Requests wait for one another. Side by side on a few cores, four of them evaluate four
# prompts at once and each takes longer than all do in turn; and a batch that is shared
# with another request changes the last digits of a probability.
# A slot for the model as it is, and one for the adapter that was trained to read: what is
# evaluated in one way is worth nothing in the other.
_SLOTS = 2
_CONTEXT = 8192  # tokens, for all together
WRITING: Mapping[str, Any] = {"id_slot": 0, "lora": [{"id": 0, "scale": 0.0}]}
READING: Mapping[str, Any] = {"id_slot": 1, "lora": [{"id": 0, "scale": 1.0}]}
"""What a request says, beside the protocol's own, to be answered in each way."""
WRITER_NAME = LANGUAGE_MODEL.name
READER_NAME = f"reader-{READER_SHA256[:12]}"
"""What each way is called where an engine is lent: another reader has another name."""
# The beginnings of prompts that have been evaluated are kept here while another is in the
# slot (examples, where there is no reader; texts, where there is one): 28 KB a token.
_KEPT_PROMPTS = 512  # MiB
_STARTED = 2  # to be raised when an engine that runs already would not do
_EVALUATED = "evaluated"  # the folder below the cache folder that slots are written to
_TAKEN_UP = "engine.slot"  # the file there that says what the reader's slot was given last
_FIRST_SECONDS = 120.0  # for an engine's first token, on a slow machine


def start(model: Path, settings: Settings) -> tuple[EngineAddress, Any]:
    """Start an engine in this process.

    Returns:
        Where it listens, and the server; it stops when the last reference to that goes.

    Raises:
        WeightsError: The reader that comes with the package is missing or wrong.
        ModelError: It does not start.
    """
    import xllamacpp

    key = secrets.token_urlsafe(24)
    try:
        server = xllamacpp.Server(_parameters(model, settings, key))
    except RuntimeError as error:
        port = f"port {settings.engine_port} (ONRECORD_ENGINE_PORT) is taken, or "
        own = "`onrecord doctor` shows what is there"
        remedy = own if settings.weights else check_again(LANGUAGE_MODEL, settings)
        raise ModelError(
            f"The local engine does not start with {model}: "
            f"{port if settings.engine_port else ''}the file is damaged or memory is short. "
            f"{remedy}."
        ) from error
    address = EngineAddress(
        url=server.listening_address,
        key=key,
        pid=os.getpid(),
        model=str(model),
        version=engine_version(),
    )
    with suppress(OSError):
        taken_up_note(settings).unlink(missing_ok=True)
    if settings.weights is None:
        # A slot that changes to the adapter forgets what it holds: before anything is taken up.
        with suppress(httpx.HTTPError):
            first = {"prompt": "Q", "n_predict": 1, **READING}
            address.post("/completion", first, _FIRST_SECONDS)
    return address, server


def evaluated_folder(settings: Settings) -> Path:
    """Return where an engine's slots are written to."""
    return settings.cache_dir / _EVALUATED


def taken_up_note(settings: Settings) -> Path:
    """Return where it stands which text the reader's slot was given last, since the engine runs."""
    return settings.cache_dir / _TAKEN_UP


def engine_version() -> str:
    """Return the versions of the engine's package, of the reader, and of how it is started here."""
    return f"{metadata.version('xllamacpp')} {READER_SHA256[:12]} {_STARTED}"


def _parameters(model: Path, settings: Settings, key: str) -> Any:  # noqa: ANN401
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(model)
    params.hostnames = ["127.0.0.1"]
    params.port = settings.engine_port
    params.api_keys = [key]
    params.cors_origins = ""
    params.n_parallel = _SLOTS
    params.n_ctx = _CONTEXT
    params.kv_unified = True
    params.cache_idle_slots = False
    folder = evaluated_folder(settings)
    with suppress(OSError):  # what is evaluated is then not kept
        folder.mkdir(parents=True, exist_ok=True)
        params.slot_save_path = f"{folder}{os.sep}"
    if settings.weights is None:  # another model's layers are others
        params.lora_adapters = [xllamacpp.CommonAdapterLoraInfo(str(reader_path()), 0.0)]
    params.fit_params = False
    params.cache_ram_mib = _KEPT_PROMPTS
    # Read and not mapped: the engine lays the weights out anew for the processor, and a mapped file
    # would stand beside them in memory (3.0 GB against 2.4).
    params.load_mode = xllamacpp.llama_load_mode.LLAMA_LOAD_MODE_NONE
    params.offline = True
    params.ui = False
    params.verbosity = 0
    threads = settings.engine_threads or len(_usable_cores())
    params.cpuparams.n_threads = threads
    params.cpuparams_batch.n_threads = threads
    return params


def _usable_cores() -> set[int]:
    if hasattr(os, "sched_getaffinity"):
        return os.sched_getaffinity(0)
    return set(range(os.cpu_count() or 1))
