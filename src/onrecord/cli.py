"""The `onrecord` command: ask, chat, index, eval, serve, doctor."""

from __future__ import annotations

import json
import logging
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from rich.console import Console
from rich.markup import escape

from onrecord.errors import CorpusError, OnrecordError, QuestionError

if TYPE_CHECKING:
    from onrecord import Answer, Assistant
    from onrecord.progress import Progress

_BAD_INPUT = 2
_FAILED = 1
_INTERRUPTED = 130

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    help="Ask a news article anything. Every sentence of the answer cites the exact sentence "
    "that it rests on, or the answer is that the article does not say.\n\n"
    "Documents are the .txt and .md files in `corpus/`; settings are environment variables "
    "that begin with ONRECORD_.",
)
out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

Corpus = Annotated[
    list[Path] | None, typer.Option(help="Folder or file to ask about (may be repeated).")
]
Model = Annotated[
    str | None, typer.Option(help="'local', 'openai:gpt-5-mini', …, or a server's address.")
]


def main() -> None:
    """Run the command; whatever goes wrong is one line, and never a traceback."""
    logging.disable(logging.WARNING)
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    with _explained():
        app()


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="The question, in quotation marks.")],
    corpus: Corpus = None,
    model: Model = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
) -> None:
    """Answer one question, with its sources. A refusal is an answer too (exit code 0).

    Example: `onrecord ask "Who mediated the talks?"`
    """
    with _assistant(corpus, model) as assistant:
        answer = assistant.ask(question)
    if as_json:
        sys.stdout.write(answer.to_json(indent=2) + "\n")
    else:
        _print_answer(answer)


@app.command()
def chat(corpus: Corpus = None, model: Model = None) -> None:
    """Hold a conversation; follow-up questions are understood. /quit ends it.

    Example: `onrecord chat --corpus my-articles/`
    """
    history: list[dict[str, str]] = []
    with _assistant(corpus, model) as assistant:
        assistant.warm()
        out.print(f"[dim]{escape(assistant.model_name)}. /quit ends the conversation.[/dim]")
        while (question := _read_line()) is not None:
            try:
                answer = assistant.ask(question, history)
            except QuestionError as error:
                err.print(f"[red]{escape(str(error))}[/red]")
                continue
            _print_answer(answer)
            history.append({"role": "user", "content": question})
            history.append({"role": "assistant", "content": answer.text})


@app.command()
def index(corpus: Corpus = None) -> None:
    """Bring the index up to date, and show what that took.

    Example: `onrecord index --corpus my-articles/`
    """
    with _assistant(corpus, None) as assistant:
        report = assistant.refresh()
    for word in ("added", "changed", "removed", "unchanged"):
        for document in getattr(report, word):
            out.print(f"{word:>10}  {_plain(document)}")
    for path, why in report.skipped.items():
        out.print(f"[yellow]   skipped[/yellow]  {_plain(path)}: {_plain(why)}")
    out.print(f"{report.sentences} sentences; {report.embedded} chunks were embedded.")


@app.command(name="eval")
def evaluate(
    facts: Annotated[Path, typer.Argument(help="The known facts (JSONL).")] = Path(
        "evals/article.jsonl"
    ),
    corpus: Corpus = None,
    model: Model = None,
    split: Annotated[
        Literal["tune", "held"] | None, typer.Option(help="Ask one split alone.")
    ] = None,
    save_json: Annotated[Path | None, typer.Option("--json", help="Write the report here.")] = None,
    thresholds: Annotated[
        Path | None, typer.Option(help="Fail (exit code 1) below these (TOML).")
    ] = None,
    targets: Annotated[
        Path | None, typer.Option(help="Say what falls short of these (TOML), and do not fail.")
    ] = None,
) -> None:
    """Ask the known facts, and compare the answers with them.

    Example: `onrecord eval --thresholds evals/thresholds.toml --json out/eval.json`
    """
    from onrecord import Settings
    from onrecord.evals import gate, load_facts, run, save, table

    known = load_facts(facts, split)
    settings = Settings()
    with _assistant(corpus, model) as assistant:
        report = run(assistant, known, _progress(), settings)
    out.print(table(report))
    if save_json:
        save_json.parent.mkdir(parents=True, exist_ok=True)
        save(report, save_json)
    for miss in gate(report, targets) if targets else ():
        out.print(f"Not there yet: {escape(miss)}")
    failures = gate(report, thresholds) if thresholds else ()
    for failure in failures:
        err.print(f"[red]{escape(failure)}[/red]")
    if failures:
        raise typer.Exit(_FAILED)


