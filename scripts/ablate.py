"""What each part of the pipeline is worth: `python scripts/ablate.py` (tuning data alone).

Asks known facts with the real model, as onrecord is and then with one part after another left
out, and prints a table of what that costs in quality and saves in time. `--of` says which sets are
asked, `--every` takes a sample of them, `--without` leaves out some parts alone.

What the model was asked already, in the same words, it is not asked again: its answer is taken,
and the seconds that it took then. So a part costs as many calls as it changes.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from unittest.mock import patch

from langchain_core.messages import BaseMessage

from onrecord import Assistant, Settings
from onrecord.evals import Row, load_facts, run
from onrecord.evals.figures import figures
from onrecord.models import LanguageModel, open_model
from onrecord.models.base import Written
from onrecord.reader import PromptedReader
from onrecord.types import Draft, Evidence
from onrecord.voice import Voice

Said = TypeVar("Said")
ROOT = Path(__file__).resolve().parent.parent
SETS = {"article": ROOT / "corpus", "news": ROOT / "evals/news", "wire": ROOT / "evals/wire"}
FIGURES = {
    "right": "right",
    "citation_precision": "precision",
    "citation_recall": "recall",
    "refusal_recall": "refused",
    "false_refusal": "falsely",
    "attribution": "speaker kept",
    "unsupported_claims": "unsupported",
}


@dataclass(frozen=True)
class Part:
    """What is left out: names that are given other values, and settings."""

    patches: Mapping[str, object] = field(default_factory=dict)
    settings: Mapping[str, float] = field(default_factory=dict)


def quoted(_asked: object, sources: Sequence[Evidence], *_: object) -> Generator[Draft]:
    """Yield each sentence that was decided on, as it is."""
    for number, item in enumerate(sources, 1):
        yield Draft(text=item.text, source=number)


PARTS = {
    "nothing": Part(),
    "the search by words": Part({"onrecord.retrieve._LEXICAL_WEIGHT": 0.0}),
    "the search between neighbours": Part({"onrecord.retrieve._KINDS": ("sentence",)}),
    "the search by parts of a question": Part({"onrecord.queries.split": lambda _: ()}),
    "asking by itself what stands by itself": Part(
        {"onrecord.reader.is_follow_up": lambda _: True}
    ),
    "putting slips right": Part(
        {"onrecord.vocabulary.Vocabulary.correct": lambda _, question: question}
    ),
    "texts shown whole": Part({"onrecord.portions._FEW": 0}),
    "a first portion that may settle it": Part({"onrecord.choose._SETTLED": math.inf}),
    "leaving unread what lies far behind": Part({"onrecord.portions._FAR": math.inf}),
    "reading the best once more": Part({"onrecord.choose._to_be_read_again": lambda *_: ()}),
    "a second sentence": Part({"onrecord.decide._second": lambda *_: []}),
    "what the corpus has never heard of": Part({"onrecord.decide._STRANGER_PENALTY": 0.0}),
    "what leaves open who or which": Part({"onrecord.decide._OPEN_PENALTY": 0.0}),
    "refusing": Part(settings={"threshold": -1000.0}),
    "words of its own (all is quoted)": Part({"onrecord.reader.word": quoted}),
    "the rules (the reader's verdict too)": Part(
        {"onrecord.ground.foreign": lambda *_: (), "onrecord.ground.doubts": lambda *_: ()}
    ),
    "the reader's verdict (each doubt counts)": Part({"onrecord.entail._SURE": math.inf}),
    "whose statement it is": Part({"onrecord.ground.voice_of": lambda *_: Voice.OWN}),
    "giving up where it hesitates": Part(
        {"onrecord.word._HESITANT": -math.inf, "onrecord.word._CUT_SHORT": -math.inf}
    ),
    "the trained reader (worked examples)": Part(
        {"onrecord.assistant.open_reader": PromptedReader}
    ),
}


class Remembering:
    """A model that is asked nothing twice.

    Attributes:
        spared: Seconds that were not spent again.
    """

    def __init__(self, model: LanguageModel) -> None:
        self._model = model
        self._known: dict[object, tuple[Any, float]] = {}
        self.spared = 0.0

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 (whatever a model has)
        return getattr(self._model, name)

    def next_token(
        self, messages: Sequence[BaseMessage], tokens: Sequence[str]
    ) -> Mapping[str, float]:
        """Return the chances of each token."""
        return self._once(
            ("next", _words(messages), *tokens), lambda: self._model.next_token(messages, tokens)
        )

    def stream_reader(self, messages: Sequence[BaseMessage], max_tokens: int) -> Generator[Written]:
        """Yield the whole of the reader's first line, which is all that is asked for."""
        yield from self._once(
            ("stream", _words(messages), max_tokens),
            lambda: _line(self._model.stream_reader(messages, max_tokens)),
        )

    def _once(self, key: object, ask: Callable[[], Said]) -> Said:
        if key in self._known:
            self.spared += self._known[key][1]
        else:
            began = time.perf_counter()
            said = ask()
            self._known[key] = said, time.perf_counter() - began
        answer: Said = self._known[key][0]
        return answer


