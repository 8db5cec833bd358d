"""What the page shows while documents are read and indexed, as it happens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from html import escape
from queue import SimpleQueue
from threading import Thread
from typing import Any
from uuid import uuid4

import gradio as gr

from onrecord.progress import Progress
from onrecord.ui.message import message_html

Shown = tuple[Any, ...]
"""What components show next; the last two show how far slow work is, in the drawer and below the
question box, where what came of it is said too."""

_QUICK = 0.3  # seconds
_Told = SimpleQueue[tuple[str, float | None] | None]


def underway(work: Callable[[Progress], Shown], parts: int, spoken: str) -> Iterator[Shown]:
    """Do slow work, and yield how far it is, and at last what it returns.

    It is done in a thread of its own: whoever leaves the page does not break it off. What is quick
    shows no progress.

    Args:
        work: Told whom to tell of it; returns what all components show in the end.
        parts: How many of them come before the last two; they stay as they are until then.
        spoken: What a screen reader says of it, once.
    """
    told: _Told = SimpleQueue()
    done: Future[Shown] = Future()
    done.add_done_callback(lambda _: told.put(None))
    # A daemon, which does not keep the process from ending: the next one finishes the index.
    Thread(target=_do, args=(work, told, done), daemon=True).start()
    wait([done], timeout=_QUICK)  # and nothing flashes up
    same = (gr.skip(),) * parts
    while (step := _latest(told)) is not None:
        shown = underway_html(*step, spoken)
        yield *same, shown, shown
    if done.exception() is not None:
        yield *same, "", ""
    yield done.result()


def underway_html(message: str, share: float | None, spoken: str) -> str:
    """Return how far slow work is.

    Args:
        message: What is being done.
        share: How much of it is, 0 to 1, if that is known.
        spoken: What a screen reader says of all of it, once.
    """
    value = "" if share is None else f' value="{share:.3f}"'
    return (
        f'<label class="underway" data-spoken="{escape(spoken)}">{message_html(message)}…'
        f"<progress{value}></progress></label>"
    )


def told_html(said: str) -> str:
    """Return what came of it, if there is something to say: each time as another thing."""
    if not said:
        return ""
    words_of = message_html(said)
    return f'<p class="told" data-nonce="{uuid4().hex}" data-spoken="{words_of}">{words_of}</p>'


def _do(work: Callable[[Progress], Shown], told: _Told, done: Future[Shown]) -> None:
    try:
        done.set_result(work(lambda message, share: told.put((message, share))))
    except BaseException as error:  # noqa: BLE001 (whoever waits is told of it)
        done.set_exception(error)


def _latest(told: _Told) -> tuple[str, float | None] | None:
    """Wait for a step, and return it, or the last of several; None is the end."""
    step = told.get()
    while step is not None and not told.empty():
        step = told.get()
    return step
