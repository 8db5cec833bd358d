"""Every word that the page says of its own accord."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from onrecord.conversations import ALTERED_SINCE, CHANGED_SINCE

NAME = "onrecord"
TAGLINE = "Ask the article. Every sentence of the answer shows its source."

PLACEHOLDER = "Ask a question"
QUESTION_LABEL = "Your question"
ASK, STOP, RETRY, EDIT, NEW = "Ask", "Stop", "Retry", "Edit", "New conversation"

EXAMPLES = "Example questions"
WELCOME = "What would you like to know?"
WELCOME_NOTE = (
    "Answers come from the documents alone. Choose a number in an answer to see the sentence "
    "it rests on. Where they do not say, the answer is that they do not."
)

WAITING = "One moment…"
WAITING_TO_CHANGE = "Waiting for what is being added or changed before this…"
STAGES = {
    "understand": "Reading the question…",
    "retrieve": "Searching…",
    "word": "Writing the answer…",
    "ground": "Checking the answer…",
}
ANSWERING = "An answer is on its way."
EVIDENCE = "Sentences that are being read"
STARTING = "Starting the model…"
OPENING = "Opening the article…"
INDEXING = "Bringing the index up to date"

NEAREST = "The sentences that come nearest:"
STOPPED = "Stopped before the answer was complete."
INCOMPLETE = "(This answer is not complete.)"
BUSY = "An answer is on its way: wait for it or stop it, and try again."
LOST = "The server does not answer. This page is loaded anew as soon as it does."
UNTAKEN = "The question was not taken, and stands in its box again."
ASK_ONCE_MORE = "Ask once more; where that fails too, reload the page."
FORGOTTEN = "The server was started again: it no longer knows what was said before this."
TROUBLE = "That did not work"
FAILED = (
    "Something unforeseen went wrong, and no answer came; the server's log says more. Press "
    f"“{RETRY}” to ask once more."
)
UNREADY = (
    "Something unforeseen went wrong while the page was made ready; the server's log says more. "
    "Reload the page, or ask all the same."
)

ANSWERED_BEFORE = "answered before"
UNVERIFIED = "not verified yet"
BROKEN_OFF = "broken off, and not verified"
GROUNDING = {"quoted": "quoted", "reworded": "reworded"}
QUOTED_INSTEAD = "wording dropped, quoted"
GROUNDED = {
    "quoted": "These are the words of the sentence itself.",
    "reworded": (
        "In other words than the sentence’s. Its names, numbers and quotations are the sentence’s "
        "own; where it differs, it was read again and found to say the same."
    ),
}
DROPPED = "The model’s own wording did not pass the check, and the sentence is quoted in its place:"
ATTRIBUTED_TO = "attributed to"
ATTRIBUTED = "The sentence attributes this to"
SUREST = ((0.85, "Clearly stated"), (0.75, "Probably stated"))  # the least chance of being right
UNSURE = "Perhaps stated: read the sentence"
CLEARLY_NOT = 0.95  # a refusal with a lesser chance of being right is not sure of itself
PERHAPS_NOT = "Not sure: see the nearest sentences"
DOCUMENTS_CHANGED = CHANGED_SINCE
FALLEN = f"{CHANGED_SINCE} this was answered:"
ALTERED = f"{ALTERED_SINCE}:"
BEHIND = (
    "Documents changed before this answer was complete, and it comes from what was there before. "
    "Ask again to ask them as they are now."
)
INSTEAD = "You could ask:"

RIGHT, WRONG = "Right", "Wrong?"
WHY_WRONG, RIGHT_ANSWER = "What is wrong with it?", "The right answer, in few words"
SAYS_NOTHING = "The documents do not say"
NO_SENTENCE = "To name the sentence that says it, select it in the article."
KEEP, UNDO = "Save", "Undo"
MALFORMED = "This is not what the page sends; reload the page, and try again."
JUDGED_RIGHT, JUDGED_WRONG = "Marked as right.", "Marked as wrong."

ASKING_OF, ASKED_OF, ASK_ALL = "Asking", "Asked of", "Ask all documents again"
ARTICLE, ARTICLE_TEXT = "Article", "Text of the article"
CONVERSATION, ANSWER_TO = "Conversation", "Answer to"
KEYS = (
    "↑ ↓ lead from sentence to sentence, with Shift they select. Enter leads to the answers that "
    "cite a sentence, or asks about it; Space asks in any case. Esc ends it."
)
CITED_ONE, CITED_MORE = "Cited in 1 answer", "Cited in {count} answers"
SELECTED_ONE = "1 sentence selected. Enter: ask about it"
SELECTED_MORE = "{count} sentences selected. Enter: ask about them"
ASK_PASSAGE, USE_SENTENCE = "Ask about this", "This is the right sentence"

DRAWERS, DOCUMENTS, CONVERSATIONS = "What is kept", "Documents", "Conversations"
CLOSE = "Close"
FIND_DOCUMENT, FIND_CONVERSATION = "Find a document", "Find in conversations"
CHOOSE_HINT = "Tick documents to ask those alone."
OPEN, RENAME, REMOVE, DELETE, NEW_NAME = "Open", "Rename", "Remove", "Delete", "New name"
REALLY = "Really?"
RENAMED = "{old} is called {new} now."
REMOVED = "{name} was removed; the file is kept aside in the folder .removed."
RESTORED = "{name} is back."
NOT_KNOWN_REMOVED = (
    "What was removed last is no longer known here; its file is kept aside in the folder .removed. "
    "Add it from there."
)
NOT_SENT = "That names a file which was not sent to this page; choose the file and add it."
TOO_MANY_FILES = (
    "At most {most} files are added at once, and these are {count}: none was added. "
    "Add them in smaller groups."
)
TOO_LARGE_FILE = (
    "{name} has {size} MB and was not added: a file may have {largest} MB. "
    "Split it into smaller ones."
)
TOO_LARGE_TOGETHER = (
    "The files have {size} MB together and none was added: {largest} MB are taken at once. "
    "Add them in smaller groups."
)
UNKNOWN_KIND = "{name} was not added: it is of no known kind. These are: {kinds}."
PASTE, PASTE_TITLE, PASTE_TEXT, PASTE_ADD = "Paste a text", "Title", "Text", "Add this text"
NOTHING_KEPT = "No conversations yet. What you ask is kept here, on this machine."
NOTHING_FOUND, NO_SUCH_DOCUMENT = "No conversation has these words.", "No document is called so."
EXPORT = "Save as"
EXPORTS = {"markdown": "Markdown", "html": "HTML", "json": "JSON"}
FACTS = "Save judged answers as known facts"
FACTS_NOTE = "A file for onrecord eval: what was right stays right"
NO_FACTS = "No answer has been judged yet: press “Right” or “Wrong?” under one first."
UNUSABLE = (
    "No judged answer can be a known fact yet: that takes a question asked of all documents, and, "
    "where its answer was wrong, the right answer or the sentence that says it."
)

SPEAKERS = "Who says what"

ADD, ADD_FILES = "Add documents", "Add files"
COPY, COPIED = "Copy", "Copied"
UNCOPIED = "Not copied: select the text instead"
RECEIPT, RECEIPT_FILE = "Receipt", "onrecord-receipt.json"
NO_RECEIPT = (
    "The receipt of this answer is no longer known here. Open the conversation again from "
    f"“{CONVERSATIONS}”, or ask once more."
)
RECEIPT_NOTE = "Save a file that anyone can check with: onrecord verify"
BACK = "Back to the answer"
CHOOSE = "Document"
CHANGED = "The article has changed: that sentence is no longer in it."
GONE = "{title} is no longer among the documents: it was removed or renamed."
_CHOOSE_ANEW = "Choose anew what to ask of, or ask all documents."
UNASKED_DOCUMENT = f"{GONE} {_CHOOSE_ANEW}"
UNASKED_PASSAGE = f"The chosen passage is no longer in {{title}}, which has changed. {_CHOOSE_ANEW}"

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


def waiting(before: int) -> str:
    """Return what is shown while other questions are answered before this one."""
    return f"{counted(before, 'question')} before yours…" if before else WAITING


def counted(number: int, noun: str) -> str:
    """Return "1 sentence", "18 sentences"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def unlisted(number: int) -> str:
    """Return that there are older conversations than those that are listed."""
    are = "is" if number == 1 else "are"
    return f"{counted(number, 'older conversation')} {are} not listed: type words to find them."