def _line(pieces: Generator[Written]) -> list[Written]:
    written: list[Written] = []
    with closing(pieces):
        for piece in pieces:
            written.append(piece)
            if "\n" in "".join(each.text for each in written).lstrip():
                break
    return written


def _words(messages: Sequence[BaseMessage]) -> tuple[tuple[str, str], ...]:
    return tuple((message.type, message.text) for message in messages)


def asked(
    part: Part, sets: Sequence[str], every: int, model: Remembering
) -> tuple[list[Row], float]:
    """Return a row for each question, and the seconds of all of them."""
    settings = Settings().model_copy(update=dict(part.settings))
    rows: list[Row] = []
    seconds = 0.0
    with ExitStack() as left_out:
        for target, value in part.patches.items():
            left_out.enter_context(patch(target, value))
        for name in sets:
            facts = load_facts(ROOT / "evals" / f"{name}.jsonl", "tune")
            some = facts.model_copy(update={"facts": facts.facts[::every]})
            assistant = Assistant(SETS[name], model, settings)
            assistant.warm()
            spared = model.spared
            report = run(assistant, some, settings=settings)
            rows += report.rows
            seconds += sum(row.seconds for row in report.rows) + model.spared - spared
    return rows, seconds


def line(name: str, rows: Sequence[Row], seconds: float, whole: Sequence[Row]) -> str:
    """Return a row of the table, beside what came of the whole pipeline."""
    found = figures(tuple(rows), Settings().threshold)
    turned = [_rightness(now) - _rightness(before) for before, now in zip(whole, rows, strict=True)]
    cells = [
        name,
        *(f"{found[figure].value:.2f}" for figure in FIGURES),
        str(sum(turn < 0 for turn in turned)),
        str(sum(turn > 0 for turn in turned)),
        f"{seconds / len(rows):.1f}",
    ]
    return "| " + " | ".join(cells) + " |\n"


def _rightness(row: Row) -> float:
    return row.scores["right_overall"] or 0.0


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--of", choices=SETS, nargs="*", default=tuple(SETS), help="sets to ask")
    parser.add_argument("--every", type=int, default=1, help="ask each so-manieth fact alone")
    parser.add_argument("--without", choices=PARTS, nargs="*", default=tuple(PARTS), help="parts")
    chosen = parser.parse_args()
    say = sys.stdout.write
    model = Remembering(open_model(Settings()))
    whole, seconds = asked(PARTS["nothing"], chosen.of, chosen.every, model)
    say(f"{len(whole)} questions of {', '.join(chosen.of)} (tuning halves)\n\n")
    heads = ["without", *FIGURES.values(), "lost", "won", "seconds, mean"]
    say("| " + " | ".join(heads) + " |\n" + "|-" * len(heads) + "|\n")
    say(line("nothing", whole, seconds, whole))
    for name in chosen.without:
        if name != "nothing":
            rows, seconds = asked(PARTS[name], chosen.of, chosen.every, model)
            say(line(name, rows, seconds, whole))
        sys.stdout.flush()
    model.close()


if __name__ == "__main__":
    main()
