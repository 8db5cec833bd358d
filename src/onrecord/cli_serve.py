"""What `onrecord serve` does: serve the page, and let `onrecord ask` know of it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from onrecord import Settings
from onrecord.access import Access
from onrecord.served import noting
from onrecord.terminal import out, serving
from onrecord.ui import serve


def run(corpus: Sequence[Path] | None, settings: Settings, open_browser: bool) -> None:
    """Serve the page until it is interrupted.

    Args:
        corpus: Folders and files to ask about; None takes the settings' own.
        settings: Which model answers, on which address and port the page is, and who may ask.
        open_browser: Whether to open the page in the reader's browser.

    Raises:
        OnrecordError: The corpus cannot be read, the model is of no known form, or the page cannot
            be served.
    """
    access = Access.by(settings)
    with ExitStack() as stack:
        assistant = stack.enter_context(serving(corpus, settings.model))
        noted = None
        if access.is_for_one(settings.host):
            noted = stack.enter_context(noting(corpus or (), settings))

        def announce(address: str) -> None:
            if noted is not None:
                noted(address)
            out.print(f"onrecord is at {address}  (Ctrl-C ends it)")

        serve(
            assistant,
            host=settings.host,
            port=settings.port,
            access=access,
            data_dir=settings.data_dir,
            open_browser=open_browser,
            announce=announce,
        )
