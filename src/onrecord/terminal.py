"""What every command shares: two consoles, exit codes, and the assistant that it asks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape

from onrecord.heap import share_heap
from onrecord.progress import work_of
from onrecord.sources import BEHIND, heading, read_as, sources_of, whereabouts

if TYPE_CHECKING:
    from onrecord import Answer, Assistant, Document, Settings
    from onrecord.models import LanguageModel
    from onrecord.progress import Progress

FAILED = 1
BAD_INPUT = 2

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def make_assistant(
    corpus: Sequence[Path | Document] | None, model: str | None, progress: Progress
) -> Assistant:
    """Return the assistant that the commands use (tests put another in its place)."""
    from onrecord import Assistant

    chosen = corpus[0] if corpus and len(corpus) == 1 else corpus
    return Assistant(chosen or None, model, progress=progress)


def make_model(model: str | None, progress: Progress) -> LanguageModel:
    """Return the language model that proposes facts (tests put another in its place)."""
    from onrecord.models import open_model

    return open_model(settings_with(model), progress)


def settings_with(model: str | None, **others: object) -> Settings:
    """Return the environment's settings, with what a command line says instead; None says nothing.

    Args:
        model: As `Settings.model`.
        others: Further settings by their names.
    """
    from onrecord import Settings

    said = {"model": model or None, **others}
    given = {name: value for name, value in said.items() if value is not None}
    return Settings().model_copy(update=given)


@contextmanager
def opened(corpus: Sequence[Path | Document] | None, model: str | None) -> Iterator[Assistant]:
    """Open an assistant that shows its slow work, and close it in the end."""
    with make_assistant(corpus, model, progress()) as assistant:
        yield assistant


@contextmanager
def serving(corpus: Sequence[Path | Document] | None, model: str | None) -> Iterator[Assistant]:
    """Open an assistant for a command that serves it, and close it in the end."""
    share_heap()
    with make_assistant(corpus, model, logging_progress()) as assistant:
        yield assistant


def logging_progress() -> Progress:
    """Have a server log as the settings say, and return what shows its slow work."""
    from onrecord import Settings

    if Settings().log != "json":
        return progress()
    from onrecord.observe.logs import logged_progress, write_json

    write_json()
    return logged_progress()


def progress() -> Callable[[str, float | None], None]:
    """Show slow work on stderr: a line that fills on a terminal, a line for each elsewhere."""
    shown: dict[str, Any] = {"work": None}

    def show(message: str, fraction: float | None) -> None:
        if err.is_terminal:
            percent = "" if fraction is None else f" {fraction:4.0%}"
            err.file.write(f"\r\x1b[K{message}{percent}" + ("\r\x1b[K" if fraction == 1 else ""))
            err.file.flush()
        elif work_of(message) != shown["work"]:
            err.print(plain(work_of(message)))
        shown["work"] = work_of(message)

    return show


def plain(text: str) -> str:
    """Return untrusted text so that a terminal shows it and does not obey it."""
    return escape(re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", "", text))


def print_answer(answer: Answer) -> None:
    """Print an answer, and its sources or what comes nearest."""
    out.print(plain(answer.text))
    if answer.read_as:
        out.print(f"[dim]{plain(read_as(answer))}[/dim]")
    if answer.is_behind:
        out.print(f"[yellow]{BEHIND}[/yellow]")
    if sources := sources_of(answer):
        out.print(f"\n[dim]{heading(answer)}[/dim]")
    for source in sources:
        out.print(f"[dim]\\[{source.number}] {plain(whereabouts(source))}[/dim]")
        out.print(f"    {plain(source.text)}")
    out.print(f"[dim]{answer.timings.get('total', 0):.1f} s[/dim]")
