from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import httpx
import pytest
from langchain_core.messages import HumanMessage

from onrecord.models import evaluated, open_model
from onrecord.models.address import running_engine
from onrecord.models.engine import Engine
from onrecord.models.evaluated import EvaluatedPrompts
from onrecord.models.starting import READING, evaluated_folder, taken_up_note
from onrecord.settings import Settings

LONG = [HumanMessage("The bridge was opened on Friday. " * 100)]


class Slot:
    """Stands for an engine with a slot: it writes what the slot holds, and reads it back."""

    def __init__(self) -> None:
        self.holds = b""
        self.works = True

    def slot(self, action: Literal["save", "restore"], path: Path) -> bool:
        if self.works and action == "save":
            path.write_bytes(self.holds)
        elif self.works:
            self.holds = path.read_bytes()
        return self.works


@pytest.fixture
def slot() -> Slot:
    return Slot()


@pytest.fixture
def folder(settings: Settings) -> Path:
    folder = evaluated_folder(settings)
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def evaluate(settings: Settings, folder: Path, slot: Slot) -> Callable[..., bool]:
    """Provides a prompt to a new engine; tells whether that had to evaluate it."""

    def provide(text: str = LONG[0].content, is_new: bool = True) -> bool:
        asked = []
        if is_new:
            taken_up_note(settings).unlink(missing_ok=True)

        def by_the_engine() -> None:
            asked.append(text)
            slot.holds = text.encode()

        EvaluatedPrompts(settings, slot).provide([HumanMessage(text)], by_the_engine)  # type: ignore[arg-type]
        return bool(asked)

    return provide


def test_a_prompt_is_evaluated_once(evaluate: Callable[..., bool], slot: Slot) -> None:
    assert evaluate()
    slot.holds = b""
    assert not evaluate()
    assert slot.holds == LONG[0].content.encode()


def test_another_prompt_is_another(evaluate: Callable[..., bool]) -> None:
    assert evaluate("one " * 1000)
    assert evaluate("two " * 1000)
    assert not evaluate("one " * 1000)


def test_the_prompt_that_the_slot_holds_is_not_read_back_and_another_is(
    evaluate: Callable[..., bool], slot: Slot
) -> None:
    evaluate("one " * 1000)
    evaluate("two " * 1000, is_new=False)
    slot.holds += b"and a question"
    assert not evaluate("two " * 1000, is_new=False)
    assert slot.holds.endswith(b"and a question")
    assert not evaluate("one " * 1000, is_new=False)
    assert slot.holds == b"one " * 1000
    assert not evaluate("two " * 1000, is_new=False)
    assert slot.holds == b"two " * 1000


def test_a_short_prompt_is_not_kept(evaluate: Callable[..., bool], folder: Path) -> None:
    assert not evaluate("Why?")
    assert list(folder.iterdir()) == []


def test_a_damaged_file_is_not_used_and_mended(evaluate: Callable[..., bool], folder: Path) -> None:
    evaluate()
    (kept,) = folder.iterdir()
    kept.write_bytes(kept.read_bytes()[:-1])
    assert evaluate()
    assert not evaluate()
    assert len(list(folder.iterdir())) == 1


def test_what_cannot_be_kept_is_evaluated_each_time(
    evaluate: Callable[..., bool], slot: Slot, folder: Path
) -> None:
    slot.works = False
    assert evaluate()
    assert evaluate()
    slot.works = True
    folder.rmdir()
    folder.write_text("a file where the folder should be")
    assert evaluate()


def test_what_a_killed_process_left_is_written_over(
    evaluate: Callable[..., bool], folder: Path
) -> None:
    evaluate()
    (kept,) = folder.iterdir()
    half = kept.with_name(kept.name.partition("-")[0] + ".part")
    half.write_bytes(b"half")
    kept.unlink()
    assert evaluate()
    assert not half.exists()


def test_only_the_last_used_are_kept(
    evaluate: Callable[..., bool], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evaluated, "_KEPT", 2)
    for number, text in enumerate(("one ", "two ", "three ")):
        evaluate(text * 1000)
        for path in folder.glob("*.kv"):
            if path.stat().st_mtime > 10:  # written just now
                os.utime(path, (number, number))
    assert len(list(folder.iterdir())) == 2
    assert not evaluate("three " * 1000)
    assert evaluate("one " * 1000)


@pytest.mark.model
def test_the_real_engine_takes_up_what_another_has_evaluated(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evaluated, "_SHORTEST", 0)
    (settings.cache_dir).mkdir(parents=True, exist_ok=True)
    (settings.cache_dir / "weights").symlink_to(Settings().cache_dir / "weights")
    text = [HumanMessage("[A] The bridge was opened. [B] It rained. " * 4), HumanMessage("?")]
    first = open_model(settings)
    first.prepare(text)
    expected = first.next_token(text, ["A", "B"])
    first.close()
    assert running_engine(settings) is None

    second = open_model(settings)
    with monkeypatch.context() as patched:
        patched.setattr(second, "_read", None)  # it is not asked to evaluate anything
        second.prepare(text)
    assert beginning_of(settings, text)["cache_n"] > 40
    assert second.next_token(text, ["A", "B"]) == pytest.approx(expected, abs=0.05)
    other = [HumanMessage("[A] The ferry sank. [B] Nobody was hurt. " * 4), HumanMessage("?")]
    second.prepare(other)
    second.prepare(text)
    assert beginning_of(settings, text)["cache_n"] > 40
    second.prepare(other)
    assert beginning_of(settings, other)["cache_n"] > 40
    second.close()
    assert len(list(evaluated_folder(settings).iterdir())) == 2


def beginning_of(settings: Settings, text: list[HumanMessage]) -> dict[str, Any]:
    """Return how much of a prompt the reader's slot has evaluated already."""
    address = Engine(settings).connect()
    answer = httpx.post(
        f"{address.url}/v1/chat/completions",
        headers={"Authorization": f"Bearer {address.key}"},
        json={
            "messages": [{"role": "user", "content": message.content} for message in text],
            "max_tokens": 1,
            **READING,
        },
        timeout=60,
        trust_env=False,
    )
    timings: dict[str, Any] = answer.json()["timings"]
    return timings
