"""Servers and providers that misbehave, and what is kept from them."""

from __future__ import annotations

import json
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from langchain_core.language_models import FakeListChatModel
from langchain_core.messages import HumanMessage, SystemMessage

from onrecord.errors import ModelError
from onrecord.models import open_model
from onrecord.models.base import LanguageModel
from onrecord.models.chat import Backend, ChatLanguageModel
from onrecord.models.providers import openai_compatible
from onrecord.observe.request import named
from onrecord.settings import Settings
from tests.models.fake_server import FakeServer, fake_server

ASKED = [SystemMessage("Be brief."), HumanMessage("Is it so?")]
SCHEMA = {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]}


@pytest.fixture
def server() -> Iterator[FakeServer]:
    with fake_server() as running:
        yield running


@pytest.fixture
def quick(settings: Settings) -> Settings:
    return settings.model_copy(update={"model_timeout": 5.0, "model_retries": 0})


@pytest.fixture
def openai_account(server: FakeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "mine")
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)


def model_at(address: str, settings: Settings, **more: Any) -> LanguageModel:
    return open_model(settings.model_copy(update={"model": address, **more}))


def nobodys_address() -> str:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{unused.getsockname()[1]}/v1"


def test_nothing_is_reached_before_it_is_used(quick: Settings) -> None:
    for address in (nobodys_address(), "openai:gpt-5-mini", "local"):
        model_at(address, quick)


def test_a_request_says_what_is_asked(server: FakeServer, quick: Settings) -> None:
    model_at(f"{server.url}#m", quick).complete(ASKED, max_tokens=7)
    (request,) = server.requests
    assert [message["content"] for message in request["messages"]] == ["Be brief.", "Is it so?"]
    assert 7 in (request.get("max_tokens"), request.get("max_completion_tokens"))


def test_a_request_brings_the_id_of_the_one_that_it_is_for(
    server: FakeServer, quick: Settings
) -> None:
    model = model_at(f"{server.url}#m", quick)
    with named("mine-1"):
        model.complete(ASKED, max_tokens=7)
        list(model.stream_json(ASKED, SCHEMA, max_tokens=7))
    model.complete(ASKED, max_tokens=7)
    assert server.ids == ["mine-1", "mine-1", None]


def test_a_key_goes_to_nobody_else(
    server: FakeServer, quick: Settings, openai_account: None
) -> None:
    model_at(f"{server.url}#m", quick).complete(ASKED, max_tokens=7)
    assert server.requests[-1]["key"] == "Bearer none"


def test_a_password_in_an_address_is_not_shown(quick: Settings) -> None:
    name = model_at("https://me:secret@models.example.org/v1#m", quick).name
    assert name == "https://models.example.org/v1#m"


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "OPENAI_PROXY"])
def test_loopback_is_not_asked_through_a_proxy(
    server: FakeServer, quick: Settings, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, "http://127.0.0.1:9")
    assert model_at(server.url, quick).complete(ASKED, max_tokens=7) == "Yes"


@pytest.mark.parametrize("status", [401, 404, 429, 500])
def test_whatever_is_asked_a_refusal_is_explained(
    server: FakeServer, quick: Settings, status: int
) -> None:
    server.replies = [(status, {"error": {"message": "no"}})] * 3
    model = model_at(f"{server.url}#m", quick)
    with pytest.raises(ModelError):
        model.complete(ASKED, max_tokens=7)
    with pytest.raises(ModelError):
        list(model.stream_json(ASKED, SCHEMA, max_tokens=7))
    with pytest.raises(ModelError):
        model.yes_log_odds(ASKED)
    assert server.replies == []


def test_a_wrong_path_is_explained(server: FakeServer, quick: Settings) -> None:
    server.replies = [(404, {})]
    with pytest.raises(ModelError, match="ends in /v1"):
        model_at(server.url, quick).warm()


def test_a_server_that_lists_no_model_is_explained(server: FakeServer, quick: Settings) -> None:
    server.models = []
    with pytest.raises(ModelError, match="#model"):
        model_at(server.url, quick).warm()


