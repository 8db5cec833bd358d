"""What `onrecord engine` does: lend this machine's engine to other machines."""

from __future__ import annotations

import socket
from contextlib import suppress

import uvicorn

from onrecord import Settings
from onrecord.api.requests import RequestIds
from onrecord.errors import ModelError
from onrecord.hosts import http_address, listen
from onrecord.models.engine import Engine, patient
from onrecord.models.lending import Lender
from onrecord.terminal import logging_progress, out

_SHORTEST_KEY = 16  # characters: too many for anybody to guess
_LAST_SECONDS = 3


def run(host: str, port: int) -> None:
    """Lend the engine until the process is interrupted.

    Args:
        host: Address to listen on.
        port: Port to listen on; 0 takes any free one.

    Raises:
        ModelError: There is no key, or a model of the user's own, or the address cannot be had, or
            the engine does not start.
        WeightsError: The model's file is missing or wrong.
    """
    settings = patient(Settings())
    key = _key(settings)
    if settings.weights is not None:
        raise ModelError(
            "ONRECORD_WEIGHTS names a model of your own, which has no reader to lend. Unset it, or "
            "serve that model with llama.cpp's own server and name its address as ONRECORD_MODEL."
        )
    listening = _listen(host, port)
    engine = Engine(settings, logging_progress())
    try:
        engine.connect()
        server = _server(Lender(engine, key, settings.model_timeout))
        at = http_address(host, listening.getsockname()[1], socket.gethostname())
        out.print(f"The engine can be used at {at}  (Ctrl-C ends it)")
        with suppress(KeyboardInterrupt):
            server.run([listening])
    finally:
        listening.close()
        engine.close()


def _server(lender: Lender) -> uvicorn.Server:
    return uvicorn.Server(
        uvicorn.Config(
            RequestIds(lender.app()),
            log_config=None,  # it logs as the process does
            log_level="warning",
            timeout_graceful_shutdown=_LAST_SECONDS,
        )
    )


def _key(settings: Settings) -> str:
    key = settings.engine_key.get_secret_value() if settings.engine_key else ""
    if len(key) < _SHORTEST_KEY or not key.isascii() or not key.isprintable() or " " in key:
        raise ModelError(
            f"Set ONRECORD_ENGINE_KEY to a secret of at least {_SHORTEST_KEY} letters and digits, "
            "such as `openssl rand -hex 24` prints; whoever is to use the engine sets "
            "ONRECORD_API_KEY to the same."
        )
    return key


def _listen(host: str, port: int) -> socket.socket:
    try:
        return listen(host.strip("[]"), port)
    except (OSError, OverflowError) as error:
        raise ModelError(
            f"The engine cannot be lent on {host}, port {port}: it is taken, or not an address of "
            "this machine. Choose another with --host and --port (0 takes any free port)."
        ) from error
