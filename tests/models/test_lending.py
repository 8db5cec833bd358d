"""An engine that is lent: who may ask it, for what, and that it is asked one thing at a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any

import httpx
import pytest
from langchain_core.messages import HumanMessage

from onrecord import cli_engine
from onrecord.body import LARGEST_BODY
from onrecord.doctor import Finding, examine
from onrecord.errors import ModelError
from onrecord.models import borrowing, lending, open_model
from onrecord.models.address import EngineAddress
from onrecord.models.base import LanguageModel
from onrecord.models.lending import Lender
from onrecord.models.starting import READER_NAME, READING, WRITER_NAME, WRITING
from onrecord.models.weights import LANGUAGE_MODEL
from onrecord.settings import Settings
from tests.models.fake_server import FakeServer, fake_server

KEY = "a-key-that-nobody-guesses"
OWN_KEY = "the-engines-own"
ASKED = [HumanMessage("Who opened the bridge?")]


class LentEngine:
    """Stands for `Engine`: it has a fake server, which has a successor in the next test."""

    def __init__(self) -> None:
        self.server: FakeServer | None = None
        self.is_in_use = False

    def connect(self) -> EngineAddress:
        if self.server is None:
            raise ModelError("The local engine does not start: memory is short.")
        url = self.server.url.removesuffix("/v1")
        return EngineAddress(url=url, key=OWN_KEY, pid=1, model="m", version="v")

    @contextmanager
    def turn(self) -> Iterator[None]:
        assert not self.is_in_use
        self.is_in_use = True
        try:
            yield
        finally:
            self.is_in_use = False


@pytest.fixture(scope="module")
def lent() -> Iterator[tuple[LentEngine, str]]:
    """An engine, and where it is lent by a real server."""
    engine = LentEngine()
    listening = cli_engine._listen("127.0.0.1", 0)
    running = cli_engine._server(Lender(engine, KEY, 5.0))  # type: ignore[arg-type]
    thread = threading.Thread(target=running.run, args=([listening],), daemon=True)
    thread.start()
    yield engine, f"http://127.0.0.1:{listening.getsockname()[1]}"
    running.should_exit = True
    thread.join()
    listening.close()


@pytest.fixture
def server(lent: tuple[LentEngine, str]) -> Iterator[FakeServer]:
    with fake_server() as running:
        running.key = OWN_KEY
        lent[0].server = running
        yield running


@pytest.fixture
def address(lent: tuple[LentEngine, str], server: FakeServer) -> str:
    return lent[1]


@pytest.fixture
def borrowed(address: str) -> LanguageModel:
    return model_at(address)


def model_at(address: str, key: str | None = KEY) -> LanguageModel:
    return open_model(Settings(model=f"engine:{address}", api_key=key))


def asked_of(server: FakeServer) -> list[dict[str, Any]]:
    return [each for each in server.requests if each["path"] == "/v1/chat/completions"]


def post(address: str, body: Any, key: str = KEY, seconds: float = 5.0) -> httpx.Response:
    headers = {"Authorization": f"Bearer {key}"}
    url = f"{address}/v1/chat/completions"
    return httpx.post(url, json=body, headers=headers, timeout=seconds, trust_env=False)


def body_for(model: str, **more: Any) -> dict[str, Any]:
    return {"model": model, "messages": [{"role": "user", "content": "Why?"}], **more}


def test_a_borrower_has_the_reader_and_the_model_as_it_is(
    server: FakeServer, borrowed: LanguageModel
) -> None:
    server.logprobs = {"A": -0.2, "B": -3.0}
    assert borrowed.has_reader
    assert borrowed.next_token(ASKED, ["A", "B", "C"]) == {"A": -0.2, "B": -3.0, "C": -14.0}
    assert "".join(piece.text for piece in borrowed.stream_reader(ASKED, max_tokens=7)) == "Yes"
    assert borrowed.complete(ASKED, max_tokens=7) == "Yes"
    assert "".join(borrowed.stream_json(ASKED, {"type": "object"}, max_tokens=7)) == "Yes"
    chances, streamed, completed, held = asked_of(server)
    for each in (chances, streamed):
        assert {**each, **READING} == each
    assert streamed["stream_options"] == {"include_usage": True}
    for each in (completed, held):
        assert {**each, **WRITING} == each
    assert (chances["max_tokens"], chances["top_logprobs"]) == (1, 23)
    assert held["response_format"]["json_schema"]["schema"] == {"type": "object"}
    assert {each["key"] for each in asked_of(server)} == {f"Bearer {OWN_KEY}"}


def test_the_id_of_a_question_leads_into_the_engines_log(address: str) -> None:
    named = httpx.get(f"{address}/health", headers={"X-Request-ID": "mine-1"}, trust_env=False)
    assert named.headers["x-request-id"] == "mine-1"


def test_a_text_is_evaluated_once_where_it_is_lent(
    server: FakeServer, borrowed: LanguageModel
) -> None:
    borrowed.prepare(ASKED)
    borrowed.prepare(ASKED)
    assert [each["id_slot"] for each in asked_of(server)] == [READING["id_slot"]]


def test_of_the_texts_that_were_evaluated_the_last_are_remembered(
    server: FakeServer, borrowed: LanguageModel
) -> None:
    for number in range(20):
        borrowed.prepare([HumanMessage(f"Text {number}")])
    borrowed.prepare([HumanMessage("Text 19")])
    assert len(asked_of(server)) == 20
    borrowed.prepare([HumanMessage("Text 0")])
    assert len(asked_of(server)) == 21


def test_many_are_answered_one_at_a_time(server: FakeServer, address: str) -> None:
    server.delay = 0.05
    models = [model_at(address), model_at(address)]
    with ThreadPoolExecutor(6) as pool:
        said = list(pool.map(lambda model: model.complete(ASKED, max_tokens=3), models * 3))
    assert said == ["Yes"] * 6
    assert server.most_at_once == 1


def test_the_next_waits_until_what_was_left_has_ended(server: FakeServer, address: str) -> None:
    server.delay, server.is_busy = 0.4, True
    with suppress(httpx.ReadTimeout):
        post(address, body_for(WRITER_NAME), seconds=0.1)
    server.delay = 0.0
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(post, address, body_for(READER_NAME))
        time.sleep(0.5)
        assert not waiting.done()
        assert len(asked_of(server)) == 1
        server.is_busy = False
        assert waiting.result().status_code == 200


def test_a_stream_may_be_left(server: FakeServer, borrowed: LanguageModel) -> None:
    server.text = "x" * 400
    pieces = borrowed.stream_reader(ASKED, max_tokens=7)
    assert next(pieces)
    pieces.close()
    assert borrowed.complete(ASKED, max_tokens=7) == server.text


def test_the_successor_of_an_engine_that_died_is_asked(
    lent: tuple[LentEngine, str], server: FakeServer, borrowed: LanguageModel
) -> None:
    assert borrowed.complete(ASKED, max_tokens=3) == "Yes"
    server.stop()
    with fake_server() as successor:
        successor.text = "Again"
        lent[0].server = successor
        assert borrowed.complete(ASKED, max_tokens=3) == "Again"


def test_an_engine_that_breaks_off_does_so_for_the_borrower(
    server: FakeServer, borrowed: LanguageModel
) -> None:
    server.text, server.breaks_off = "cut off by the engine", True
    with pytest.raises(ModelError, match="broke off"):
        list(borrowed.stream_reader(ASKED, max_tokens=7))
    server.breaks_off = False
    assert borrowed.complete(ASKED, max_tokens=7) == server.text


def test_an_engine_that_does_not_start_is_explained(
    lent: tuple[LentEngine, str], server: FakeServer, borrowed: LanguageModel
) -> None:
    server.stop()
    lent[0].server = None
    with pytest.raises(ModelError, match="memory is short"):
        borrowed.complete(ASKED, max_tokens=3)


@pytest.mark.parametrize("key", ["wrong", f"{KEY}x", "schlüssel"])
def test_without_the_key_nothing_is_asked(server: FakeServer, address: str, key: str) -> None:
    headers = {"Authorization": f"Bearer {key}".encode()}
    with httpx.Client(base_url=address, headers=headers, trust_env=False) as client:
        assert client.get("/v1/models").status_code == 401
        url = "/v1/chat/completions"
        assert client.post(url, json=body_for(READER_NAME)).status_code == 401
        assert client.get("/health").status_code == 200
    assert asked_of(server) == []


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ("", 422, "request"),
        ({}, 422, "messages"),
        (body_for(READER_NAME, max_tokens=0), 422, "max_tokens"),
        (body_for(READER_NAME, max_completion_tokens=10**9), 422, "max_completion_tokens"),
        (body_for("reader-000000000000"), 404, "reader-000000000000"),
        ({"model": READER_NAME, "messages": [{"role": "user", "content": []}]}, 422, "content"),
        (body_for(READER_NAME, padding="x" * LARGEST_BODY), 413, "larger"),
    ],
)
def test_what_is_no_request_is_refused(
    server: FakeServer, address: str, body: Any, status: int, said: str
) -> None:
    answer = post(address, body)
    assert answer.status_code == status
    assert said in answer.json()["error"]["message"]
    assert asked_of(server) == []


def test_nothing_else_of_the_engine_is_lent(server: FakeServer, address: str) -> None:
    headers = {"Authorization": f"Bearer {KEY}"}
    with httpx.Client(base_url=address, headers=headers, trust_env=False) as client:
        for path in ("/slots", "/slots/0?action=save", "/props", "/lora-adapters", "/completion"):
            assert client.get(path).status_code == 404
            assert client.post(path, json={"filename": "x"}).status_code == 404
    sneaky = {"id_slot": 0, "lora": [], "cache_prompt": False, "n_predict": -1, "temperature": 2}
    assert post(address, body_for(READER_NAME, **sneaky)).status_code == 200
    (asked,) = asked_of(server)
    assert (asked["id_slot"], asked["temperature"]) == (READING["id_slot"], 0)
    assert asked["lora"] == READING["lora"]
    assert not {"n_predict", "cache_prompt"} & asked.keys()


def test_so_many_may_wait_and_no_more(
    server: FakeServer, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lending, "MOST_WAITING", 1)
    model = model_at(address)
    model.warm()
    server.delay = 1.0
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(post, address, body_for(READER_NAME))
        while not asked_of(server):
            time.sleep(0.01)
        with pytest.raises(ModelError, match="too often"):
            model.complete(ASKED, max_tokens=3)
        assert first.result().status_code == 200


@pytest.mark.parametrize(
    ("model", "key", "said"),
    [
        ("engine:", KEY, "engine:http://host:port"),
        ("engine:team-box:8100", KEY, "engine:http://host:port"),
        ("engine:http://[::1", KEY, "engine:http://host:port"),
        ("engine:http://me:secret@team-box:8100", KEY, "ONRECORD_API_KEY"),
        ("engine:http://team-box:8100", None, "ONRECORD_API_KEY"),
        ("engine:http://team-box:8100", "schlüssel", "ONRECORD_API_KEY"),
    ],
)
def test_an_address_of_no_use_is_explained(model: str, key: str | None, said: str) -> None:
    with pytest.raises(ModelError, match=said) as raised:
        open_model(Settings(model=model, api_key=key))
    assert "secret@" not in str(raised.value)


def test_a_borrower_knows_whom_it_asks(
    server: FakeServer, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert model_at(address).is_local
    assert not model_at("http://team-box:8100").is_local
    with pytest.raises(ModelError, match="refuses the key"):
        model_at(address, "another").warm()
    with pytest.raises(ModelError, match="no engine of onrecord"):
        model_at(server.url.removesuffix("/v1"), OWN_KEY).warm()
    monkeypatch.setattr(borrowing, "READER_NAME", "reader-of-tomorrow")
    with pytest.raises(ModelError, match="same version of onrecord"):
        model_at(address).warm()


def found(what: str, settings: Settings, **changes: Any) -> Finding:
    examined = examine(settings.model_copy(update=changes))
    return next(finding for finding in examined if finding.what == what)


def test_the_doctor_knocks(settings: Settings, address: str) -> None:
    known = Settings(api_key=KEY).api_key
    assert found("engine", settings, model=f"engine:{address}", api_key=known).ok
    finding = found("engine", settings, model="engine:http://127.0.0.1:9", api_key=known)
    weights = found(LANGUAGE_MODEL.title, settings, model="engine:http://127.0.0.1:9")
    assert weights.ok
    assert "not needed" in weights.detail
    assert not finding.ok
    assert "cannot be reached" in finding.detail


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({}, "ONRECORD_ENGINE_KEY"),
        ({"ONRECORD_ENGINE_KEY": "short"}, "at least 16"),
        ({"ONRECORD_ENGINE_KEY": f"{KEY} with blanks"}, "at least 16"),
        ({"ONRECORD_ENGINE_KEY": KEY, "ONRECORD_WEIGHTS": "own.gguf"}, "ONRECORD_WEIGHTS"),
        ({"ONRECORD_ENGINE_KEY": KEY}, "is taken"),
    ],
)
def test_an_engine_that_cannot_be_lent_is_not_started(
    environment: dict[str, str], said: str, server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(cli_engine, "Engine", None)
    with pytest.raises(ModelError, match=said):
        cli_engine.run("127.0.0.1", server.server_port)
