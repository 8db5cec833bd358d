"""Untrusted text, made safe to show wherever one line is expected."""

from __future__ import annotations


def plain(text: str) -> str:
    """Return a text on one line, without what is not printed.

    Control characters, line ends, half surrogates and marks that turn the writing direction
    become spaces: what is left cannot steer a terminal, and is valid in XML.
    """
    return "".join(char if char.isprintable() else " " for char in text)
