"""A small OpenAI-compatible server that behaves, and misbehaves, as it is told."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = tuple[int, Any]


class FakeServer(ThreadingHTTPServer):
    """Answers what is queued in `replies` (status, body), then `text`, as a chat model does.

    Attributes:
        text: What the model says.
        logprobs: The first token's alternatives, or None for a server that shows none.
        replies: Answered first, one a request.
        refused_fields: Request fields that are answered with 400.
        finish: Why an answer ends, where it is not "stop" ("length" for a stream).
        refusal: What it says where it does not want to answer, in OpenAI's field for that.
        delay: Seconds before anything is answered.
        pause: Seconds before each piece of a stream.
        hangs_after: The pieces behind which it sends signs of life and nothing else.
        breaks_off: Whether a stream ends in its middle, without its end.
        models: What GET /models lists.
        key: What a client must show, if anything.
        is_busy: Whether a slot says that it is processing.
        requests: The bodies of the requests, with their path and key.
        most_at_once: How many questions it was answering at once, at most.
        ids: The ids that they bring.
        traces: The traces that they are part of.
        usage: The tokens that it says it has read and written, or None where it says nothing.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.text = "Yes"
        self.logprobs: dict[str, float] | None = None
        self.replies: list[Reply] = []
        self.refused_fields: set[str] = set()
        self.finish: str | None = None
        self.refusal: str | None = None
        self.delay = 0.0
        self.pause = 0.0
        self.hangs_after: int | None = None
        self.breaks_off = False
        self.models = ["first-model", "second-model"]
        self.key: str | None = None
        self.is_busy = False
        self.requests: list[dict[str, Any]] = []
        self.most_at_once = 0
        self._at_once = 0
        self._counting = threading.Lock()
        self.ids: list[str | None] = []
        self.traces: list[str | None] = []
        self.usage: tuple[int, int] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def reply(self, body: Mapping[str, Any]) -> tuple[str, Mapping[str, float] | None]:
        """Return what the model says to a request, and the first token's alternatives."""
        return self.text, self.logprobs

    def start(self) -> None:
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        self.shutdown()
        self.server_close()

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Count what is being answered at once."""
        with self._counting:
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            yield
        finally:
            with self._counting:
                self._at_once -= 1

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keep quiet about a client that hung up."""


class _Handler(BaseHTTPRequestHandler):
    server: FakeServer

    def do_GET(self) -> None:
        self._answer(None)

    def do_POST(self) -> None:
        with self.server.counted():
            self._answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

    def log_message(self, *_arguments: Any) -> None:
        pass

    def _answer(self, body: dict[str, Any] | None) -> None:
        server = self.server
        server.requests.append(
            {"path": self.path, "key": self.headers["Authorization"], **(body or {})}
        )
        server.ids.append(self.headers["X-Request-ID"])
        server.traces.append(self.headers["traceparent"])
        time.sleep(server.delay)
        if server.key and self.headers["Authorization"] != f"Bearer {server.key}":
            self._send(401, {"error": {"message": "wrong key"}})
        elif server.replies:
            self._send(*server.replies.pop(0))
        elif self.path == "/slots":
            self._send(200, [{"is_processing": False}, {"is_processing": server.is_busy}])
        elif body is None:
            self._send(200, {"object": "list", "data": [{"id": name} for name in server.models]})
        elif refused := server.refused_fields & body.keys():
            self._send(400, {"error": {"message": f"{sorted(refused)} are not supported"}})
        elif body.get("stream"):
            options = body.get("stream_options") or {}
            is_counted = bool(server.usage and options.get("include_usage"))
            self._stream(server.reply(body)[0], is_counted)
        else:
            self._send(200, self._completion(*server.reply(body)) | self._usage())

    def _send(self, status: int, body: Any) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _stream(self, text: str, is_counted: bool) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        if self.server.breaks_off:
            self.send_header("Content-Length", "1000000")
        self.end_headers()
        for start in range(0, len(text), 4):
            self._pause(self.server.hangs_after == start // 4)
            chunk = {"index": 0, "delta": {"role": "assistant", "content": text[start : start + 4]}}
            self._event({"choices": [{**chunk, "finish_reason": None}]})
            if self.server.breaks_off and start >= 4:
                self.close_connection = True
                return
        last = {"refusal": self.server.refusal} if self.server.refusal else {}
        reason = self.server.finish or "length"
        self._event({"choices": [{"index": 0, "delta": last, "finish_reason": reason}]})
        if is_counted:
            self._event({"choices": [], **self._usage()})
        self.wfile.write(b"data: [DONE]\n\n")

    def _completion(self, text: str, logprobs: Mapping[str, float] | None) -> dict[str, Any]:
        server = self.server
        choice: dict[str, Any] = {
            "index": 0,
            "message": {"role": "assistant", "content": text, "refusal": server.refusal},
            "finish_reason": server.finish or "stop",
        }
        if logprobs is not None:
            shown = [{"token": token, "logprob": value} for token, value in logprobs.items()]
            choice["logprobs"] = {"content": [{**shown[0], "top_logprobs": shown}]}
        head = {"id": "1", "object": "chat.completion", "created": 1, "model": "m"}
        return {**head, "choices": [choice]}

    def _pause(self, for_ever: bool) -> None:
        until = time.monotonic() + (20.0 if for_ever else self.server.pause)
        while time.monotonic() < until:
            self.wfile.write(b":\n\n")
            self.wfile.flush()
            time.sleep(0.02)

    def _usage(self) -> dict[str, Any]:
        if self.server.usage is None:
            return {}
        read, written = self.server.usage
        total = read + written
        tokens = {"prompt_tokens": read, "completion_tokens": written, "total_tokens": total}
        return {"usage": tokens}

    def _event(self, event: dict[str, Any]) -> None:
        whole = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", **event}
        self.wfile.write(f"data: {json.dumps(whole)}\n\n".encode())
        self.wfile.flush()


@contextmanager
def fake_server() -> Iterator[FakeServer]:
    server = FakeServer()
    server.start()
    yield server
    server.stop()