def page(number: int) -> str:
    """Return "page 7"."""
    return f"page {number:,}"


def of(tool: str, name: str) -> str:
    """Return "Rename: A bridge", which tells a button from those beside the others of a list."""
    return f"{tool}: {name}"


def source(number: int, page_number: int | None) -> str:
    """Return "Source 1", "Source 1, page 7"."""
    return f"Source {number}, {page(page_number)}" if page_number else f"Source {number}"


def seconds(number: float) -> str:
    """Return "1.4 s"."""
    return f"{number:.1f} s"


def moment(when: datetime) -> str:
    """Return "4 May 2025, 12:30"."""
    return f"{when.day} {when:%b %Y, %H:%M}"


def privacy(model: str, is_local: bool) -> str:
    """Return where questions go, in one line."""
    if is_local:
        return "Nothing leaves this machine."
    return f"Questions and the sentences found for them are sent to {model}."


def adding(names: list[str]) -> str:
    """Return what is said of documents that will be read and indexed."""
    return f"Reading {', '.join(names)}…"


def reading_file(name: str, place: int, count: int) -> str:
    """Return which of the files is read."""
    return f"Reading {name}" if count == 1 else f"Reading {name}, {place} of {count}"


def added(names: list[str], problems: list[str]) -> str:
    """Return which documents can be asked about now, and which could not be added, and why."""
    said = [f"{counted(len(names), 'document')} added: {', '.join(names)}."] if names else []
    return " ".join([*said, *problems])


def because(unknown: Sequence[str], *, of_many: bool) -> str:
    """Return why there is no answer, of one document or passage or of many."""
    if not unknown:
        which = "their sentences" if of_many else "its sentences"
        return f"None of {which} answers this question."
    names = ", ".join(f"“{name}”" for name in unknown)
    if len(unknown) > 1:
        return f"They mention none of {names}." if of_many else f"It mentions none of {names}."
    return f"They never mention {names}." if of_many else f"It never mentions {names}."


def sureness(probability: float | None, *, answered: bool) -> str:
    """Return how sure an answer or a refusal is, in words; docs/architecture.md has the figures."""
    if probability is None:
        return ""
    if not answered:
        return "" if probability >= CLEARLY_NOT else PERHAPS_NOT
    return next((said for least, said in SUREST if probability >= least), UNSURE)


def dropped(why: str) -> str:
    """Return that something that was written is no part of the answer, and why."""
    return f"dropped: {why}"


def left_out(number: int) -> list[str]:
    """Return that sentences were written which are no part of the answer, if some were."""
    were = "was" if number == 1 else "were"
    return [f"{counted(number, 'sentence')} {were} written and dropped."] if number else []


def unkept(why: str) -> str:
    """Return that something could not be kept, and why."""
    return f"This could not be saved. {why}"


def skipped(reasons: list[str]) -> str:
    """Return which files could not be read, and why."""
    return " ".join([f"{counted(len(reasons), 'file')} left out.", *reasons])
