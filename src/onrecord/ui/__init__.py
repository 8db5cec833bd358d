"""The page: the conversation on one side, the article on the other."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import gradio as gr

    from onrecord import Assistant
    from onrecord.access import Access
    from onrecord.conversations import Conversations
    from onrecord.desk import Desk

__all__ = ["build_page", "serve"]


def build_page(
    assistant: Assistant, conversations: Conversations | None = None, desk: Desk | None = None
) -> gr.Blocks:
    """Return the page, wired to an assistant and not yet launched.

    Args:
        assistant: Who answers.
        conversations: Where answers are kept; None keeps none.
        desk: Where questions are put, if programs put theirs there too; None: the page's own.
    """
    from onrecord.desk import Desk
    from onrecord.ui.page import build_page as build

    return build(desk or Desk(assistant), conversations)


def serve(
    assistant: Assistant,
    *,
    host: str = "127.0.0.1",
    port: int = 7860,
    access: Access | None = None,
    data_dir: Path | None = None,
    open_browser: bool = False,
    announce: Callable[[str], None] | None = None,
) -> None:
    """Serve the page until it is interrupted (Ctrl-C).

    Args:
        assistant: Who answers. It stays the caller's to close.
        host: Address to listen on.
        port: Port to listen on; 0 takes any free one.
        access: Who may ask, where others can reach the page, and by which names; None lets nobody.
        data_dir: Where conversations are kept, each person's for themselves: so where everybody
            may ask and nobody logs in, none is kept. None keeps none either.
        open_browser: Whether to open the page in the reader's browser.
        announce: Called with the page's address, once it can be opened.

    Raises:
        OnrecordError: The address or port cannot be had, or others could reach the page and
            nobody has said who of them may.
    """
    from onrecord.access import ONLY_HERE

    access = access or ONLY_HERE
    access.check(host)  # before Gradio is imported, which takes seconds

    from onrecord.desk import Desk
    from onrecord.ui.keeping import conversations_at
    from onrecord.ui.launch import launch

    kept = None if data_dir is None else conversations_at(host, data_dir, access)
    desk = Desk(assistant)
    page = build_page(assistant, kept, desk)
    address = launch(page, host, port, open_browser, desk, access)
    with suppress(KeyboardInterrupt):
        if announce is not None:
            announce(address)
        page.server.thread.join()
    page.close(verbose=False)
