"""The page's head: its name, who answers, and where questions go."""

from __future__ import annotations

from html import escape

from onrecord.ui import words
from onrecord.ui.message import message_html


def masthead_html(model: str, is_local: bool, doing: str = "") -> str:
    """Return the page's head.

    Args:
        model: The model's name, as the reader is told it.
        is_local: Whether nothing that is asked leaves this machine.
        doing: What is still being got ready, if anything.
    """
    kind = "local" if is_local else "hosted"
    ready = f'<span class="doing">{escape(doing)}</span>' if doing else ""
    privacy = message_html(words.privacy(model, is_local))
    return (
        f'<header class="masthead"><h1>{words.NAME}</h1>{_drawers()}'
        f'<p class="tagline">{words.TAGLINE}</p>'
        f'<p class="model {kind}" role="status">'
        f'<span class="name" dir="auto">{escape(model)}</span>'
        f'<span class="privacy">{privacy}</span>{ready}</p></header>'
    )


def _drawers() -> str:
    buttons = "".join(
        f'<button type="button" popovertarget="{name}">{said}</button>'
        for name, said in (("documents", words.DOCUMENTS), ("conversations", words.CONVERSATIONS))
    )
    return f'<nav aria-label="{words.DRAWERS}">{buttons}</nav>'