def test_a_text_that_is_too_long_is_explained(server: FakeServer, quick: Settings) -> None:
    message = "the request exceeds the available context size"
    server.replies = [(400, {"error": {"message": message, "type": "exceed_context_size_error"}})]
    with pytest.raises(ModelError, match="so long a text"):
        model_at(f"{server.url}#m", quick).complete(ASKED, max_tokens=7)


@pytest.mark.parametrize("suffix", ["", "#m"])
def test_a_refused_connection_is_explained(quick: Settings, suffix: str) -> None:
    model = model_at(nobodys_address() + suffix, quick)
    with pytest.raises(ModelError, match="cannot be reached"):
        list(model.stream_json(ASKED, SCHEMA, max_tokens=7))
    with pytest.raises(ModelError, match="cannot be reached"):
        model.yes_log_odds(ASKED)


def test_a_stream_that_hangs_is_left_in_time(server: FakeServer, quick: Settings) -> None:
    server.delay = 3.0
    began = time.monotonic()
    with pytest.raises(ModelError, match="ONRECORD_MODEL_TIMEOUT"):
        list(
            model_at(f"{server.url}#m", quick, model_timeout=0.3).stream_json(
                ASKED, SCHEMA, max_tokens=7
            )
        )
    assert time.monotonic() - began < 2.5


def test_json_that_is_cut_off_at_max_tokens_is_handed_on(
    server: FakeServer, quick: Settings
) -> None:
    server.text = '{"text": "cut off where the tok'
    pieces = model_at(f"{server.url}#m", quick).stream_json(ASKED, SCHEMA, max_tokens=7)
    assert "".join(pieces) == server.text


def test_a_stream_that_breaks_off_is_explained(server: FakeServer, quick: Settings) -> None:
    server.text, server.breaks_off = '{"text": "cut off by the server"}', True
    pieces = model_at(f"{server.url}#m", quick).stream_json(ASKED, SCHEMA, max_tokens=7)
    assert next(pieces) is not None
    with pytest.raises(ModelError, match="broke off"):
        list(pieces)


def test_a_stream_may_be_left(server: FakeServer, quick: Settings) -> None:
    server.text = "x" * 400
    model = model_at(f"{server.url}#m", quick)
    for _piece in model.stream_json(ASKED, SCHEMA, max_tokens=7):
        break
    assert model.complete(ASKED, max_tokens=7) == server.text


def test_a_server_that_knows_no_schema_is_asked_in_words(
    server: FakeServer, quick: Settings
) -> None:
    server.refused_fields = {"response_format"}
    server.text = '```json\n{"text": "so"}\n```'
    pieces = model_at(f"{server.url}#m", quick).stream_json(ASKED, SCHEMA, max_tokens=7)
    assert json.loads("".join(pieces)) == {"text": "so"}
    assert json.dumps(SCHEMA) in server.requests[-1]["messages"][0]["content"]


def test_a_provider_that_knows_no_schema_is_asked_in_words() -> None:
    plain = FakeListChatModel(responses=['```json\n{"text": "so"}\n```'])
    model = ChatLanguageModel("plain", is_local=True, backend=Backend(lambda: plain))
    assert json.loads("".join(model.stream_json(ASKED, SCHEMA, max_tokens=7))) == {"text": "so"}


@pytest.mark.parametrize(("text", "odds"), [("Yes.", 4.0), (" no", -4.0)])
def test_a_server_that_takes_no_logprobs_is_taken_at_its_word(
    server: FakeServer, quick: Settings, text: str, odds: float
) -> None:
    server.text, server.refused_fields = text, {"logprobs"}
    assert model_at(f"{server.url}#m", quick).yes_log_odds(ASKED) == odds


