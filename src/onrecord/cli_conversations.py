"""The `onrecord conversations` commands: what is kept on this machine, shown and written out."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from onrecord.terminal import out, plain, print_answer

if TYPE_CHECKING:
    from onrecord.conversations import Conversation, Conversations, Feedback, Summary

_SHOWN_OF_AN_ID = 8  # characters

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    help="The conversations that are kept on this machine.",
)
Id = Annotated[
    str, typer.Argument(metavar="ID", help="As `list` shows it; its beginning is enough.")
]
User = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Only what this user of the page has."),
]
Out = Annotated[Path, typer.Option("--out", help="The file to write.")]
Corpus = Annotated[
    list[Path] | None,
    typer.Option(
        help="Folder or file (may be repeated): say which answers quote what is not there any more."
    ),
]


@app.command(name="list")
def list_kept(
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="WORDS", help="Those alone that have all of these words."),
    ] = None,
    user: User = None,
) -> None:
    """List the conversations, the latest first, and whose they are.

    Example: `onrecord conversations list ferry`
    """
    found = _store(user).search(" ".join(words or ()))
    for summary in found:
        count = f"{summary.exchanges} question{'' if summary.exchanges == 1 else 's'}"
        owner = f", {plain(summary.owner)}" if summary.owner else ""
        out.print(
            f"{summary.id[:_SHOWN_OF_AN_ID]}  [dim]{_when(summary.changed)}[/dim]  "
            f"{plain(summary.title)}  [dim]{count}{owner}[/dim]"
        )
    if not found:
        out.print("No conversation has all of these words." if words else "Nothing is kept yet.")


@app.command()
def show(conversation: Id, user: User = None, corpus: Corpus = None) -> None:
    """Print a conversation, with the sources of each answer.

    Example: `onrecord conversations show 3f2a --corpus corpus/`
    """
    from onrecord.conversations import ALTERED_SINCE, CHANGED_SINCE

    store = _store(user)
    kept = _compared(store.load(_named(store, conversation).id), corpus)
    out.print(f"[bold]{plain(kept.title)}[/bold]\n[dim]{_when(kept.created)}[/dim]")
    for exchange in kept.exchanges:
        out.print(f"\n[bold]> {plain(exchange.receipt.answer.question)}[/bold]")
        print_answer(exchange.receipt.answer)
        for fault in exchange.fallen:
            out.print(f"[red]{CHANGED_SINCE}[/red]  {plain(fault)}")
        for fault in exchange.altered:
            out.print(f"[red]{ALTERED_SINCE}[/red]  {plain(fault)}")
        if exchange.feedback:
            _print_feedback(exchange.feedback)


@app.command()
def export(
    conversation: Id,
    save_to: Out,
    form: Annotated[
        Literal["markdown", "html", "json"], typer.Option("--as", help="What to write.")
    ] = "markdown",
    user: User = None,
    corpus: Corpus = None,
) -> None:
    """Write a conversation to a file, to be read, printed or passed on.

    Example: `onrecord conversations export 3f2a --as html --out ferry.html --corpus corpus/`
    """
    from onrecord.conversations import as_html, as_json, as_markdown, write_whole

    store = _store(user)
    kept = _compared(store.load(_named(store, conversation).id), corpus)
    write = {"markdown": as_markdown, "html": as_html, "json": as_json}[form]
    write_whole(save_to, write(kept))


@app.command()
def rename(
    conversation: Id,
    title: Annotated[str, typer.Argument(help="Its new title.")],
    user: User = None,
) -> None:
    """Give a conversation another title.

    Example: `onrecord conversations rename 3f2a "The ferry"`
    """
    store = _store(user)
    store.rename(_named(store, conversation).id, title)


@app.command()
def delete(
    conversation: Id,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    user: User = None,
) -> None:
    """Delete a conversation, with all that was said of its answers.

    Example: `onrecord conversations delete 3f2a`
    """
    store = _store(user)
    found = _named(store, conversation)
    if not yes:
        out.print(plain(found.title))
        typer.confirm("Delete this conversation? It cannot be brought back.", abort=True)
    store.delete(found.id)


@app.command()
def facts(save_to: Out, user: User = None) -> None:
    """Write what was said of answers as known facts, for `onrecord eval`.

    Example: `onrecord conversations facts --out feedback.jsonl`
    """
    from onrecord.conversations import facts_of, judged, write_facts

    store = _store(user)
    kept = [store.load(summary.id) for summary in store.search()]
    known = tuple(facts_of(kept))
    write_facts(known, save_to)
    out.print(f"Facts written to {plain(str(save_to))}: {len(known)}.")
    left_out = judged(kept) - len(known)
    if left_out:
        out.print(
            f"Judged answers left out: {left_out}. Nobody said what is right instead, their "
            "question was asked of some documents alone, or it was judged again later."
        )
    if known:
        out.print(f"Check them with `onrecord eval {plain(str(save_to))} --check`.")


def _store(user: str | None) -> Conversations:
    from onrecord import Settings
    from onrecord.conversations import DATABASE, Conversations

    return Conversations(Settings().data_dir / DATABASE, user)


def _compared(kept: Conversation, corpus: list[Path] | None) -> Conversation:
    """Return a conversation with what no longer stands of it, if there are documents to see by.

    Raises:
        CorpusError: There are none where they are said to be.
    """
    if not corpus:
        return kept
    from onrecord import Assistant
    from onrecord.conversations import alarmed

    with Assistant(list(corpus)) as assistant:
        return alarmed(kept, assistant.documents)


def _named(store: Conversations, beginning: str) -> Summary:
    """Return the one conversation whose id begins so.

    Raises:
        ConversationsError: There is none, or more than one.
    """
    from onrecord.conversations import ConversationsError

    found = [summary for summary in store.search() if summary.id.startswith(beginning)]
    if len(found) == 1:
        return found[0]
    how_many = f"{len(found)} conversations have" if found else "No conversation has"
    raise ConversationsError(
        f"{how_many} an id that begins {beginning!r}; `onrecord conversations list` shows them."
    )


def _print_feedback(feedback: Feedback) -> None:
    if feedback.liked:
        out.print("[green]You said that it is right.[/green]")
        return
    right = "the corpus does not say" if feedback.not_in_corpus else feedback.right_answer
    said = (("", feedback.reason), ("Right would be: ", right))
    out.print("[yellow]You said that it is not right.[/yellow]")
    for label, words in said:
        if words:
            out.print(f"    {label}{plain(words)}")


def _when(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"
