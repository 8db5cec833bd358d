"""The `onrecord` command: ask, chat, verify, index, eval, serve, engine, doctor and others."""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from onrecord import Settings, cli_conversations, cli_users
from onrecord.cli_errors import explained
from onrecord.cli_evaluate import evaluate
from onrecord.cli_options import Corpus, Model
from onrecord.errors import OnrecordError
from onrecord.terminal import FAILED, err, opened, out, plain, print_answer, settings_with

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    help="Ask a news article anything. Every sentence of the answer cites the exact sentence "
    "that it rests on, or the answer is that the article does not say.\n\n"
    "Documents are the files in `corpus/` (text, Markdown, PDF, Word, HTML); settings are "
    "environment variables that begin with ONRECORD_.",
)
app.add_typer(cli_conversations.app, name="conversations")
app.add_typer(cli_users.app, name="user")


def _print_version(wanted: bool) -> None:
    if wanted:
        out.print(metadata.version("onrecord"))
        raise typer.Exit


@app.callback()
def options(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version.", callback=_print_version, is_eager=True
        ),
    ] = False,
) -> None:
    """Take what stands before a command."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command; whatever goes wrong is one line, and never a traceback.

    Args:
        arguments: What stands after `onrecord`; None takes the process's own.
    """
    logging.disable(logging.WARNING)
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    with explained():
        app(arguments)


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="The question, in quotation marks.")],
    corpus: Corpus = None,
    model: Model = None,
    document: Annotated[
        list[str] | None,
        typer.Option(help="Ask this one alone, as `onrecord index` lists it (may be repeated)."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
    receipt: Annotated[
        Path | None, typer.Option(help="Write the answer's receipt here, for `onrecord verify`.")
    ] = None,
) -> None:
    """Answer one question, with its sources. A refusal is an answer too (exit code 0).

    Example: `onrecord ask "Who mediated the talks?"`
    """
    from onrecord.cli_ask import answered

    answer = answered(question, document or (), corpus, model)
    if as_json:
        sys.stdout.write(answer.to_json(indent=2) + "\n")
    else:
        print_answer(answer)
    if receipt:  # last: an answer that is there is not lost with its file
        from onrecord.receipt import receipt as receipt_of

        receipt_of(answer, Settings()).save(receipt)


@app.command()
def chat(corpus: Corpus = None, model: Model = None) -> None:
    """Hold a conversation; follow-up questions are understood. /quit ends it.

    Example: `onrecord chat --corpus my-articles/`
    """
    history: list[dict[str, str]] = []
    with opened(corpus, model) as assistant:
        assistant.warm()
        out.print(f"[dim]{escape(assistant.model_name)}. /quit ends the conversation.[/dim]")
        while (question := _read_line()) is not None:
            try:
                answer = assistant.ask(question, history)
            except OnrecordError as error:  # mostly it can be asked again
                err.print(f"[red]{escape(str(error))}[/red]")
                continue
            print_answer(answer)
            history.append({"role": "user", "content": question})
            history.append({"role": "assistant", "content": answer.text})


@app.command()
def verify(
    receipt: Annotated[Path, typer.Argument(help="What `onrecord ask --receipt` has written.")],
    corpus: Corpus = None,
) -> None:
    """Check an answer's receipt against the documents as they are now; no model is asked.

    Exit codes: 0 every quotation still stands; 1 one does not; 2 no receipt, or no documents.

    Example: `onrecord verify answer.json --corpus my-articles/`
    """
    from onrecord.cli_verify import run

    if not run(receipt, corpus):
        raise typer.Exit(FAILED)


@app.command()
def index(
    corpus: Corpus = None,
    anew: Annotated[
        bool, typer.Option("--anew", help="Where the index is damaged: make it again.")
    ] = False,
) -> None:
    """Bring the index up to date, and show what that took.

    Example: `onrecord index --corpus my-articles/`
    """
    with opened(corpus, None) as assistant:
        report = assistant.refresh(anew)
    if report.mended:
        out.print("The index had ended the process that read it, and was made anew.")
    for word in ("added", "changed", "removed", "unchanged"):
        for document in getattr(report, word):
            out.print(f"{word:>10}  {plain(document)}")
    for path, why in report.skipped.items():
        out.print(f"[yellow]   skipped[/yellow]  {plain(path)}: {plain(why)}")
    out.print(f"{report.sentences} sentences; {report.embedded} chunks were embedded.")


app.command(name="eval")(evaluate)


@app.command()
def serve(
    corpus: Corpus = None,
    model: Model = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port; 0 takes any free one.")] = None,
    browser: Annotated[bool, typer.Option(help="Open the page in the browser.")] = True,
) -> None:
    """Open the chat page. Off loopback it needs a login (`onrecord user`), or ONRECORD_OPEN=1.

    Example: `onrecord serve --port 8080 --no-browser`
    """
    from onrecord.cli_serve import run

    run(corpus, settings_with(model, host=host or None, port=port), browser)


@app.command()
def engine(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port; 0 takes any free one.")] = 8100,
) -> None:
    """Lend this machine's engine to others, which then need no model in memory themselves.

    They set ONRECORD_MODEL=engine:http://this-machine:8100, and ONRECORD_API_KEY to the
    ONRECORD_ENGINE_KEY that is set here.

    Example: `onrecord engine --host 0.0.0.0`
    """
    from onrecord.cli_engine import run

    run(host, port)


@app.command()
def mcp(corpus: Corpus = None, model: Model = None) -> None:
    """Serve tools that ask and search to an assistant or an editor (MCP, stdio).

    Example: `onrecord mcp --corpus my-articles/`
    """
    from onrecord.cli_mcp import run

    run(corpus, model)


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """Check Python, packages, weights, engine, index and ports; say what to do.

    Example: `onrecord doctor`
    """
    from onrecord.doctor import examine

    findings = examine(Settings())
    if as_json:
        sys.stdout.write(json.dumps([f.model_dump() for f in findings], indent=2) + "\n")
    else:
        for finding in findings:
            mark = "[green]ok     [/green]" if finding.ok else "[red]problem[/red]"
            out.print(f"{mark}  {finding.what}: {plain(finding.detail)}")
    if not all(finding.ok for finding in findings):
        raise typer.Exit(FAILED)


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
