"""A real Chroma server in a process of its own, and a gate before it that wants a token."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from time import sleep

import httpx

# What the command `chroma` does, less the import of Chroma's client: that is most of its start.
_CHROMA = (
    "import sys, chromadb_rust_bindings; chromadb_rust_bindings.cli(['chroma', *sys.argv[1:]])"
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class ChromaProcess:
    """`chroma run` on a free port of loopback; started again, it has the same port."""

    def __init__(self) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, folder: Path) -> None:
        arguments = ["run", "--path", folder, "--host", "127.0.0.1", "--port", str(self.port)]
        self._process = subprocess.Popen(
            [sys.executable, "-c", _CHROMA, *arguments], stdout=subprocess.DEVNULL
        )
        while not self._answers():
            assert self._process.poll() is None, "chroma run has ended"
            sleep(0.02)

    def kill(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()

    def _answers(self) -> bool:
        try:
            url = f"{self.address}/api/v2/heartbeat"
            return httpx.get(url, trust_env=False).is_success
        except httpx.TransportError:
            return False


@contextmanager
def gate(before: str, token: str, header: str) -> Iterator[str]:
    """Serve what is behind an address to those who show a token; yields the gate's own address."""

    def reply(request: BaseHTTPRequestHandler) -> tuple[int, bytes]:
        return relayed(before, request) if request.headers[header] == token else (401, b"")

    with answering(reply) as address:
        yield address


def relayed(before: str, request: BaseHTTPRequestHandler) -> tuple[int, bytes]:
    """Return what is answered behind an address."""
    answer = httpx.request(
        request.command,
        before + request.path,
        content=request.rfile.read(int(request.headers.get("Content-Length", 0))),
        headers={"Content-Type": "application/json"},
        trust_env=False,
        verify=False,  # there is no certificate, and to read those that are trusted takes time
    )
    return answer.status_code, answer.content


@contextmanager
def answering(reply: Callable[[BaseHTTPRequestHandler], tuple[int, bytes]]) -> Iterator[str]:
    """Answer whatever is asked with a status and a body; yields the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = reply(self)
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
