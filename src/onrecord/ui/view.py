"""A session -> what the page shows of it: the values of its components, in their order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gradio as gr

from onrecord.types import Document
from onrecord.ui.examples import examples_for
from onrecord.ui.session import Session
from onrecord.ui.turn_view import earlier_html, latest_html

View = tuple[Any, ...]
"""The session, two parts of the conversation; Ask, Stop, Retry, Edit and New."""

_VALUES = 8
COMING = 7
"""How many of the values can change while an answer comes in: all but the earlier turns."""


def whole(session: Session, documents: Sequence[Document]) -> View:
    """Return all of it."""
    return _from(0, session, documents)


def moved(session: Session, documents: Sequence[Document]) -> View:
    """Return what changes where a question was put or taken back, and its page keeps the rest.

    That is the latest turn and, since it may have been that before, the one before it.
    """
    return _from(max(0, len(session.turns) - 2), session, documents)


def _from(place: int, session: Session, documents: Sequence[Document]) -> View:
    turns = session.turns
    return (
        session,
        earlier_html(turns, place),
        latest_html(turns, () if turns else examples_for(documents), session.conversation),
        *_buttons(session),
    )


def changed(session: Session) -> View:
    """Return what changes while an answer comes in: the latest turn, and the buttons.

    The earlier turns have no place here, not even to be skipped: Gradio makes a new component of
    HTML that is skipped and, each time that a value follows, keeps one more, with that value.
    """
    latest = latest_html(session.turns, conversation=session.conversation)
    return (session, latest, *_buttons(session))


def welcome(documents: Sequence[Document]) -> str:
    """Return what stands in the place of the latest turn where nothing is asked yet: examples."""
    return latest_html((), examples_for(documents))


def unchanged(values: int = _VALUES) -> View:
    """Return nothing new of it, so that what came in meanwhile is not written over."""
    return tuple(gr.skip() for _ in range(values))


def _buttons(session: Session) -> list[Any]:
    working, back = session.is_working, session.can_go_back
    done = bool(session.turns) and not working
    return [gr.update(visible=each) for each in (not working, working, back, back, done)]