def test_odds_have_bounds(server: FakeServer, quick: Settings) -> None:
    model = model_at(f"{server.url}#m", quick)
    server.logprobs = {"Yes": 0.0, "No": -40.0}
    certain = model.yes_log_odds(ASKED)
    server.logprobs = {"Yes": 0.0}
    assert certain == model.yes_log_odds(ASKED) > 4


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("openai:", "provider:model"),
        ("nobody:model", "no provider"),
        ("http://[::1/v1", "ONRECORD_MODEL"),
    ],
)
def test_a_name_that_names_nothing_is_explained(quick: Settings, name: str, words: str) -> None:
    with pytest.raises(ModelError, match=words):
        model_at(name, quick).warm()


def test_a_missing_package_is_explained(quick: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "langchain_anthropic", None)
    with pytest.raises(ModelError, match=r"pip install 'onrecord\[hosted\]'"):
        model_at("anthropic:claude-sonnet-4-5", quick).warm()


def test_a_provider_is_asked_through_langchain(
    server: FakeServer, quick: Settings, openai_account: None
) -> None:
    server.logprobs = {"No": -0.1, "Yes": -2.4}
    model = model_at("openai:gpt-4.1-mini", quick)
    assert model.name == "openai:gpt-4.1-mini"
    assert model.complete(ASKED, max_tokens=7) == "Yes"
    assert model.yes_log_odds(ASKED) == pytest.approx(-2.3)
    assert {request["model"] for request in server.requests} == {"gpt-4.1-mini"}


def test_a_provider_is_asked_through_the_proxy_that_is_named(
    server: FakeServer, quick: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "mine")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://api.example.org/v1")
    monkeypatch.setenv("OPENAI_PROXY", server.url.removesuffix("/v1"))
    assert model_at("openai:gpt-4.1-mini", quick).complete(ASKED, max_tokens=7) == "Yes"
    assert [request["path"] for request in server.requests] == [
        "http://api.example.org/v1/chat/completions"
    ]


def test_a_reasoning_model_has_room_to_think(
    server: FakeServer, quick: Settings, openai_account: None
) -> None:
    assert model_at("openai:gpt-5-mini", quick).yes_log_odds(ASKED) == 4.0
    (request,) = server.requests
    assert "logprobs" not in request
    assert request["max_completion_tokens"] > 1000


@pytest.mark.parametrize(
    ("address", "is_local"),
    [
        ("local", True),
        ("http://127.0.0.1:1/v1", True),
        ("http://localhost:1/v1#m", True),
        ("http://[::1]:1/v1", True),
        ("https://models.example.org/v1", False),
        ("http://127.0.0.1.example.org/v1", False),
        ("http://127.0.0.1@example.org/v1", False),
        ("ollama:llama3", True),
        ("openai:gpt-5-mini", False),
    ],
)
def test_what_leaves_the_machine_is_known(quick: Settings, address: str, is_local: bool) -> None:
    assert model_at(address, quick).is_local is is_local


def test_an_ollama_elsewhere_is_not_local(quick: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_HOST", "gpu.example.org:11434")
    assert not model_at("ollama:llama3", quick).is_local


def test_a_local_model_is_named_after_its_weights(quick: Settings) -> None:
    assert open_model(quick).name == "local: Qwen2.5-Coder-1.5B-Instruct"
    own = model_at("local", quick, weights=Path("/models/own-7b.gguf"))
    assert own.name == "local: own-7b"


def test_a_server_that_moved_is_found_again(server: FakeServer, quick: Settings) -> None:
    addresses = [nobodys_address(), server.url] * 3
    given_back: list[bool] = []
    model = ChatLanguageModel(
        "moving",
        is_local=True,
        backend=Backend(
            connect=lambda: openai_compatible(addresses.pop(0), "m", "none", quick),
            disconnect=lambda: given_back.append(True),
        ),
    )
    assert model.complete(ASKED, max_tokens=7) == "Yes"
    model.close()
    assert "".join(model.stream_json(ASKED, SCHEMA, max_tokens=7)) == "Yes"
    model.close()
    assert model.yes_log_odds(ASKED) == 4.0
    assert addresses == []
    assert given_back == [True, True]