@app.command()
def serve(
    corpus: Corpus = None,
    model: Model = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port; 0 takes any free one.")] = None,
    browser: Annotated[bool, typer.Option(help="Open the page in the browser.")] = True,
) -> None:
    """Open the chat page.

    Example: `onrecord serve --port 8080 --no-browser`
    """
    from onrecord import Settings
    from onrecord.ui import serve as serve_page

    settings = Settings()
    with _assistant(corpus, model) as assistant:
        assistant.warm()
        serve_page(
            assistant,
            host=host or settings.host,
            port=settings.port if port is None else port,
            open_browser=browser,
            announce=lambda address: out.print(f"onrecord is at {address}  (Ctrl-C ends it)"),
        )


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """Check Python, packages, weights, engine, index and ports; say what to do.

    Example: `onrecord doctor`
    """
    from onrecord import Settings
    from onrecord.doctor import examine

    findings = examine(Settings())
    if as_json:
        sys.stdout.write(json.dumps([f.model_dump() for f in findings], indent=2) + "\n")
    else:
        for finding in findings:
            mark = "[green]ok     [/green]" if finding.ok else "[red]problem[/red]"
            out.print(f"{mark}  {finding.what}: {_plain(finding.detail)}")
    if not all(finding.ok for finding in findings):
        raise typer.Exit(_FAILED)


def make_assistant(corpus: list[Path] | None, model: str | None, progress: Progress) -> Assistant:
    """Return the assistant that the commands use (tests put another in its place)."""
    from onrecord import Assistant

    chosen = corpus[0] if corpus and len(corpus) == 1 else corpus
    return Assistant(chosen or None, model, progress=progress)


@contextmanager
def _assistant(corpus: list[Path] | None, model: str | None) -> Iterator[Assistant]:
    with make_assistant(corpus, model, _progress()) as assistant:
        yield assistant


@contextmanager
def _explained() -> Iterator[None]:
    from pydantic import ValidationError

    try:
        yield
    except (CorpusError, QuestionError) as error:
        err.print(f"[red]{escape(str(error))}[/red]")
        sys.exit(_BAD_INPUT)
    except OnrecordError as error:
        err.print(f"[red]{escape(str(error))}[/red]")
        sys.exit(_FAILED)
    except ValidationError as error:
        for fault in error.errors():
            name = "ONRECORD_" + "_".join(str(part) for part in fault["loc"]).upper()
            err.print(f"[red]{name}: {escape(fault['msg'])} (it is {fault['input']!r}).[/red]")
        sys.exit(_BAD_INPUT)
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)


def _progress() -> Callable[[str, float | None], None]:
    """Show slow work on stderr: a line that fills on a terminal, a line per step elsewhere."""
    shown: dict[str, Any] = {"message": None}

    def show(message: str, fraction: float | None) -> None:
        if err.is_terminal:
            percent = "" if fraction is None else f" {fraction:4.0%}"
            err.file.write(f"\r\x1b[K{message}{percent}" + ("\r\x1b[K" if fraction == 1 else ""))
            err.file.flush()
        elif message != shown["message"]:
            err.print(_plain(message))
        shown["message"] = message

    return show


def _read_line() -> str | None:
    """Return the next question; None where the conversation ends."""
    while True:
        try:
            line = out.input("[bold]> [/bold]").strip()
        except (EOFError, KeyboardInterrupt):
            return None
        if line in ("/quit", "/exit"):
            return None
        if line:
            return line


def _print_answer(answer: Answer) -> None:
    out.print()
    out.print(_plain(answer.text))
    cited = answer.citations if answer.claims else answer.nearest
    if cited:
        out.print("\n[dim]Sources[/dim]" if answer.claims else "\n[dim]What comes nearest[/dim]")
    for citation in cited:
        place = f"{_plain(citation.title)}, sentence {citation.sentence + 1}"
        out.print(f"[dim]\\[{citation.number}] {place}[/dim]\n    {_plain(citation.text)}")
    out.print(f"[dim]{answer.timings.get('total', 0):.1f} s[/dim]")


def _plain(text: str) -> str:
    """Return untrusted text so that a terminal shows it and does not obey it."""
    return escape(re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", "", text))
