"""What `onrecord ask` does: have a page that runs already answer, or answer by itself."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from onrecord import Answer, Scope
from onrecord.served import served_page
from onrecord.terminal import err, opened, plain, settings_with


def answered(
    question: str, documents: Sequence[str], corpus: Sequence[Path] | None, model: str | None
) -> Answer:
    """Return the answer to a question.

    Args:
        question: In plain words.
        documents: The ids of those that are asked; none: all.
        corpus: Folders and files to ask about; None takes the settings' own.
        model: As `Settings.model`; None takes that.

    Raises:
        OnrecordError: It cannot be answered.
    """
    scope = Scope(documents=tuple(documents))
    return _by_a_page(question, scope, corpus, model) or _by_itself(question, scope, corpus, model)


def _by_a_page(
    question: str, scope: Scope, corpus: Sequence[Path] | None, model: str | None
) -> Answer | None:
    settings = settings_with(model)
    if settings.model != "local":  # of another one little is loaded here, and its key is one's own
        return None
    page = served_page(corpus or (), settings)
    if page is None:
        return None
    err.print(f"The page at {plain(page.url)} answers")
    return page.ask(question, scope)


def _by_itself(
    question: str, scope: Scope, corpus: Sequence[Path] | None, model: str | None
) -> Answer:
    with opened(corpus, model) as assistant:
        return assistant.ask(question, scope=scope)
