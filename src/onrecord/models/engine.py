"""The local engine: llama.cpp's own server, in this process, on loopback.

One engine serves a machine (two slow each other more than tenfold, since their threads
spin): the process that starts it writes its address into the cache folder, and later
processes use it. Where it is gone, the next one that needs it starts its own.
"""

from __future__ import annotations

import atexit
import ctypes
import os
import secrets
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib import metadata
from pathlib import Path
from typing import Any, Literal

import httpx
from filelock import FileLock, Timeout
from pydantic import Field

from onrecord.errors import ModelError
from onrecord.models.weights import (
    LANGUAGE_MODEL,
    READER_SHA256,
    check_again,
    language_model_path,
    reader_path,
)
from onrecord.progress import Progress, silent
from onrecord.settings import Settings
from onrecord.types import Value

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
# The beginnings of prompts that have been evaluated are kept here while another is in the
# slot (examples, where there is no reader; texts, where there is one): 28 KB a token.
_KEPT_PROMPTS = 512  # MiB
_STARTED = 2  # to be raised when an engine that runs already would not do
_EVALUATED = "evaluated"  # the folder below the cache folder that slots are written to
_CHECK_SECONDS = 2.0
_START_SECONDS = 120.0
_IDLE_SECONDS = 3.0  # an answer that nobody waits for any more is given up within one


class EngineAddress(Value):
    """Where an engine listens, and what it runs.

    Attributes:
        url: Its address, without a path; always on loopback.
        key: What a client must show; other users of the machine cannot read it.
        pid: The process that it lives in.
        model: The file that it has loaded.
        version: The versions of the engine's package and of the reader.
    """

    url: str = Field(pattern=r"^http://127\.0\.0\.1:\d{1,5}$")
    key: str
    pid: int
    model: str
    version: str


class _Running:
    """This process's engine, and the models that use it.

    The server stops when the last reference to it goes, and that must not happen while it
    answers: it would wait for its client, with the interpreter held, and the client for it.
    So a thread of its own keeps the reference: until `stop`, or else to the end of the
    process, which asks no daemon thread what it holds.
    """

    def __init__(self, address: EngineAddress, server: list[Any]) -> None:
        self.address = address
        self.users: set[Engine] = set()
        self._released = threading.Event()
        self._keeper = threading.Thread(target=self._keep, args=(server,), daemon=True)
        self._keeper.start()

    def stop(self) -> None:
        self._released.set()
        self._keeper.join()

    def _keep(self, server: list[Any]) -> None:
        self._released.wait()
        server.clear()


_own: dict[Path, _Running] = {}
"""The engine of this process, by registry file: the one thing that is global here."""
_guard = threading.RLock()


class Engine:
    """One model's use of the machine's engine: found, or started, when it is connected to.

    Args:
        settings: Which model, on which port, with how many threads.
        progress: Told of joining weights and of the start.
    """

    def __init__(self, settings: Settings, progress: Progress = silent) -> None:
        self._settings = settings
        self._progress = progress
        self._registry = _registry(settings)

    def connect(self) -> EngineAddress:
        """Return the address of an engine that answers, starting one if there is none.

        Raises:
            WeightsError: The model file is missing or wrong.
            ModelError: The engine does not start, or the cache folder cannot be written.
        """
        model = language_model_path(self._settings, self._progress)
        folder = self._registry.parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with _guard, FileLock(_lock_of(self._registry), timeout=_START_SECONDS):
                return self._find_or_start(model.resolve())
        except OSError as error:
            raise ModelError(
                f"The local engine cannot note its address in {folder} "
                f"({error.strerror or error}). Make the folder writable, or name another with "
                "ONRECORD_CACHE_DIR."
            ) from error

    def slot(self, action: Literal["save", "restore"], path: Path) -> bool:
        """Write what the reader's slot has evaluated to a file, or take it up; tell if it worked.

        Args:
            action: Which of the two.
            path: A file in `evaluated_folder`.

        Raises:
            httpx.HTTPError: The engine does not answer.
            ModelError, WeightsError: As for `connect`.
        """
        place = f"/slots/{READING['id_slot']}?action={action}"
        answer = _post(self.connect(), place, {"filename": path.name})
        return answer.status_code == httpx.codes.OK

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for the engine to be free, and keep it so: for this process and all others.

        Asked at once by several, in slots with and without the adapter, the server mixes their
        texts up; and on a few cores they would have to share anyway.
        """
        folder = self._registry.parent
        folder.mkdir(parents=True, exist_ok=True)
        wait = self._settings.model_timeout
        # A stream may be closed by another thread than the one that began it.
        turn = FileLock(folder / "engine.turn", timeout=wait, thread_local=False)
        try:
            turn.acquire()
        except Timeout as error:
            raise ModelError(
                f"The local engine has been busy for {wait:.0f} seconds (ONRECORD_MODEL_TIMEOUT). "
                "Ask again, or stop the other program that uses it; `onrecord doctor` shows more."
            ) from error
        try:
            yield
        finally:
            turn.release()

    def close(self) -> None:
        """Stop the engine, if it is this process's own and nobody uses it.

        One that is answering (another process, perhaps) runs until this process ends.
        """
        with _guard:
            running = _own.get(self._registry)
            if running is None or self not in running.users:
                return
            running.users.remove(self)
            if not running.users:
                _stop_if_idle(self._registry)

    def _find_or_start(self, model: Path) -> EngineAddress:
        address = running_engine(self._settings)
        if address is None or (address.model, address.version) != (str(model), engine_version()):
            self._progress("Starting the language model", None)
            _stop_if_idle(self._registry)
            _start(model, self._settings, self._registry)
            address = _own[self._registry].address
            self._progress("The language model runs", 1.0)
        own = _own.get(self._registry)
        if own is not None and own.address == address:
            own.users.add(self)
        return address


def running_engine(settings: Settings) -> EngineAddress | None:
    """Return the address of this machine's engine, if one answers."""
    try:
        address = _noted(_registry(settings))
        answer = _get(address, "/v1/models", _CHECK_SECONDS)
    except (OSError, ValueError, httpx.HTTPError):
        return None
    return address if answer.status_code == httpx.codes.OK else None


