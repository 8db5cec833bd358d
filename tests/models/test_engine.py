from __future__ import annotations

import json
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from filelock import FileLock
from langchain_core.messages import HumanMessage

from onrecord import alone
from onrecord.errors import ModelError, WeightsError
from onrecord.models import engine, open_model
from onrecord.models.address import EngineAddress, running_engine
from onrecord.models.engine import Engine
from onrecord.settings import Settings
from tests.models.fake_engine import kill, registry_of, with_weights


def note(settings: Settings, address: EngineAddress, **changes: Any) -> None:
    noted = {**address.model_dump(), **changes}
    registry_of(settings).write_text(json.dumps(noted), encoding="utf-8")


def test_an_engine_is_started_and_noted(faked: list[Any], local: Settings) -> None:
    told: list[str] = []
    address = Engine(local, lambda message, _fraction: told.append(message)).connect()
    (params,) = faked
    assert params.hostnames == ["127.0.0.1"]
    assert params.api_keys == [address.key]
    assert len(address.key) >= 32
    assert params.cpuparams.n_threads == params.cpuparams_batch.n_threads >= 1
    assert stat.S_IMODE(registry_of(local).stat().st_mode) == 0o600
    assert running_engine(local) == address
    assert told[0] == "Starting the language model"


def test_threads_and_port_can_be_set(faked: list[Any], local: Settings) -> None:
    Engine(local.model_copy(update={"engine_threads": 3, "engine_port": 4567})).connect()
    assert (faked[0].cpuparams.n_threads, faked[0].port) == (3, 4567)


def test_one_engine_serves_all(faked: list[Any], local: Settings) -> None:
    first, second = Engine(local), Engine(local)
    with ThreadPoolExecutor(4) as pool:
        addresses = set(pool.map(lambda user: user.connect(), [first, second] * 4))
    assert len(addresses) == len(faked) == 1


def test_it_stops_with_its_last_user(faked: list[Any], local: Settings) -> None:
    first, second, idle = Engine(local), Engine(local), Engine(local)
    address = first.connect()
    second.connect()
    idle.close()
    first.close()
    first.close()
    assert running_engine(local) == address
    second.close()
    assert running_engine(local) is None
    assert not registry_of(local).exists()
    with pytest.raises(httpx.ConnectError):
        httpx.get(address.url, trust_env=False)


def test_who_knocks_starts_nothing(faked: list[Any], local: Settings) -> None:
    user = Engine(local)
    with pytest.raises(ModelError, match="does not answer; where it is gone, it is started anew"):
        user.knock()
    assert faked == []
    user.connect()
    user.knock()
    user.close()
    with pytest.raises(ModelError):
        user.knock()
    assert len(faked) == 1


def test_one_that_has_died_is_started_by_the_next_who_warms(
    faked: list[Any], local: Settings
) -> None:
    model = open_model(local)
    model.warm()
    model.knock()
    kill(registry_of(local))
    with pytest.raises(ModelError):
        model.knock()
    assert len(faked) == 1
    model.warm()
    model.knock()
    assert len(faked) == 2
    model.close()


def test_an_engine_that_answers_is_left_to_run(
    faked: list[Any], local: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_IDLE_SECONDS", 0.3)
    user = Engine(local)
    address = user.connect()
    faked[0].http.is_busy = True
    user.close()
    assert running_engine(local) == address
    assert Engine(local).connect() == address
    faked[0].http.is_busy = False
    last = Engine(local)
    last.connect()
    engine._own[registry_of(local)].users = {last}
    last.close()
    assert running_engine(local) is None


def test_another_processes_engine_is_used_and_left(
    faked: list[Any], local: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = Engine(local)
    address = owner.connect()
    elsewhere: dict[Path, Any] = {}
    with monkeypatch.context() as other_process:
        other_process.setattr(engine, "_own", elsewhere)
        user = Engine(local)
        assert user.connect() == address
        user.close()
        assert elsewhere == {}
    assert running_engine(local) == address
    assert len(faked) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"url": "http://127.0.0.1:1"},
        {"key": "another"},
        {"model": "/another.gguf"},
        {"version": "another"},
        {"url": "http://192.0.2.1:80"},
        {"url": "http://127.0.0.1:80@example.org:80"},
    ],
)
def test_a_note_that_is_not_ours_is_written_over(
    faked: list[Any], local: Settings, monkeypatch: pytest.MonkeyPatch, changes: dict[str, str]
) -> None:
    address = Engine(local).connect()
    monkeypatch.setattr(engine, "_own", {})
    note(local, address, **changes)
    user = Engine(local)
    started = user.connect()
    assert len(faked) == 2
    assert running_engine(local) == started
    user.close()


