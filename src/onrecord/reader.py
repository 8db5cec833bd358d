"""The two ways of asking a model: one that was trained to read, and any other by examples."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from langchain_core.messages import HumanMessage

from onrecord.choose import choose, conversation, prompt
from onrecord.condense import condense
from onrecord.conversation import is_follow_up
from onrecord.entail import carries
from onrecord.generate import generate
from onrecord.models import LanguageModel
from onrecord.parts import count_parts
from onrecord.polarity import polarity
from onrecord.portions import Found
from onrecord.prompts import load_prompt
from onrecord.read import read
from onrecord.settings import Settings
from onrecord.types import Asked, ClaimDrafted, Draft, Evidence, place_of
from onrecord.word import word


class Reader(Protocol):
    """Understands a question, judges sentences by it, and words an answer.

    Each method raises ModelError where the model could not be reached.
    """

    def understand(self, asked: Asked) -> Asked:
        """Return the question as this reader is to be asked it."""

    def read(self, asked: Asked, found: Found) -> tuple[Evidence, ...]:
        """Return sentences, each with the log-odds (nats) of it against none."""

    def word(
        self, asked: Asked, sources: Sequence[Evidence], among: Sequence[Evidence], /
    ) -> Iterator[Draft | ClaimDrafted]:
        """Yield an answer's sentences, as they are written, from the sources decided on."""

    def carries(self, among: Sequence[Evidence], claim: str, source: Evidence, /) -> bool:
        """Tell whether a sentence carries a claim that the rules are in doubt about."""

    def warm(self, found: Found) -> None:
        """Do now what the first question would wait for."""


def open_reader(model: LanguageModel, settings: Settings) -> Reader:
    """Return the way of asking that fits a model."""
    return TrainedReader(model) if model.has_reader else PromptedReader(model, settings)


class TrainedReader:
    """A model that was trained to read: it is shown the conversation and many sentences at once."""

    def __init__(self, model: LanguageModel) -> None:
        self._model = model

    def understand(self, asked: Asked) -> Asked:
        """Return the question in its conversation, if it has to be understood by that.

        One that stands by itself is asked by itself, so that nothing that was only said before is
        taken for the documents' word: whoever calls may hand over any conversation.
        """
        return asked if is_follow_up(asked.question) else Asked(question=asked.question)

    def read(self, asked: Asked, found: Found) -> tuple[Evidence, ...]:
        """Return what was found, and what helps to understand it, judged."""
        self._prepare(found)
        return choose(asked, found.portions, self._model, found.stretches)

    def word(
        self, asked: Asked, sources: Sequence[Evidence], among: Sequence[Evidence], /
    ) -> Iterator[Draft | ClaimDrafted]:
        """Yield an answer's sentences, in the reader's words."""
        return word(asked, sources, among, self._model)

    def carries(self, among: Sequence[Evidence], claim: str, source: Evidence, /) -> bool:
        """Tell whether the reader finds the claim in just this sentence."""
        return carries(claim, source, among, self._model)

    def warm(self, found: Found) -> None:
        """Evaluate the text that will be asked about, or as much of it as is read first."""
        if not self._prepare(found):
            choose(Asked(question="?"), found.portions[:1], self._model)

    def _prepare(self, found: Found) -> bool:
        """Have a text that is shown whole evaluated; of a larger one, each question reads another.

        Returns:
            Whether it is shown whole.
        """
        if not found.begins_whole:
            return False
        shown = sorted(found.portions[0], key=place_of)
        self._model.prepare(prompt(conversation(Asked(question="?")), shown))
        return True


class PromptedReader:
    """Any model, by worked examples: of one sentence at a time it says whether that answers."""

    def __init__(self, model: LanguageModel, settings: Settings) -> None:
        self._model = model
        self._settings = settings

    def understand(self, asked: Asked) -> Asked:
        """Return the question as it would be asked without its conversation."""
        return Asked(question=condense(asked.question, asked.history, self._model))

    def read(self, asked: Asked, found: Found) -> tuple[Evidence, ...]:
        """Return the few most promising sentences, judged."""
        most = self._settings.readings + count_parts(asked.question) - 1
        return read(asked.question, found.candidates[:most], self._model)

    def word(
        self, asked: Asked, sources: Sequence[Evidence], _among: Sequence[Evidence], /
    ) -> Iterator[Draft | ClaimDrafted]:
        """Yield an answer's sentences, the first behind "Yes" or "No" where that is asked."""
        if lead := polarity(asked.question, sources, self._model):
            yield Draft(text="", source=1, lead=f"{lead}:")  # it comes before whatever is said
        yield from generate(asked.question, sources, self._model)

    def carries(self, _among: Sequence[Evidence], _claim: str, _source: Evidence, /) -> bool:
        """Let every doubt count: such a model was not trained to weigh its own words."""
        return False

    def warm(self, _found: Found) -> None:
        """Have a local engine evaluate the instructions; a hosted one would be paid for it."""
        if self._model.is_local:
            for name in ("read", "generate"):
                self._model.complete([*load_prompt(name), HumanMessage("?")], max_tokens=1)
