"""An app in a process of its own: the HTTP API about one document, with a model by its address."""

from __future__ import annotations

import multiprocessing
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import httpx
import uvicorn

from onrecord import Assistant, Settings, library
from onrecord.api.http import http_api
from onrecord.api.warming import Warming
from onrecord.desk import Desk
from onrecord.types import Document
from tests.fakes import FakeEmbeddings

_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload([__name__, "langchain_openai", "chromadb"])


@dataclass(frozen=True)
class AppProcess:
    """A process that serves, and a client of it."""

    process: BaseProcess
    client: httpx.Client

    def ask(self, question: str) -> httpx.Response:
        return self.client.post("/ask", json={"question": question})


@contextmanager
def app_process(model: str, cache: Path, document: Document) -> Iterator[AppProcess]:
    told, telling = _PROCESSES.Pipe(duplex=False)
    process = _PROCESSES.Process(target=_serve, args=(model, cache, document, telling))
    process.start()
    with httpx.Client(
        base_url=f"http://127.0.0.1:{told.recv()}", timeout=20, trust_env=False
    ) as client:
        yield AppProcess(process, client)
    process.kill()
    process.join()


def _serve(model: str, cache: Path, document: Document, telling: Connection) -> None:
    vars(library).update(open_embeddings=lambda *_: FakeEmbeddings(), embedder_id=lambda _: "fake")
    settings = Settings(
        model=model, model_retries=0, model_timeout=20, cache_dir=cache, answer_cache=0
    )
    assistant = Assistant([document], settings=settings)
    api = http_api(Desk(assistant), Warming(assistant))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        telling.send(listening.getsockname()[1])
        uvicorn.Server(uvicorn.Config(api, log_level="critical")).run([listening])