@pytest.mark.parametrize("noted", ["", "{", "[]", "\x00", '{"url": 1}'])
def test_a_broken_note_is_written_over(faked: list[Any], local: Settings, noted: str) -> None:
    local.cache_dir.mkdir()
    registry_of(local).write_text(noted)
    assert running_engine(local) is None
    assert Engine(local).connect() == running_engine(local)


def test_an_engine_that_hangs_is_not_waited_for(
    faked: list[Any], local: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_KNOCK_SECONDS", 0.2)
    Engine(local).connect()
    monkeypatch.setattr(engine, "_own", {})  # it is another process's
    faked[0].http.delay = 1.0
    Engine(local).connect()
    assert len(faked) == 2


def test_an_own_engine_that_is_slow_to_answer_is_no_reason_for_a_second(
    faked: list[Any], local: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("onrecord.models.address._CHECK_SECONDS", 0.2)
    monkeypatch.setattr(engine, "_KNOCK_SECONDS", 0.2)
    address = Engine(local).connect()
    faked[0].http.delay = 1.0
    assert Engine(local).connect() == address
    assert len(faked) == 1
    faked[0].http.delay = 0.0


def test_an_engine_that_is_replaced_while_it_answers_is_stopped_when_it_is_at_rest(
    faked: list[Any], local: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_IDLE_SECONDS", 0.3)
    monkeypatch.setattr(engine, "_LOOK_SECONDS", 0.02)
    before = Engine(local).connect()
    faked[0].http.is_busy = True
    after = Engine(with_weights(local, tmp_path / "other.gguf")).connect()
    assert running_engine(local) == after
    assert before.is_listening()
    faked[0].http.is_busy = False
    deadline = time.monotonic() + 5
    while before.is_listening():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_who_has_much_to_ask_lets_those_come_between_who_have_waited_for_long(
    faked: list[Any], local: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_LONG_SECONDS", 0.1)
    impatient = local.model_copy(update={"model_timeout": 5.0})
    turns, has_ended = [0], threading.Event()

    def ask_again_and_again() -> None:
        while not has_ended.is_set():
            with Engine(local).turn():
                turns[0] += 1
                time.sleep(0.02)

    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(ask_again_and_again)
        while turns[0] < 2:
            time.sleep(0.001)
        before = turns[0]
        try:
            with Engine(impatient).turn():
                came_before = turns[0] - before
        finally:
            has_ended.set()
        asking.result()
    assert came_before <= 20


def test_stopping_leaves_the_note_of_a_successor(faked: list[Any], local: Settings) -> None:
    user = Engine(local)
    address = user.connect()
    note(local, address, pid=1)
    user.close()
    assert registry_of(local).exists()


def test_another_model_takes_the_engines_place(
    faked: list[Any], local: Settings, tmp_path: Path
) -> None:
    before = Engine(local).connect()
    after = Engine(with_weights(local, tmp_path / "other.gguf")).connect()
    assert [Path(params.model.path).name for params in faked] == ["own.gguf", "other.gguf"]
    assert running_engine(local) == after
    with pytest.raises(httpx.ConnectError):
        httpx.get(before.url, trust_env=False)


def test_an_engine_that_does_not_start_is_explained(
    faked: list[Any], settings: Settings, tmp_path: Path
) -> None:
    damaged = with_weights(settings, tmp_path / "damaged.gguf")
    with pytest.raises(ModelError, match=r"damaged\.gguf: the file is damaged or memory"):
        Engine(damaged).connect()
    with pytest.raises(ModelError, match=r"port 4567 \(ONRECORD_ENGINE_PORT\)"):
        Engine(damaged.model_copy(update={"engine_port": 4567})).connect()
    assert not registry_of(settings).exists()


def test_missing_weights_are_explained(faked: list[Any], settings: Settings) -> None:
    missing = settings.model_copy(update={"weights": Path("/missing.gguf")})
    model = open_model(missing)
    with pytest.raises(WeightsError, match="ONRECORD_WEIGHTS"):
        model.warm()


def test_a_cache_folder_that_cannot_be_written_is_explained(
    faked: list[Any], local: Settings
) -> None:
    local.cache_dir.write_text("a file where the folder should be")
    with pytest.raises(ModelError, match="ONRECORD_CACHE_DIR"):
        Engine(local).connect()


def test_another_process_that_starts_the_engine_for_long_is_named(
    faked: list[Any], local: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alone, "MOMENT", 0.01)
    monkeypatch.setattr(engine, "_START_SECONDS", 0.01)
    local.cache_dir.mkdir()
    told: list[str] = []
    with (
        FileLock(registry_of(local).with_suffix(".lock")),
        pytest.raises(ModelError, match=r"has been starting the local engine for .* end it"),
    ):
        Engine(local, lambda message, _: told.append(message)).connect()
    assert told == ["Waiting for another onrecord to start the language model"]
    Engine(local).connect()


def test_a_model_outlives_its_engine(faked: list[Any], local: Settings) -> None:
    model = open_model(local)
    asked = [HumanMessage("Is it so?")]
    assert model.complete(asked, max_tokens=3) == "Yes"
    kill(registry_of(local))
    assert model.complete(asked, max_tokens=3) == "Yes"
    kill(registry_of(local))
    assert "".join(model.stream_json(asked, {}, max_tokens=3)) == "Yes"
    assert len(faked) == 3
    assert model.restarts == 2
    model.close()
    assert running_engine(local) is None


def test_the_engine_is_to_say_how_many_tokens_a_stream_took(
    faked: list[Any], local: Settings
) -> None:
    model = open_model(local)
    list(model.stream_json([HumanMessage("Is it so?")], {}, max_tokens=3))
    assert faked[0].http.requests[-1]["stream_options"] == {"include_usage": True}
    model.close()


# What follows runs the real engine.

ASKED = """
import sys
from langchain_core.messages import HumanMessage
from onrecord.models import open_model
from onrecord.models.address import running_engine
from onrecord.settings import Settings

settings = Settings(cache_dir=sys.argv[1], weights=sys.argv[2])
model = open_model(settings)
text = "Is Paris in France? Answer Yes or No."
print(model.yes_log_odds([HumanMessage(text)]) > 2, running_engine(settings).pid, flush=True)
"""
WAIT = "sys.stdin.read()"
BUSY = """
import threading, time
def ask_for_much():
    list(model.stream_json([HumanMessage("Count from 1 to 500.")], {"type": "string"}, 400))
threading.Thread(target=ask_for_much, daemon=True).start()
time.sleep(1)
"""
INTERRUPTED = (
    BUSY
    + """
import signal
try:
    signal.raise_signal(signal.SIGINT)
except KeyboardInterrupt:
    sys.exit(0)
"""
)


@pytest.fixture(scope="module")
def real_weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The default model, out of the user's cache (one join serves every test run)."""
    return engine.language_model_path(Settings())


@contextmanager
def process(settings: Settings, weights: Path, then: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", ASKED + then, str(settings.cache_dir), str(weights)]
    pipe = subprocess.PIPE
    running = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True)
    try:
        yield running
    finally:
        running.kill()
        running.communicate()


def first_line(running: subprocess.Popen[str]) -> list[str]:
    assert running.stdout is not None
    return running.stdout.readline().split()


@pytest.mark.model
@pytest.mark.parametrize(
    "then",
    [
        pytest.param("", id="ends", marks=pytest.mark.thorough),
        pytest.param(BUSY, id="busy"),
        pytest.param("model.close()", id="closed", marks=pytest.mark.thorough),
        pytest.param(BUSY + "model.close()", id="busy and closed", marks=pytest.mark.thorough),
        pytest.param(INTERRUPTED, id="interrupted"),
    ],
)
def test_a_process_ends_quickly_and_quietly(
    settings: Settings, real_weights: Path, then: str
) -> None:
    with process(settings, real_weights, then) as running:
        assert first_line(running) == ["True", str(running.pid)]
        began = time.monotonic()
        _out, said = running.communicate(timeout=30)
    assert running.returncode == 0, said
    assert time.monotonic() - began < 8
    assert said == ""
    assert not registry_of(settings).exists()


@pytest.mark.model
def test_processes_share_one_engine_and_outlive_its_owner(
    settings: Settings, real_weights: Path
) -> None:
    with process(settings, real_weights, WAIT) as owner:
        assert first_line(owner) == ["True", str(owner.pid)]
        with process(settings, real_weights, "") as guest:
            assert first_line(guest) == ["True", str(owner.pid)]
            guest.communicate(timeout=30)
        assert registry_of(settings).exists()

        model = open_model(settings.model_copy(update={"weights": real_weights}))
        assert model.complete([HumanMessage("Say hello.")], max_tokens=3)
        assert engine._own == {}
    assert model.complete([HumanMessage("Say hello.")], max_tokens=3)
    assert len(engine._own) == 1
    model.close()
    assert not registry_of(settings).exists()


@pytest.fixture(scope="module")
def real(real_weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    cache = tmp_path_factory.mktemp("engine")
    settings = Settings(cache_dir=cache, weights=real_weights)
    keeper = Engine(settings)
    keeper.connect()
    yield settings
    keeper.close()


def ask_directly(settings: Settings, text: str) -> dict[str, Any]:
    address = running_engine(settings)
    assert address is not None
    answer = httpx.post(
        f"{address.url}/v1/chat/completions",
        headers={"Authorization": f"Bearer {address.key}"},
        json={"messages": [{"role": "user", "content": text}], "max_tokens": 1},
        timeout=60,
        trust_env=False,
    )
    timings: dict[str, Any] = answer.json()["timings"]
    return timings


@pytest.mark.model
def test_the_beginning_of_a_prompt_is_evaluated_once(real: Settings) -> None:
    rules = "Answer in one word. " * 20
    weather = "You read reports of the weather. " * 15
    ask_directly(real, rules + "What is red?")
    ask_directly(real, weather + "Will it rain?")
    again = ask_directly(real, rules + "What is blue?")
    assert again["cache_n"] > 80
    assert again["prompt_n"] < 20
    assert ask_directly(real, weather + "Will it snow?")["prompt_n"] < 20


@pytest.mark.model
def test_other_users_of_the_machine_are_kept_out(real: Settings) -> None:
    address = running_engine(real)
    assert address is not None
    for path in ("/v1/models", "/props", "/slots"):
        assert httpx.get(address.url + path, trust_env=False).status_code == 401
    assert httpx.get(address.url, trust_env=False).status_code == 404


@pytest.mark.model
def test_a_schema_holds_the_real_model(real: Settings) -> None:
    schema = {
        "type": "object",
        "properties": {"city": {"type": "string"}, "sources": {"enum": [1, 2]}},
        "required": ["city", "sources"],
        "additionalProperties": False,
    }
    pieces = open_model(real).stream_json(
        [HumanMessage("What is the capital of France? Source: 7")], schema, max_tokens=40
    )
    answer = json.loads("".join(pieces))
    assert "Paris" in answer["city"]
    assert answer["sources"] in (1, 2)


@pytest.mark.model
def test_questions_at_once_take_their_turn(real: Settings) -> None:
    model = open_model(real)
    threads = threading.active_count()
    asked = [[HumanMessage(f"What is {n} plus {n}? Answer with a number.")] for n in range(1, 5)]
    alone = [model.complete(question, max_tokens=4) for question in asked]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda question: model.complete(question, max_tokens=4), asked))
    assert together == alone
    assert threading.active_count() == threads


@pytest.mark.model
def test_the_real_engine_refuses_a_text_that_is_too_long(real: Settings) -> None:
    with pytest.raises(ModelError, match="so long a text"):
        open_model(real).complete([HumanMessage("word " * 10_000)], max_tokens=1)
