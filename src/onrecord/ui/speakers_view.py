"""Who says what in a document, as a small table: each statement leads to its sentence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from html import escape

from onrecord.speakers import Statement
from onrecord.types import Document
from onrecord.ui import words


def speakers_html(document: Document, said: Sequence[Statement]) -> str:
    """Return the table, folded away; nothing where nobody says anything.

    Args:
        document: What the statements stand in.
        said: The statements, in order.
    """
    if not said:
        return ""
    by_speaker: defaultdict[str, list[Statement]] = defaultdict(list)
    for statement in said:
        by_speaker[statement.speaker].append(statement)
    rows = "".join(_row(document, speaker, those) for speaker, those in by_speaker.items())
    return (
        f'<details class="speakers"><summary>{words.SPEAKERS}</summary>'
        f"<table><tbody>{rows}</tbody></table></details>"
    )


def _row(document: Document, speaker: str, said: Sequence[Statement]) -> str:
    sentences = "".join(_sentence(document, statement) for statement in said)
    name = escape(speaker[:1].upper() + speaker[1:])
    return f'<tr><th scope="row" dir="auto">{name}</th><td>{sentences}</td></tr>'


def _sentence(document: Document, statement: Statement) -> str:
    at = statement.sentence
    text = escape(document.text[at.start : at.end])
    return (
        f'<button type="button" class="near" data-document="{escape(document.id)}"'
        f' data-start="{at.start}" data-end="{at.end}" data-title="{escape(document.title)}">'
        f'<i dir="auto">{escape(statement.verb)}</i> <span dir="auto">{text}</span></button>'
    )
