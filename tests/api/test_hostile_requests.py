"""Whatever is sent, it is answered, or refused in the one shape of errors: never with a 500."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote_from_bytes

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from onrecord.api.http import http_api
from onrecord.api.warming import Warming
from onrecord.assistant import Assistant
from onrecord.desk import Desk
from onrecord.settings import Settings
from tests.api.conftest import BRIDGE
from tests.examples import examples
from tests.fakes import FakeEmbeddings, FakeModel

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([10**400, -1, 2**63, float("nan"), float("inf")])
    | st.text(st.characters(), max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters()), inner),
    max_leaves=6,
)
QUESTIONS = JSON | st.sampled_from(["What is it made of?", "Who drew the bridge?", "?" * 3000, "a"])
MESSAGES = st.fixed_dictionaries(
    {"role": st.sampled_from(["user", "assistant", "system"]), "content": QUESTIONS},
    optional={"name": JSON},
)
PASSAGES = st.fixed_dictionaries(
    {
        "document_id": st.sampled_from([BRIDGE.id, "nothing"]) | JSON,
        "start": st.integers(),
        "end": st.integers() | JSON,
    }
)
SCOPES = st.fixed_dictionaries(
    {}, optional={"documents": st.lists(st.just(BRIDGE.id) | JSON), "passage": PASSAGES | JSON}
)
ASKED = st.fixed_dictionaries(
    {"question": QUESTIONS},
    optional={
        "history": st.lists(MESSAGES, max_size=3) | JSON,
        "scope": SCOPES | JSON,
        "\ud800": JSON,
        "k": JSON,
    },
)
BODIES = st.one_of(
    (ASKED | JSON).map(lambda value: json.dumps(value).encode()),
    st.binary(max_size=60),
    st.sampled_from([b"[" * 100_000, b'{"question":' * 50_000, b'{"question": "\\ud800"}']),
)
HEADERS = st.sampled_from(
    ["application/json"] * 6 + ["application/json; charset=utf-7", "text/plain", "", "\x00", "é"]
)
NAMES = st.sampled_from(["q", "k", "document", "number", "id", "x"])
WORDS = st.one_of(
    st.binary(max_size=12),
    st.sampled_from([b"bridge", b"0", b"-1", b"9" * 5000, b"notes/old bridge.txt", b"%", b"NaN"]),
)
PATHS = st.sampled_from(["/search", "/sentences", "/documents", "/health", "/ready", "/ask"])


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    settings = Settings(cache_dir=Path(tmp_path_factory.mktemp("cache")), threshold=0.0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("onrecord.library.open_embeddings", lambda *_: FakeEmbeddings())
        patch.setattr("onrecord.library.embedder_id", lambda _: "fake")
        assistant = Assistant([BRIDGE], model=FakeModel(), settings=settings)
        api = http_api(Desk(assistant), Warming(assistant))
        with TestClient(api, raise_server_exceptions=False) as client:
            yield client


def check(response: httpx.Response) -> None:
    assert response.status_code != 500, response.text
    if response.status_code == 200:
        assert "internal" not in kinds_in(response)
        return
    said = response.json()
    assert set(said) == {"error"}
    assert set(said["error"]) == {"kind", "message", "request_id"}
    assert said["error"]["message"]
    assert "Traceback" not in response.text


def kinds_in(response: httpx.Response) -> list[str]:
    """Return the kinds of errors among the events of a stream; of other responses, none."""
    if not response.headers["content-type"].startswith("text/event-stream"):
        return []
    sent = [line[6:] for line in response.text.splitlines() if line.startswith("data: ")]
    events: list[dict[str, Any]] = [json.loads(line) for line in sent]
    return [event["error"]["kind"] for event in events if "error" in event]


@examples(50)
@given(st.sampled_from(["/ask", "/ask/stream"]), BODIES, HEADERS)
@example("/ask", b'{"question": "Who?", "\\ud800": 1}', "application/json")
@example("/ask", b'{"question": "Who?", "scope": {"\\udfff": 1}}', "application/json")
def test_any_body_is_answered_or_refused(
    client: TestClient, path: str, body: bytes, kind: str
) -> None:
    headers = {"Content-Type": kind.encode("latin-1")} if kind else {}
    check(client.post(path, content=body, headers=headers))  # type: ignore[arg-type]


@examples(50)
@given(PATHS, st.lists(st.tuples(NAMES, WORDS), max_size=4))
@example("/search", [("q", b"\xed\xa0\x80"), ("k", b"5")])
@example("/sentences", [("document", BRIDGE.id.encode()), ("number", b"9" * 4000)])
def test_any_query_is_answered_or_refused(
    client: TestClient, path: str, query: list[tuple[str, bytes]]
) -> None:
    asked = "&".join(f"{name}={quote_from_bytes(words, safe='')}" for name, words in query)
    check(client.get(f"{path}?{asked}"))


@examples(50)
@given(WORDS, st.sampled_from(["GET", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"]))
def test_any_address_is_answered_or_refused(client: TestClient, words: bytes, method: str) -> None:
    for prefix in ("/documents/", "/"):
        check(client.request(method, f"{prefix}{quote_from_bytes(words, safe='/')}"))
