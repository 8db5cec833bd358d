"""Logs as one JSON object a line, for the programs that gather them."""

from __future__ import annotations

import logging

from onrecord.observe.outcome import Outcome
from onrecord.observe.request import current
from onrecord.observe.watcher import Watcher
from onrecord.progress import Progress, work_of

_TEXTS = {"question", "answer"}
_NAMES = {"levelname": "level", "name": "logger"}

log = logging.getLogger("onrecord.questions")


def write_json() -> None:
    """Have this process log to stderr as JSON: time, level, logger, message, request, and more."""
    from pythonjsonlogger.json import JsonFormatter

    fields = [*_NAMES, "message", "request_id"]
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter(fields, rename_fields=_NAMES, timestamp="time"))
    handler.addFilter(_name)
    handler.setLevel(logging.INFO)  # some libraries let everything through
    logging.disable(logging.NOTSET)
    logging.captureWarnings(True)
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("onrecord").setLevel(logging.INFO)


def logged_progress() -> Progress:
    """Return what logs slow work, each once."""
    said = ""

    def log_it(message: str, _fraction: float | None) -> None:
        nonlocal said
        if work_of(message) != said:
            said = work_of(message)
            logging.getLogger("onrecord.progress").info("%s", said)

    return log_it


class Logging(Watcher):
    """Logs what came of questions.

    Args:
        with_texts: Whether questions and answers themselves are logged too.
    """

    def __init__(self, with_texts: bool) -> None:
        self._hidden = set() if with_texts else _TEXTS

    def ended(self, outcome: Outcome) -> None:
        """Log what came of a question."""
        log.info("question", extra=outcome.model_dump(exclude=self._hidden))


def _name(record: logging.LogRecord) -> bool:
    record.request_id = current() or None
    return True
