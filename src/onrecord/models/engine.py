"""The local engine: llama.cpp's own server, in this process, on loopback.

One engine serves a machine (two slow each other more than tenfold, since their threads
spin): the process that starts it writes its address into the cache folder, and later
processes use it. Where it is gone, the next one that needs it starts its own.
"""

from __future__ import annotations

import atexit
import ctypes
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any, Literal

import httpx
from filelock import FileLock, Timeout

from onrecord.alone import alone
from onrecord.errors import ModelError
from onrecord.leaving import LeftError, is_left
from onrecord.models.address import (
    EngineAddress,
    lock_of,
    note,
    registry_of,
    running_engine,
    take_back,
)
from onrecord.models.starting import READING, engine_version, start
from onrecord.models.weights import language_model_path
from onrecord.progress import Progress, silent
from onrecord.settings import Settings

_START_SECONDS = 120.0
_KNOCK_SECONDS = 10.0  # it may be evaluating on all cores
_IDLE_SECONDS = 3.0  # an answer that nobody waits for any more is given up within one
_LOOK_SECONDS = 10.0
_LOOKS = 60  # at an engine that was given up: is it at rest, so that it can be stopped?
_LONG_SECONDS = 30.0  # of waiting for a turn
PATIENCE = 300.0  # seconds
_WAIT: Mapping[str, float] = {"model_timeout": PATIENCE, "model_retries": 0}
"""For an engine: a slow machine reads for minutes, and an engine's death shows at once."""


