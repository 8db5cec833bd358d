"""People who ask one question after the other, each in their own way, and note what came of it."""

from __future__ import annotations

import asyncio
import json
import random
import re
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from html import unescape

import httpx

from onrecord.types import Answer
from onrecord.ui import words
from tests.load.towns import Fact
from tests.load.visitor import Visitor

ANSWERED, REFUSED, BUSY, LEFT, ERROR, MIXED_UP = (
    "answered", "not in the corpus", "busy", "left", "error", "mixed up",
)  # fmt: skip
_LEAVES = 0.02  # of all questions
_LONGEST_PAUSE = 2.0  # seconds, before the next question
_BUSY_SECONDS = 10.0  # that somebody at the page waits who is told so
_BEGINS_ANEW = 0.3  # of the questions at the page
_BEFORE = re.compile(r"(\d+) questions? before yours")
_ASKED = re.compile(r'<h3 class="question"[^>]*>(.*?)</h3>', re.DOTALL)
_CITED = re.compile(r'class="cite"[^>]* data-document="([^"]*)"')


@dataclass(frozen=True)
class Outcome:
    """What came of a question.

    Attributes:
        person: Who asked.
        way: How.
        what: One of the words above.
        waited: Seconds until its turn.
        took: Seconds until its end.
        detail: What went wrong.
    """

    person: str
    way: str
    what: str
    waited: float
    took: float
    detail: str = ""


class BusyNow(Exception):  # noqa: N818
    """The server says that too many are asking."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds


@dataclass
class Asking:
    """A question on its way.

    Attributes:
        fact: What is asked.
        began: When.
        turn: When its turn came.
        places: How many came before it, each time that was told.
    """

    fact: Fact
    began: float = field(default_factory=time.monotonic)
    turn: float | None = None
    places: list[int] = field(default_factory=list)

    def has_turn(self) -> None:
        """Note that it is its turn, if that is new."""
        self.turn = self.turn or time.monotonic()


class Person(ABC):
    """Asks until it is told to stop.

    Args:
        name: Whom to log in as, and the seed of what is asked.
        client: Logged in, with the server's address as its base.
        facts: What may be asked.
    """

    way = ""

    def __init__(self, name: str, client: httpx.AsyncClient, facts: Sequence[Fact]) -> None:
        self.name = name
        self.client = client
        self.outcomes: list[Outcome] = []
        self.places: list[int] = []
        self._facts = facts
        self._chance = random.Random(name)

    async def live(self, end: float) -> None:
        """Ask one question after the other until a moment of the monotonic clock."""
        is_here = False
        while time.monotonic() < end:
            asking = Asking(self._chance.choice(self._facts))
            try:
                async with asyncio.timeout_at(self._patience(end)):
                    if not is_here:
                        await self.arrive()
                        asking.began = time.monotonic()
                    what, detail = await self.ask(asking)
            except TimeoutError:
                if time.monotonic() >= end:
                    return  # the end is no decision to leave
                what, detail = LEFT, ""
            except BusyNow as busy:
                self._note(asking, BUSY)
                is_here = True
                await asyncio.sleep(min(busy.seconds, max(0.0, end - time.monotonic())))
                continue
            except (httpx.HTTPError, RuntimeError, ValueError, KeyError) as error:
                what, detail = ERROR, repr(error)
            self._note(asking, what, detail)
            is_here = what not in (LEFT, ERROR)  # a page that was closed has to be opened again
            await asyncio.sleep(self._chance.uniform(0, _LONGEST_PAUSE))

    async def arrive(self) -> None:
        """Do what comes before the first question, and before the next after leaving."""
        return

    @abstractmethod
    async def ask(self, asking: Asking) -> tuple[str, str]:
        """Ask, and return what came of it, and what was wrong with it."""

    def _patience(self, end: float) -> float:
        """Return when this one leaves, by the loop's clock: at the end, and now and then before."""
        left = end - time.monotonic()
        if self._chance.random() < _LEAVES:
            left = min(left, self._chance.uniform(0, 3))
        return asyncio.get_running_loop().time() + left

    def _note(self, asking: Asking, what: str, detail: str = "") -> None:
        now = time.monotonic()
        waited = (asking.turn or now) - asking.began
        self.places += asking.places
        self.outcomes.append(Outcome(self.name, self.way, what, waited, now - asking.began, detail))


