"""Models that stop answering: it shows in time, is said, and the next question is answered."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

import httpx
import pytest
from langchain_core.messages import HumanMessage

from onrecord.errors import ModelError
from onrecord.leaving import LeftError, until
from onrecord.models import chat, engine, open_model, patience
from onrecord.models.address import EngineAddress
from onrecord.models.base import LanguageModel
from onrecord.models.engine import Engine
from onrecord.models.lending import Lender
from onrecord.models.starting import WRITER_NAME
from onrecord.settings import Settings
from tests.loops import in_a_loop
from tests.models.fake_engine import kill, registry_of
from tests.models.fake_server import FakeServer, fake_server

ASKED = [HumanMessage("Is it so?")]
LONG = '{"1": "The bridge was opened in 1931."}'


@pytest.fixture
def model(
    faked: list[Any], local: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[LanguageModel]:
    """A local model, whose engine is up, and is not silent for long."""
    monkeypatch.setattr(chat, "_PAUSE", 0.3)
    monkeypatch.setattr(engine, "_LOOK_SECONDS", 0.02)
    opened = open_model(local)
    opened.warm()
    yield opened
    opened.close()


def written(model: LanguageModel, tokens: int = 9) -> str:
    return "".join(model.stream_json(ASKED, {"type": "object"}, max_tokens=tokens))


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    began = time.monotonic()
    yield
    assert time.monotonic() - began < seconds


def test_an_engine_that_hangs_in_an_answer_is_given_up_and_another_started(
    faked: list[Any], model: LanguageModel
) -> None:
    hung = faked[0].http
    hung.text, hung.hangs_after, hung.is_busy = LONG, 2, True
    said = r"^The local engine stopped answering; it is started anew\. Ask again\.$"
    with at_most(3.0), pytest.raises(ModelError, match=said):
        written(model)
    assert written(model) == "Yes"
    assert (len(faked), model.restarts) == (2, 1)
    assert is_served(hung)  # nobody waits for a thread of it that hangs
    hung.is_busy = False
    deadline = time.monotonic() + 5
    while is_served(hung):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def is_served(server: FakeServer) -> bool:
    headers = {"Authorization": f"Bearer {server.key}"}
    try:
        return httpx.get(f"{server.url}/models", headers=headers, trust_env=False).is_success
    except httpx.HTTPError:
        return False


def test_an_engine_that_does_not_begin_to_answer_is_given_up(
    faked: list[Any], local: Settings
) -> None:
    model = open_model(local.model_copy(update={"model_timeout": 0.3}))
    model.warm()
    faked[0].http.delay = 2.0
    said = "stopped answering; it is started anew. Ask again, or raise ONRECORD_MODEL_TIMEOUT"
    with at_most(1.5), pytest.raises(ModelError, match=said):
        model.complete(ASKED, max_tokens=3)
    assert model.complete(ASKED, max_tokens=3) == "Yes"
    assert len(faked) == 2
    model.close()


def test_an_engine_that_is_given_up_is_not_taken_for_its_successor(
    faked: list[Any], local: Settings
) -> None:
    first, other = Engine(local), Engine(local)
    hung = first.connect()
    other.connect()
    first.give_up()
    successor = first.connect()
    other.give_up()  # which had the same, and learns of it later
    assert other.connect() == successor != hung


def test_an_engine_that_breaks_off_is_started_anew(faked: list[Any], model: LanguageModel) -> None:
    faked[0].http.text, faked[0].http.breaks_off = LONG, True
    said = r"^The local engine broke off; it is started anew\. Ask again\.$"
    with pytest.raises(ModelError, match=said):
        written(model)
    assert written(model) == "Yes"


def test_to_read_a_long_text_is_no_silence(faked: list[Any], model: LanguageModel) -> None:
    faked[0].http.delay = 0.5  # and signs of life from then on
    faked[0].http.pause = 0.5
    assert written(model) == "Yes"
    assert len(faked) == 1


def test_who_takes_an_answer_slowly_is_no_silence(faked: list[Any], model: LanguageModel) -> None:
    faked[0].http.text = LONG
    pieces = model.stream_json(ASKED, {"type": "object"}, max_tokens=9)
    said = next(pieces) + next(pieces)
    time.sleep(0.5)
    assert said + "".join(pieces) == LONG


@pytest.mark.parametrize("hangs_after", [None, 3])
def test_a_stream_has_an_end(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, hangs_after: int | None
) -> None:
    monkeypatch.setattr(patience, "_A_TOKEN", 0.02)
    with fake_server() as server:
        server.text, server.pause, server.hangs_after = "x" * 400, 0.05, hangs_after
        served = {"model": f"{server.url}#m", "model_timeout": 0.25, "model_retries": 0}
        model = open_model(settings.model_copy(update=served))
        with at_most(3.0), pytest.raises(ModelError, match="did not answer in time"):
            written(model, tokens=3)
        server.text, server.pause, server.hangs_after = "Yes", 0.0, None
        assert written(model) == "Yes"


@pytest.mark.parametrize("hangs_after", [0, 2])
def test_so_has_the_stream_of_a_provider(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, hangs_after: int
) -> None:
    with fake_server() as server:
        monkeypatch.setenv("OPENAI_API_KEY", "mine")
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        server.text, server.hangs_after = LONG, hangs_after
        hosted = {"model": "openai:gpt-4.1-mini", "model_timeout": 0.25, "model_retries": 0}
        model = open_model(settings.model_copy(update=hosted))
        with at_most(5.0), pytest.raises(ModelError, match="did not answer in time"):
            written(model)
        server.hangs_after = None
        assert written(model) == LONG


def test_no_thread_is_left_of_a_stream(faked: list[Any], model: LanguageModel) -> None:
    faked[0].http.text = LONG
    before = threading.active_count()
    for _ in range(5):
        next(iter(model.stream_json(ASKED, {"type": "object"}, max_tokens=9)))
        written(model)
    deadline = time.monotonic() + 2
    while threading.active_count() > before + 1:  # the fake server's own come and go
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_who_has_left_waits_no_more_for_the_engine(faked: list[Any], local: Settings) -> None:
    left = threading.Event()
    with ExitStack() as waiting, Engine(local).turn():
        threading.Timer(0.2, left.set).start()
        with at_most(2.0), until(left), pytest.raises(LeftError):
            waiting.enter_context(Engine(local).turn())


class HungEngine:
    """Stands for `Engine`: its first server does not answer, and its second does."""

    def __init__(self, *servers: FakeServer) -> None:
        self._servers = list(servers)

    def connect(self) -> EngineAddress:
        url = self._servers[0].url.removesuffix("/v1")
        return EngineAddress(url=url, key="its-own", pid=1, model="m", version="v")

    def give_up(self) -> None:
        self._servers.pop(0)

    @contextmanager
    def turn(self) -> Iterator[None]:
        yield


@pytest.mark.parametrize("hangs_after", [None, 2])
@in_a_loop
async def test_a_lent_engine_that_hangs_is_given_up(hangs_after: int | None) -> None:
    with fake_server() as hung, fake_server() as sound:
        hung.text, hung.hangs_after, hung.is_busy = LONG, hangs_after, True
        hung.delay = 0.0 if hangs_after else 1.0
        lender = Lender(HungEngine(hung, sound), "a-key", 0.3)  # type: ignore[arg-type]
        asked = {
            "model": WRITER_NAME,
            "messages": [{"role": "user", "content": "Why?"}],
            "stream": hangs_after is not None,
        }
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(lender.app()),
            base_url="http://lent",
            headers={"Authorization": "Bearer a-key"},
        ) as client:
            with suppress(AssertionError):  # an answer that breaks off
                await client.post("/v1/chat/completions", json=asked)
            answer = await client.post("/v1/chat/completions", json=asked)
        assert "Yes" in answer.text


def test_an_engine_of_another_process_stays_with_that(
    faked: list[Any], local: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = Engine(local)
    hung = owner.connect()
    owned = dict(engine._own)
    with monkeypatch.context() as other_process:
        other_process.setattr(engine, "_own", {})
        guest = Engine(local)
        guest.connect()
        guest.give_up()
        assert guest.connect() != hung
        kill(registry_of(local))
    assert engine._own == owned