def _start(model: Path, settings: Settings, registry: Path) -> None:
    import xllamacpp

    key = secrets.token_urlsafe(24)
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
    params.offline = True
    params.ui = False
    params.verbosity = 0
    threads = settings.engine_threads or len(_usable_cores())
    params.cpuparams.n_threads = threads
    params.cpuparams_batch.n_threads = threads
    try:
        server = [xllamacpp.Server(params)]
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
        url=server[0].listening_address,
        key=key,
        pid=os.getpid(),
        model=str(model),
        version=engine_version(),
    )
    if settings.weights is None:
        # A slot that changes to the adapter forgets what it holds: before anything is taken up.
        with suppress(httpx.HTTPError):
            _post(address, "/completion", {"prompt": "Q", "n_predict": 1, **READING})
    _note(registry, address)
    _own[registry] = _Running(address, server)
    atexit.register(_take_back, registry, address)
    _end_without_teardown()


def _end_without_teardown() -> None:
    """Let the process end at once when it ends, where the system can (glibc's `on_exit`).

    The engine's threads may be answering then, and crash when what they use is torn down under
    them. Python has ended by itself before; the exit code stays.
    """
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None
    if libc is not None and hasattr(libc, "on_exit"):
        libc.on_exit(ctypes.cast(libc._exit, ctypes.c_void_p), None)


def _stop_if_idle(registry: Path) -> None:
    with _guard:
        running = _own.get(registry)
        if running is None or not _becomes_idle(running.address):
            return
        del _own[registry]
        _take_back(registry, running.address)
        running.stop()


def _becomes_idle(address: EngineAddress) -> bool:
    """Wait for the engine to have nothing to answer; tell whether that came about."""
    deadline = time.monotonic() + _IDLE_SECONDS
    while (left := deadline - time.monotonic()) > 0:
        try:
            slots = _get(address, "/slots", left).json()
        except (ValueError, httpx.HTTPError):
            return False
        if not any(slot["is_processing"] for slot in slots):
            return True
        time.sleep(0.1)
    return False


def _take_back(registry: Path, address: EngineAddress) -> None:
    """Remove the engine's note, unless another engine has written its own over it."""
    with suppress(OSError, ValueError), FileLock(_lock_of(registry), timeout=_CHECK_SECONDS):
        if _noted(registry) == address:
            registry.unlink()


def _get(address: EngineAddress, path: str, seconds: float) -> httpx.Response:
    return httpx.get(address.url + path, headers=_shown(address), timeout=seconds, trust_env=False)


def _post(address: EngineAddress, path: str, body: Mapping[str, Any]) -> httpx.Response:
    return httpx.post(
        address.url + path,
        json=dict(body),
        headers=_shown(address),
        timeout=_START_SECONDS,
        trust_env=False,
    )


def _shown(address: EngineAddress) -> dict[str, str]:
    return {"Authorization": f"Bearer {address.key}"}


def evaluated_folder(settings: Settings) -> Path:
    """Return where an engine's slots are written to."""
    return settings.cache_dir / _EVALUATED


def _registry(settings: Settings) -> Path:
    return settings.cache_dir / "engine.json"


def _lock_of(registry: Path) -> Path:
    return registry.with_suffix(".lock")


def _noted(registry: Path) -> EngineAddress:
    return EngineAddress.model_validate_json(registry.read_text(encoding="utf-8"))


def _note(registry: Path, address: EngineAddress) -> None:
    """Write the address where only this user can read it, whole or not at all."""
    temporary = registry.with_suffix(".tmp")
    temporary.unlink(missing_ok=True)
    created = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(created, "w", encoding="utf-8") as file:
        file.write(address.model_dump_json())
    temporary.replace(registry)


def engine_version() -> str:
    """Return the versions of the engine's package, of the reader, and of how it is started here."""
    return f"{metadata.version('xllamacpp')} {READER_SHA256[:12]} {_STARTED}"


def _usable_cores() -> set[int]:
    if hasattr(os, "sched_getaffinity"):
        return os.sched_getaffinity(0)
    return set(range(os.cpu_count() or 1))
