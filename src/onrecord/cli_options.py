"""The options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Corpus = Annotated[
    list[Path] | None, typer.Option(help="Folder or file to ask about (may be repeated).")
]
Model = Annotated[
    str | None,
    typer.Option(help="'local', 'engine:ADDRESS', 'openai:gpt-5-mini', …, or a server's address."),
]
