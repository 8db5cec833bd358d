"""Every word that the page says of its own accord."""

from __future__ import annotations

NAME = "onrecord"
TAGLINE = "Ask the article. Every sentence of the answer shows where it is written."

PLACEHOLDER = "Ask about the article"
QUESTION_LABEL = "Your question"
ASK, STOP, RETRY, CLEAR = "Ask", "Stop", "Retry", "Clear"

WELCOME = "What would you like to know?"
WELCOME_NOTE = (
    "Answers come from the article alone. Choose a number in an answer to see the sentence "
    "it rests on. When the article does not say, the answer is that it does not."
)

WAITING = "One moment…"
STAGES = {
    "waiting": WAITING,
    "understand": "Reading the question…",
    "retrieve": "Searching the article…",
    "word": "Writing the answer…",
    "ground": "Checking the answer…",
}
STARTING = "Starting the model…"
OPENING = "Opening the article…"

NOT_SAID = "Not in the article"
NEAREST = "The sentences that come nearest:"
STOPPED = "Stopped before the answer was complete."
TROUBLE = "That did not work"

ADD = "Add documents"
COPY, COPIED = "Copy", "Copied"
RECEIPT, RECEIPT_FILE = "Receipt", "onrecord-receipt.json"
RECEIPT_NOTE = "Save a file that anyone can check with: onrecord verify"
BACK = "Back to the answer"
CHOOSE = "Article"
CHANGED = "The article has changed: that sentence is no longer in it."

_SHIPPED = "armenia-azerbaijan-peace-talks.txt"
SHIPPED_EXAMPLES = (
    "Who mediated the talks in Brussels?",
    "What is the bilateral commission for?",
    "What is Azerbaijan accused of?",
    "When will the peace treaty be signed?",
)
EXAMPLES_FOR = {_SHIPPED: SHIPPED_EXAMPLES}
EXAMPLE_ABOUT = "What is said about {name}?"


def reading(sentences: int) -> str:
    """Return what is shown while the candidates are read."""
    return f"Reading {counted(sentences, 'sentence')}…" if sentences else "Reading…"


def counted(number: int, noun: str) -> str:
    """Return "1 sentence", "18 sentences"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def privacy(model: str, is_local: bool) -> str:
    """Return where questions go, in one line."""
    if is_local:
        return "Nothing leaves this machine."
    return f"Questions and the sentences found for them are sent to {model}."


def adding(names: list[str]) -> str:
    """Return what is shown while documents are read and indexed."""
    return f"Reading {', '.join(names)}…"


def added(names: list[str], problems: list[str]) -> str:
    """Return which documents can be asked about now, and which could not be added, and why."""
    said = [f"{counted(len(names), 'document')} added: {', '.join(names)}."] if names else []
    return " ".join([*said, *problems])


def skipped(reasons: list[str]) -> str:
    """Return which files could not be read, and why."""
    return " ".join([f"{counted(len(reasons), 'file')} left out.", *reasons])
