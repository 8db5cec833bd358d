"""Sentences of the page's own that have other people's words in them, as HTML."""

from __future__ import annotations

import re
from html import escape

_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_SHORT = 90  # characters


def message_html(text: str) -> str:
    """Return a sentence as HTML, without the marks that turn the writing direction.

    A name that stands by itself keeps them, in an element that isolates it; here one could turn
    round what the page says of it.
    """
    return escape(_TURNING.sub("", text))


def shortened(text: str) -> str:
    """Return the beginning of other people's words, on one line."""
    line = " ".join(text.split())
    return f"{line[:_SHORT]}…" if len(line) > _SHORT else line