def patient(settings: Settings) -> Settings:
    """Return the settings with an engine's own times to wait, where none are set."""
    given = settings.model_fields_set
    unset = {name: value for name, value in _WAIT.items() if name not in given}
    return settings.model_copy(update=unset)


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

    def stop_at_rest(self) -> None:
        """Stop, if it comes to rest within some minutes; one that hangs is kept, not waited for."""
        threading.Thread(target=self._look, daemon=True).start()

    def _look(self) -> None:
        for _ in range(_LOOKS):
            if _becomes_idle(self.address):
                self.stop()
                return
            time.sleep(_LOOK_SECONDS)

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
        self._registry = registry_of(settings)
        self._address: EngineAddress | None = None

    def connect(self) -> EngineAddress:
        """Return the address of an engine that answers, starting one if there is none.

        Raises:
            WeightsError: The model file is missing or wrong.
            ModelError: The engine does not start, another process has been starting it for long,
                or the cache folder cannot be written.
            LeftError: Nobody waits for it any more.
        """
        model = language_model_path(self._settings, self._progress)
        folder = self._registry.parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with _guard, self._turn_to_start():
                self._address = self._find_or_start(model.resolve())
                return self._address
        except OSError as error:
            raise ModelError(
                f"The local engine cannot note its address in {folder} "
                f"({error.strerror or error}). Make the folder writable, or name another with "
                "ONRECORD_CACHE_DIR."
            ) from error

    def knock(self) -> None:
        """Return if the machine's engine answers; none is started.

        Raises:
            ModelError: It does not.
        """
        if running_engine(self._settings, _KNOCK_SECONDS) is None:
            raise ModelError(
                "The local engine does not answer; where it is gone, it is started anew."
            )

    def give_up(self) -> None:
        """Let go of the engine, which has stopped answering: `connect` starts another then.

        It is not waited for. One of another process stays with that.
        """
        with _guard:
            address, self._address = self._address, None
            if address is None:
                return
            take_back(self._registry, address)
            running = _own.get(self._registry)
            if running is not None and running.address == address:
                del _own[self._registry]
                running.stop_at_rest()

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
        answer = self.connect().post(place, {"filename": path.name}, _START_SECONDS)
        return answer.status_code == httpx.codes.OK

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for the engine to be free, and keep it so: for this process and all others.

        Asked at once by several, in slots with and without the adapter, the server mixes their
        texts up; and on a few cores they would have to share anyway.

        Raises:
            ModelError: It is busy for too long.
            LeftError: Nobody waits for the answer any more.
        """
        folder = self._registry.parent
        folder.mkdir(parents=True, exist_ok=True)
        wait = self._settings.model_timeout
        # A stream may be closed by another thread than the one that began it.
        turn = FileLock(folder / "engine.turn", thread_local=False)
        try:
            _take(turn, FileLock(folder / "engine.next"), wait)
        except Timeout as error:
            if is_left():
                raise LeftError from error
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
        address = self._find(model)
        if address is None:
            self._progress("Starting the language model", None)
            _make_way(self._registry)
            _start(model, self._settings, self._registry)
            address = _own[self._registry].address
            self._progress("The language model runs", 1.0)
        own = _own.get(self._registry)
        if own is not None and own.address == address:
            own.users.add(self)
        return address

    def _turn_to_start(self) -> AbstractContextManager[None]:
        too_long = ModelError(
            "Another onrecord has been starting the local engine for "
            f"{_START_SECONDS:.0f} seconds. Ask again when it is through, or end it; "
            "`onrecord doctor` shows more."
        )
        word = "Waiting for another onrecord to start the language model"
        lock = lock_of(self._registry)
        return alone(lock, word, too_long, self._progress, _START_SECONDS)

    def _find(self, model: Path) -> EngineAddress | None:
        """Return the engine that runs the model, if there is one: this process's, or the machine's.

        One's own is no less there for being slow to answer (others may have the cores, or the
        memory): a second one would make it slower. If it hangs, `give_up` is called.
        """
        own = _own.get(self._registry)
        if own is not None and _runs(own.address, model) and own.address.is_listening():
            return own.address
        address = running_engine(self._settings, _KNOCK_SECONDS)
        return address if address is not None and _runs(address, model) else None


def _runs(address: EngineAddress, model: Path) -> bool:
    return (address.model, address.version) == (str(model), engine_version())


def _take(turn: FileLock, first: FileLock, wait: float) -> None:
    """Take the turn.

    Who has it, and has more to ask, takes it again before anybody sees that it is free. That is as
    well for an answer, each request of which goes on from the one before. But whoever has waited
    for long comes first, by a lock of its own.

    Args:
        turn: Held while the engine is used.
        first: Held by whoever comes first.
        wait: For so many seconds.

    Raises:
        Timeout: It did not come, or nobody waits for the answer any more.
    """
    until = time.monotonic() + wait

    def left() -> float:
        return max(0.0, until - time.monotonic())

    with first.acquire(wait, cancel_check=is_left):
        pass
    with suppress(Timeout):
        turn.acquire(min(_LONG_SECONDS, left()), cancel_check=is_left)
        return
    with first.acquire(left(), cancel_check=is_left):
        turn.acquire(left(), cancel_check=is_left)


def _start(model: Path, settings: Settings, registry: Path) -> None:
    _end_without_teardown()  # which may come while it starts
    address, server = start(model, settings)
    note(registry, address)
    _own[registry] = _Running(address, [server])
    atexit.register(take_back, registry, address)


def _end_without_teardown() -> None:
    """Let the process end at once when it ends, where the system can (glibc's `on_exit`).

    The engine's threads may be answering then, and crash when what they use is torn down under
    them. Python has ended by itself before; the exit code stays.
    """
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None
    if libc is not None and hasattr(libc, "on_exit"):
        libc.on_exit(ctypes.cast(libc._exit, ctypes.c_void_p), None)


def _make_way(registry: Path) -> None:
    """Let go of this process's engine, which another one replaces; its memory comes back soon."""
    _stop_if_idle(registry)
    if (busy := _own.pop(registry, None)) is not None:
        busy.stop_at_rest()


def _stop_if_idle(registry: Path) -> None:
    with _guard:
        running = _own.get(registry)
        if running is None or not _becomes_idle(running.address):
            return
        del _own[registry]
        take_back(registry, running.address)
        running.stop()


def _becomes_idle(address: EngineAddress) -> bool:
    """Wait for the engine to have nothing to answer; tell whether that came about."""
    deadline = time.monotonic() + _IDLE_SECONDS
    while (left := deadline - time.monotonic()) > 0:
        try:
            slots = address.get("/slots", left).json()
        except (ValueError, httpx.HTTPError):
            return False
        if not any(slot["is_processing"] for slot in slots):
            return True
        time.sleep(0.1)
    return False
