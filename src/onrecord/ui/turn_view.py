"""The conversation as HTML. Whatever a reader, a document or a model wrote is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from uuid import uuid4

from onrecord.ui import words
from onrecord.ui.buttons import example_html
from onrecord.ui.reply_view import reply_html
from onrecord.ui.turns import Turn, Turns


def earlier_html(turns: Turns, place: int = 0) -> str:
    """Return what is new before the last question of a conversation; it does not change any more.

    Args:
        turns: The conversation.
        place: How many of its turns the page keeps as they are.
    """
    new = "".join(turn_html(turn) for turn in turns[place:-1])
    return f'<div class="turns sent" data-place="{place}" data-nonce="{uuid4().hex}">{new}</div>'


def latest_html(turns: Turns, examples: Sequence[str] = (), conversation: str = "") -> str:
    """Return the last question; before the first one, the examples to begin with.

    Args:
        turns: The conversation.
        examples: Questions to begin with.
        conversation: The id under which it is kept, if it is.
    """
    last = turn_html(turns[-1]) if turns else _welcome(examples)
    spoken = _spoken(turns[-1]) if turns else ""
    is_whole = bool(turns) and turns[-1].answer is not None
    return (
        f'<div class="turns" data-spoken="{spoken}" data-is-whole="{"yes" * is_whole}"'
        f' data-conversation="{escape(conversation)}" data-name="{words.CONVERSATION}"'
        f' data-lost="{words.LOST}">{last}</div>'
    )


def turn_html(turn: Turn) -> str:
    """Return a question and what has come of it so far."""
    asked_of = (
        f'<p class="asked-of">{words.ASKED_OF} <bdi>{escape(turn.asked_of)}</bdi></p>'
        if turn.asked_of
        else ""
    )
    forgotten = f'<p class="alarm">{words.FORGOTTEN}</p>' if turn.is_cut_off else ""
    return (
        '<section class="turn">'
        f'<h3 class="question" dir="auto">{escape(turn.question)}</h3>{asked_of}{forgotten}'
        f'<div class="reply">{reply_html(turn)}</div>'
        "</section>"
    )


def _welcome(examples: Sequence[str]) -> str:
    buttons = "".join(f"<li>{example_html(example)}</li>" for example in examples)
    return (
        f'<div class="welcome"><h2>{words.WELCOME}</h2><p>{words.WELCOME_NOTE}</p>'
        f'<ul class="examples" aria-label="{words.EXAMPLES}">{buttons}</ul></div>'
    )


def _spoken(turn: Turn) -> str:
    """Return what is read aloud without being asked for; of an answer, what comes behind it."""
    if turn.answer is not None:
        return " ".join(words.left_out(len(turn.dropped)))
    if turn.stopped:
        return words.STOPPED
    return words.ANSWERING if turn.working else ""
