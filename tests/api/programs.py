"""An assistant for programs: scripted, with search and scopes, and at times slow to warm."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping, Sequence

from onrecord.errors import QuestionError
from onrecord.sentences import split_sentences
from onrecord.types import (
    EVERYTHING,
    ClaimDrafted,
    ClaimVerified,
    Document,
    Event,
    Evidence,
    Findings,
    Scope,
)
from tests.scripted import ScriptedAssistant

SECRET = "the key is 1234"
UNVERIFIED = "Nobody has checked this."
SCRIPT = [
    ("Charles Michel mediated the talks.", [(0, 1)]),
    ("Both ministers are to prepare a treaty.", [(0, 3), (0, 7)]),
]
MOST_WAITING = 6
LONG = [("It goes on and on.", [(0, 1)])] * 60


class ProgramsAssistant(ScriptedAssistant):
    """Besides what it inherits: is slow on "slow", crashes on "crash", and refuses silence.

    Attributes:
        yielded: What each event was about.
        may_warm: Set at first; `warm` waits for it.
        cold: What `warm` raises, if anything.
        gone: What `knock` raises, if anything.
    """

    def __init__(
        self,
        documents: Sequence[Document],
        script: Sequence[tuple[str, Sequence[tuple[int, int]]]] = SCRIPT,
    ) -> None:
        super().__init__(documents, script)
        self.settings = self.settings.model_copy(update={"max_waiting": MOST_WAITING})
        self.yielded: list[str] = []
        self.may_warm = threading.Event()
        self.may_warm.set()
        self.cold: Exception | None = None
        self.gone: Exception | None = None

    def begin_anew(self) -> None:
        """Forget what was asked, and do everything at once again."""
        ProgramsAssistant.__init__(self, self.documents, SCRIPT)
        self.is_local = True

    def warm(self) -> None:
        self.may_warm.wait(20)
        if self.cold is not None:
            raise self.cold
        self.warmed += 1

    def knock(self) -> None:
        if self.gone is not None:
            raise self.gone

    def search(self, words: str, k: int = 8) -> Findings:
        _refuse_silence(words)
        found = [
            Evidence(sentence=item, text=document.text[item.start : item.end], title=document.title)
            for document in self.documents
            for item in split_sentences(document)
        ]
        return Findings(
            evidence=tuple(item for item in found if words in item.text)[:k],
            is_behind=bool(self.behind),
        )

    def stream(
        self,
        question: str,
        history: Sequence[Mapping[str, str]] | None = None,
        scope: Scope = EVERYTHING,
    ) -> Iterator[Event]:
        _refuse_silence(question)
        for event in super().stream(question, history, scope):
            if "slow" in question:
                time.sleep(0.05)
            if isinstance(event, ClaimVerified):
                yield ClaimDrafted(text=UNVERIFIED)
            self.yielded += event.model_fields_set
            yield event
        if "crash" in question:
            raise RuntimeError(SECRET)


def _refuse_silence(words: str) -> None:
    if not words.strip():
        raise QuestionError("There is no question; ask something in words.")
