"""A server's threads take memory from one heap, and what is free is given back."""

from __future__ import annotations

import asyncio
import os
import platform
import subprocess
import sys
from contextlib import nullcontext
from typing import cast

import pytest

from onrecord import Assistant, Document, heap, terminal
from onrecord.api import warming
from tests.loops import in_a_loop
from tests.scripted import ScriptedAssistant

pytestmark = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the heap is glibc's")

_THREADS = 6
_HEAPS = f"""
import ctypes, runpy, sys, threading

if "share" in sys.argv:
    runpy.run_path(sys.argv[1])["share_heap"]()
all_there = threading.Barrier({_THREADS})

def work():
    all_there.wait()
    kept = [bytes(1000) for _ in range(1000)]  # too long for Python's own heap
    all_there.wait()

threads = [threading.Thread(target=work) for _ in range({_THREADS})]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
libc = ctypes.CDLL(None)
libc.fdopen.restype = ctypes.c_void_p
libc.malloc_info(0, ctypes.c_void_p(libc.fdopen(1, b"w")))
libc.fflush(None)
"""
_FREED = """
import runpy, sys
from pathlib import Path

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1])

many = [bytes(1000) for _ in range(50_000)]
last = bytes(1000)  # so that the heap does not shrink by itself
full = resident()
many.clear()
kept = resident()
runpy.run_path(sys.argv[1])["give_back"]()
print(full, kept, resident())
"""


def said(program: str, *arguments: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-S", "-c", program, heap.__file__, *arguments],
        env=os.environ | environment,
        capture_output=True,
        check=True,
        text=True,
        timeout=60,
    )
    return done.stdout


def heaps(*arguments: str, **environment: str) -> int:
    return said(_HEAPS, *arguments, **environment).count("<heap nr=")


def test_all_threads_share_one_heap() -> None:
    assert heaps() > 2
    assert heaps("share") == 1


def test_whoever_has_said_how_many_heaps_there_may_be_has_them() -> None:
    assert heaps("share", MALLOC_ARENA_MAX="3") == 3


def test_what_is_free_is_given_back() -> None:
    full, kept, left = map(int, said(_FREED).split())
    assert kept > 0.9 * full
    assert left < 0.5 * full


def test_a_command_that_serves_shares_it_before_anything_is_loaded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done: list[str] = []
    monkeypatch.setattr(terminal, "share_heap", lambda: done.append("shared"))
    monkeypatch.setattr(
        terminal, "make_assistant", lambda *_: done.append("loaded") or nullcontext()
    )
    with terminal.serving(None, None):
        assert done == ["shared", "loaded"]


@in_a_loop
async def test_a_server_gives_back_what_loading_took(
    article: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    assistant, given_back = ScriptedAssistant([article], []), asyncio.Event()
    loop = asyncio.get_running_loop()
    monkeypatch.setattr(warming, "give_back", lambda: loop.call_soon_threadsafe(given_back.set))
    async with warming.Warming(cast(Assistant, assistant)).running():
        await asyncio.wait_for(given_back.wait(), 10)
        assert assistant.warmed
