"""A queue-fed fake model and a fake embedder, for tests that need no real one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Generator, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from langchain_core.embeddings import Embeddings
from langchain_core.messages import BaseMessage

from onrecord.models.base import Written
from onrecord.words import stems

Queued = TypeVar("Queued")


class FakeModel:
    """Answers what it was given, in order, and remembers what it was asked.

    Each queue's last item is used again and again.
    """

    name = "fake"
    is_local = True
    restarts = 0

    def __init__(
        self,
        odds: Sequence[float] = (5.0,),
        drafts: Sequence[str] = ("",),
        texts: Sequence[str] = ("",),
        chances: Sequence[Mapping[str, float]] = (),
    ) -> None:
        self._odds, self._drafts, self._texts = list(odds), list(drafts), list(texts)
        self._chances = list(chances)
        self.has_reader = bool(chances)
        self.prompts: list[str] = []
        self.asked_for: list[tuple[str, ...]] = []
        self.prepared: list[str] = []
        self.gone: Exception | None = None
        self.closed = False

    def yes_log_odds(self, messages: Sequence[BaseMessage]) -> float:
        return self._take(self._odds, messages)

    def prepare(self, messages: Sequence[BaseMessage]) -> None:
        self.prepared.append(str(messages[-2].content))

    def next_token(
        self, messages: Sequence[BaseMessage], tokens: Sequence[str]
    ) -> Mapping[str, float]:
        self.asked_for.append(tuple(tokens))
        self.prompts += [str(message.content) for message in messages[1:-1]]
        chances = self._take(self._chances, messages)
        return {token: chances.get(token, -14.0) for token in tokens}

    def stream_reader(self, messages: Sequence[BaseMessage], max_tokens: int) -> Generator[Written]:
        text = self._take(self._texts, messages)
        yield from (Written(text[start : start + 7], 0.0) for start in range(0, len(text), 7))

    def complete(self, messages: Sequence[BaseMessage], max_tokens: int) -> str:
        return self._take(self._texts, messages)

    def stream_json(
        self, messages: Sequence[BaseMessage], schema: Mapping[str, Any], max_tokens: int
    ) -> Iterator[str]:
        text = self._take(self._drafts, messages)
        yield from (text[start : start + 7] for start in range(0, len(text), 7))

    def warm(self) -> None:
        pass

    def knock(self) -> None:
        if self.gone is not None:
            raise self.gone

    def close(self) -> None:
        self.closed = True

    def _take(self, queue: list[Queued], messages: Sequence[BaseMessage]) -> Queued:
        self.prompts.append(str(messages[-1].content))
        return queue.pop(0) if len(queue) > 1 else queue[0]


class FakeEmbeddings(Embeddings):
    """A bag of hashed stems: near when words are shared. Counts what it embeds."""

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.embedded += texts
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        vector = [0.01] * 64
        for word in stems(text):
            vector[hashlib.sha256(word.encode("utf-8", "replace")).digest()[0] % 64] += 1.0
        size = sum(value * value for value in vector) ** 0.5
        return [value / size for value in vector]


def draft(said: Mapping[int, str]) -> str:
    """Return what a well-behaved model would write: sentences by the passage they rest on."""
    return json.dumps({str(number): text for number, text in said.items()})