class Program(Person):
    """Asks by the HTTP API, and waits for the whole answer."""

    way = "HTTP API"

    async def ask(self, asking: Asking) -> tuple[str, str]:
        body = {"question": asking.fact.question}
        sent = await self.client.post("api/v1/ask", json=body)
        _check(sent)
        answer = Answer.model_validate(sent.json())
        asking.turn = time.monotonic() - answer.timings["total"]
        return judged(answer, asking.fact)


class StreamingProgram(Person):
    """Asks by the HTTP API, and sees the answer come in."""

    way = "HTTP API, streamed"

    async def ask(self, asking: Asking) -> tuple[str, str]:
        body, event = {"question": asking.fact.question}, ""
        async with self.client.stream("POST", "api/v1/ask/stream", json=body) as sent:
            _check(sent)
            async for line in sent.aiter_lines():
                name, _, value = line.partition(": ")
                if name == "event":
                    event = value
                elif name == "data" and event == "waiting":
                    asking.places.append(json.loads(value)["before"])
                elif name == "data":
                    asking.has_turn()
                    if event == "error":
                        return ERROR, value
                    if event == "answer":
                        answer = Answer.model_validate(json.loads(value)["answer"])
                        return judged(answer, asking.fact)
        return ERROR, "the stream ended without an answer"


class Reader(Person):
    """Asks at the page, and begins a new conversation now and then."""

    way = "page"

    async def arrive(self) -> None:
        self._page = Visitor(self.client)
        await self._page.open()

    async def ask(self, asking: Asking) -> tuple[str, str]:
        if self._chance.random() < _BEGINS_ANEW:
            await self._page.begin_anew()
        shown = ""
        async with aclosing(self._page.ask(asking.fact.question)) as views:
            async for shown in views:
                if before := _BEFORE.search(shown):
                    asking.places.append(int(before.group(1)))
                elif words.WAITING not in shown:
                    asking.has_turn()
        return seen(shown, asking.fact)


def seen(shown: str, fact: Fact) -> tuple[str, str]:
    """Return what the page shows at the end: as `judged` does, of its HTML.

    Raises:
        BusyNow: The page says that too many questions wait.
    """
    asked = _ASKED.search(shown)
    if asked is None or unescape(asked.group(1)) != fact.question:
        return MIXED_UP, f"{fact.question} was shown as {shown[:200]}"
    if 'class="problem"' in shown:
        if "Too many questions" in shown:
            raise BusyNow(_BUSY_SECONDS)
        return ERROR, shown
    if 'class="refusal"' in shown:
        return REFUSED, ""
    cited = [unescape(document) for document in _CITED.findall(shown)]
    return _placed(cited, fact) if cited else (ERROR, f"no answer was shown: {shown}")


def judged(answer: Answer, fact: Fact) -> tuple[str, str]:
    """Return whether an answer is the one to this question, and what is wrong with it."""
    if answer.question != fact.question:
        return MIXED_UP, f"{fact.question} was answered with the answer to {answer.question}"
    if not answer.claims:
        return REFUSED, ""
    return _placed([citation.document_id for citation in answer.citations], fact)


def _placed(cited: Sequence[str], fact: Fact) -> tuple[str, str]:
    elsewhere = set(cited) - {fact.document}
    if elsewhere:
        return MIXED_UP, f"{fact.question} was answered from {', '.join(elsewhere)}"
    return ANSWERED, ""


def _check(sent: httpx.Response) -> None:
    """Raise BusyNow where too many are asking, and httpx.HTTPError where anything else is wrong."""
    if "retry-after" in sent.headers:
        raise BusyNow(float(sent.headers["retry-after"]))
    sent.raise_for_status()
