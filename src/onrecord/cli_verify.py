"""What `onrecord verify` does: say which quotations of a receipt still stand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from onrecord import Receipt, verify
from onrecord.terminal import out, plain


def run(receipt: Path, corpus: Sequence[Path] | None) -> bool:
    """Check a receipt, print what is found, and return whether it stands.

    Args:
        receipt: The file.
        corpus: Folders and files that it is checked against; None takes the settings' own.

    Raises:
        ReceiptError: The file is no receipt.
        CorpusError: There are no documents.
    """
    said = Receipt.load(receipt)
    found = verify(said, list(corpus) if corpus else None)
    out.print(f"{plain(said.answer.question)}\n{plain(said.answer.text)}\n")
    for item in found.citations:
        colour = "green" if item.standing in ("stands", "moved") else "red"
        number, title = item.citation.number, plain(item.citation.title)
        out.print(f"\\[{number}] [{colour}]{item.standing}[/{colour}]  {title}")
        out.print(f"    {plain(item.citation.text)}")
    for document in found.changed:
        out.print(f"[yellow]changed since[/yellow]  {plain(document)}")
    for fault in found.altered:
        out.print(f"[red]altered[/red]  {plain(fault)}")
    if all(item.standing == "no document" for item in found.citations) and found.citations:
        out.print("None of its documents is in this corpus; name theirs with --corpus.")
    out.print("It stands." if found.stands else "It does not stand.")
    return found.stands
