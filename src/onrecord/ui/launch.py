"""Serving the page, and what programs ask, on this machine and to nobody else unless told to."""

from __future__ import annotations

import socket
import threading
import webbrowser
from contextlib import suppress

import gradio as gr
import uvicorn
from fastapi import FastAPI
from gradio.http_server import Server

from onrecord.access import ONLY_HERE, Access
from onrecord.api.app import build_app, end_work
from onrecord.desk import Desk
from onrecord.errors import OnrecordError
from onrecord.hosts import http_address, listen

_LAST_SECONDS = 3


def launch(
    page: gr.Blocks,
    host: str,
    port: int,
    open_browser: bool = False,
    desk: Desk | None = None,
    access: Access = ONLY_HERE,
) -> str:
    """Begin to serve the page, in a thread of its own, and return its address.

    Args:
        page: What to serve; its `close` ends it.
        host: Address to listen on.
        port: Port to listen on; 0 takes any free one.
        open_browser: Whether to open the page in the reader's browser.
        desk: Where programs put their questions, at the same address; None serves the page alone.
        access: Who may ask, where others can reach the page, and by which names.

    Raises:
        OnrecordError: The address or port cannot be had, the server cannot start, or others could
            reach the page and nobody has said who of them may.
    """
    access.check(host)
    host = host.strip("[]")
    listening = _listen(host, port)
    server = _Server(build_app(desk, page, host, access), listening)
    server.start()
    page.server = server
    address = f"{http_address(host, listening.getsockname()[1])}/"
    if open_browser:
        webbrowser.open(address)
    return address


class _Server(Server):
    """A server in a thread of its own, which Gradio's page can close.

    Args:
        app: What it serves.
        listening: A socket that listens already, so that nobody else has its port.
    """

    def __init__(self, app: FastAPI, listening: socket.socket) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                lifespan="on",
                log_config=None,  # it logs as the process does
                log_level="warning",
                timeout_graceful_shutdown=_LAST_SECONDS,
            )
        )
        self._app, self._listening = app, listening
        self.thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Return once requests are answered.

        Raises:
            OnrecordError: The application does not start.
        """
        self.thread.start()
        while not self.started:
            self.thread.join(timeout=0.01)
            if not self.thread.is_alive() and not self.started:
                self._listening.close()
                raise OnrecordError("The page cannot be served; what is logged above says why.")

    def close(self) -> None:
        """End the server, and what it is still answering."""
        end_work(self._app)
        self.should_exit = True
        self.thread.join(timeout=_LAST_SECONDS + 2)

    def _run(self) -> None:
        with suppress(SystemExit):  # by which uvicorn says that the application does not start
            self.run([self._listening])


def _listen(host: str, port: int) -> socket.socket:
    try:
        return listen(host, port)
    except (OSError, OverflowError) as error:
        raise OnrecordError(
            f"The page cannot be served on {host}, port {port}: it is taken, or not an address "
            "of this machine. Choose another with --port or ONRECORD_PORT (0 takes any free one)."
        ) from error
