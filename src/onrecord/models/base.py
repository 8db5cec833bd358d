"""What the pipeline asks of a language model, wherever the model runs."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from langchain_core.messages import BaseMessage

OUT_OF_THE_QUESTION = -14.0
"""The log-probability (nats) that is taken for that of a token which is not among the likeliest."""


class Written(NamedTuple):
    """A piece of what a model writes.

    Attributes:
        text: Its words, or a part of one.
        chance: The log-probability (nats) of its least likely token.
    """

    text: str
    chance: float

    def __bool__(self) -> bool:
        """Tell whether there are words in it, as a string does."""
        return bool(self.text)


class LanguageModel(Protocol):
    """A chat model. Local, served and hosted ones differ in their address only."""

    @property
    def name(self) -> str:
        """What a reader is told: "local: Qwen2.5-Coder-1.5B-Instruct" or "openai:gpt-5-mini"."""

    @property
    def is_local(self) -> bool:
        """Whether nothing that is asked leaves this machine."""

    def complete(self, messages: Sequence[BaseMessage], max_tokens: int) -> str:
        """Return the model's answer as text (temperature 0).

        Raises:
            ModelError: It could not be reached, refused to answer or timed out; the message says
                why.
        """

    def stream_json(
        self, messages: Sequence[BaseMessage], schema: Mapping[str, Any], max_tokens: int
    ) -> Iterator[str]:
        """Yield the pieces of one JSON text that follows `schema` (where the model can be held).

        Raises:
            ModelError: As for `complete`; also in the middle of the stream, or if there is no text.
        """

    @property
    def restarts(self) -> int:
        """How often the server that it speaks to was lost, and answered (or its successor) anew."""

    @property
    def has_reader(self) -> bool:
        """Whether there is a part of it that was trained to choose sentences (training/)."""

    def prepare(self, messages: Sequence[BaseMessage]) -> None:
        """Have a prompt of the reader's evaluated, so that those that begin alike cost less.

        Kept on disk where the model runs here, for the processes that come after this.

        Raises:
            ModelError: As for `complete`.
        """

    def next_token(
        self, messages: Sequence[BaseMessage], tokens: Sequence[str]
    ) -> Mapping[str, float]:
        """Return the log-probability (nats) that the reader's answer goes on with each token.

        To be asked only where there is a reader; a token that is out of the question has
        `OUT_OF_THE_QUESTION`.

        Args:
            messages: What is asked; a last message of the model's own is what its answer has
                begun with.
            tokens: What may come next.

        Raises:
            ModelError: As for `complete`, or no probabilities are shown.
        """

    def stream_reader(self, messages: Sequence[BaseMessage], max_tokens: int) -> Generator[Written]:
        """Yield the pieces of the reader's answer, begun as for `next_token` (temperature 0).

        To be asked only where there is a reader.

        Raises:
            ModelError: As for `complete`; also in the middle of the stream.
        """

    def yes_log_odds(self, messages: Sequence[BaseMessage]) -> float:
        """Return log p("Yes") - log p("No") for the first token of the answer, in nats.

        A model that shows no probabilities answers in words: +4.0 for yes, -4.0 for no.

        Raises:
            ModelError: As for `complete`, or it says neither.
        """

    def warm(self) -> None:
        """Do now what the first call would wait for (weights, engine).

        Raises:
            ModelError: As for `complete`.
            WeightsError: The local model's file is missing or wrong.
        """

    def knock(self) -> None:
        """Return if what it was warmed with is still there, as far as that costs nothing.

        An engine is asked, here or lent; another server is taken to be there. Nothing is started.

        Raises:
            ModelError: The engine does not answer.
        """

    def close(self) -> None:
        """Give back what the model holds (an engine that it started, connections)."""
