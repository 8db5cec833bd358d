"""Whether conversations are kept, where, and whose they are."""

from __future__ import annotations

from pathlib import Path

import gradio as gr

from onrecord.access import ONLY_HERE, Access
from onrecord.conversations import DATABASE, Conversations


def conversations_at(host: str, folder: Path, access: Access = ONLY_HERE) -> Conversations | None:
    """Return where the page's conversations are kept; None where nobody knows whose they are.

    Args:
        host: The address that the page listens on.
        folder: Where its database is, or will be.
        access: Who may open it.
    """
    known = access.users is not None or access.is_for_one(host)
    return Conversations(folder / DATABASE) if known else None


def owned(conversations: Conversations, request: gr.Request) -> Conversations:
    """Return those conversations that are of whoever has logged in, if anybody has."""
    return conversations.of(request.username or "")
