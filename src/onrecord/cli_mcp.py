"""What `onrecord mcp` does: serve the tools to the assistant that has started it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import ExitStack, redirect_stdout
from pathlib import Path

import anyio

from onrecord.api.mcp import serve_stdio
from onrecord.terminal import serving


def run(corpus: Sequence[Path] | None, model: str | None) -> None:
    """Serve the tools over standard input and output, until the input ends.

    Nothing but the protocol reaches the output: while the server runs, it sends all else to
    stderr; before and after, this does. The process has no other use for its output then.

    Args:
        corpus: Folders and files to ask about; None takes the settings' own.
        model: As `Settings.model`; None takes that.

    Raises:
        OnrecordError: The corpus cannot be read, or the model is of no known form.
    """
    with ExitStack() as stack:
        with redirect_stdout(sys.stderr):
            assistant = stack.enter_context(serving(corpus, model))
        anyio.run(serve_stdio, assistant)
