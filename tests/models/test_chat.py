"""Served models, against a small OpenAI-compatible server that behaves as it is told."""

import json
import math
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from langchain_core.messages import HumanMessage

from onrecord.errors import ModelError
from onrecord.models.chat import Backend, ChatLanguageModel, open_model
from onrecord.models.providers import openai_compatible
from onrecord.settings import Settings

ASKED = [HumanMessage("Is it?")]


class Server(ThreadingHTTPServer):
    """Answers with `status`, a text or pieces of one, and token probabilities if it has any."""

    status: list[int]
    text = "Yes"
    top: list[dict[str, Any]] | None = None
    breaks = False
    delay = 0.0
    seen: list[dict[str, Any]]


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self._send(200, {"data": [{"id": "first-model"}]})

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.seen.append({**asked, "key": self.headers["Authorization"]})
        time.sleep(self.server.delay)
        status = self.server.status.pop(0) if len(self.server.status) > 1 else self.server.status[0]
        if status != 200:
            self._send(status, {"error": {"message": "no", "type": "t", "code": None}})
        elif asked.get("stream"):
            self._stream()
        else:
            logprobs = {
                "content": [{"token": "Yes", "logprob": -0.1, "top_logprobs": self.server.top}]
            }
            self._send(200, self._chunk("message", logprobs if self.server.top else None))

    def _chunk(self, part: str, logprobs: Any = None, text: str | None = None) -> dict[str, Any]:
        content = self.server.text if text is None else text
        choice = {"index": 0, part: {"role": "assistant", "content": content}, "logprobs": logprobs}
        ended = {"finish_reason": "stop" if part == "message" else None}
        head = {"id": "1", "object": "chat.completion", "created": 1, "model": "m"}
        return {**head, "choices": [{**choice, **ended}]}

    def _stream(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        if self.server.breaks:
            self.send_header("Content-Length", "100000")  # more than will come
        self.end_headers()
        for char in self.server.text:
            piece = self._chunk("delta", text=char)
            self.wfile.write(f"data: {json.dumps(piece)}\n\n".encode())
            if self.server.breaks:
                return
        self.wfile.write(b"data: [DONE]\n\n")

    def _send(self, status: int, body: Any) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: Any) -> None: ...


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(("127.0.0.1", 0), Handler) as running:
        running.status, running.seen = [200], []
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield running
        running.shutdown()


@pytest.fixture
def model(server: Server) -> Callable[..., Any]:
    def make(suffix: str = "", **changes: Any) -> Any:
        address = f"http://127.0.0.1:{server.server_port}/v1{suffix}"
        quick = {"model_timeout": 5.0, "model_retries": 0}
        return open_model(Settings(model=address, **{**quick, **changes}))

    return make


def test_a_server_is_asked_at_temperature_0_with_its_first_model(
    server: Server, model: Callable[..., Any]
) -> None:
    assert model(api_key="secret").complete(ASKED, max_tokens=5) == "Yes"
    (asked,) = server.seen
    assert (asked["model"], asked["temperature"], asked["key"]) == (
        "first-model",
        0,
        "Bearer secret",
    )


def test_a_model_can_be_named(server: Server, model: Callable[..., Any]) -> None:
    model("#other").complete(ASKED, max_tokens=5)
    assert server.seen[0]["model"] == "other"


def test_json_streams_under_the_schema(server: Server, model: Callable[..., Any]) -> None:
    server.text = '{"1": "x"}'
    pieces = list(model().stream_json(ASKED, {"type": "object"}, max_tokens=9))
    assert "".join(pieces) == server.text
    assert len(pieces) > 1
    assert server.seen[0]["response_format"]["json_schema"]["schema"] == {"type": "object"}


def test_log_odds_come_from_the_next_tokens_probabilities(
    server: Server, model: Callable[..., Any]
) -> None:
    server.top = [
        {"token": token, "logprob": math.log(p)}
        for token, p in [("Yes", 0.5), (" yes", 0.1), ("No", 0.2), ("Maybe", 0.1)]
    ]
    assert model().yes_log_odds(ASKED) == pytest.approx(math.log(0.6 / 0.2))


def test_the_reader_is_asked_for_the_chances_of_its_next_token(server: Server) -> None:
    server.top = [{"token": "B", "logprob": -0.2}, {"token": "C", "logprob": -30.0}]

    def connect() -> Any:
        return openai_compatible(address, "m", "key", Settings(model_retries=0))

    address = f"http://127.0.0.1:{server.server_port}/v1"
    model = ChatLanguageModel("local", True, Backend(connect), reading={"id_slot": 1})
    assert model.has_reader
    assert model.next_token(ASKED, ["A", "B", "C"]) == {"A": -14.0, "B": -0.2, "C": -14.0}
    (asked,) = server.seen
    assert (asked["id_slot"], asked["max_completion_tokens"], asked["top_logprobs"]) == (1, 1, 23)


def test_a_served_model_has_no_reader(model: Callable[..., Any]) -> None:
    assert not model().has_reader


@pytest.mark.parametrize(("text", "odds"), [("Yes", 4.0), ("no.", -4.0), ("**Yes**", 4.0)])
def test_a_model_without_probabilities_is_taken_at_its_word(
    server: Server, model: Callable[..., Any], text: str, odds: float
) -> None:
    server.text = text
    assert model().yes_log_odds(ASKED) == odds


@pytest.mark.parametrize(
    ("status", "words"),
    [(401, "key"), (404, "check ONRECORD_MODEL"), (429, "too often"), (500, "failed")],
)
def test_a_refusal_is_explained(
    server: Server, model: Callable[..., Any], status: int, words: str
) -> None:
    server.status = [status]
    with pytest.raises(ModelError, match=words):
        model().complete(ASKED, max_tokens=5)
    with pytest.raises(ModelError, match=words):
        list(model().stream_json(ASKED, {}, max_tokens=5))


def test_a_passing_fault_is_tried_again(server: Server, model: Callable[..., Any]) -> None:
    server.status = [429, 200]
    assert model(model_retries=2).complete(ASKED, max_tokens=5) == "Yes"


def test_a_hanging_server_is_given_up(server: Server, model: Callable[..., Any]) -> None:
    server.delay = 3.0
    with pytest.raises(ModelError, match="in time"):
        model("#m", model_timeout=0.3).complete(ASKED, max_tokens=5)


def test_a_stream_that_breaks_is_an_error(server: Server, model: Callable[..., Any]) -> None:
    server.text, server.breaks = '{"1": "x"}', True
    with pytest.raises(ModelError):
        list(model().stream_json(ASKED, {}, max_tokens=5))


def test_nobody_there() -> None:
    absent = open_model(Settings(model="http://127.0.0.1:9/v1#m", model_retries=0))
    with pytest.raises(ModelError, match="cannot be reached"):
        absent.complete(ASKED, max_tokens=5)
    assert absent.is_local
    assert absent.restarts == 0  # nobody answered again


def test_a_provider_without_its_key_or_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(ModelError, match=r"OPENAI_API_KEY"):
        open_model(Settings(model="openai:gpt-5-mini")).complete(ASKED, max_tokens=5)
    with pytest.raises(ModelError, match=r"onrecord\[hosted\]"):
        open_model(Settings(model="groq:some-model")).complete(ASKED, max_tokens=5)


def test_a_name_of_no_known_form() -> None:
    with pytest.raises(ModelError, match="ONRECORD_MODEL"):
        open_model(Settings(model="gpt"))
