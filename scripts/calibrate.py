"""What the decision rests on, measured: `python scripts/calibrate.py` (tuning facts alone).

Asks the tuning half of the known facts up to the reading, with the real model, and prints
how often a gold sentence is among the first k retrieved, how often the chosen one is gold,
and for a range of thresholds what is refused. Nothing of the held half is looked at.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from onrecord.condense import condense
from onrecord.decide import decide
from onrecord.evals import Fact, load_facts
from onrecord.library import Library
from onrecord.models import open_model
from onrecord.read import read
from onrecord.settings import Settings
from onrecord.types import Evidence, Message

ROOT = Path(__file__).resolve().parent.parent
FIRST = (1, 2, 3, 5, 8)


def is_gold(item: Evidence, fact: Fact) -> bool:
    """Tell whether a sentence is among those that the fact rests on."""
    quotations = (passage for group in fact.gold for passage in group)
    return any(isinstance(words, str) and words in item.text for words in quotations)


def main() -> None:
    """Measure, and print."""
    say = sys.stdout.write
    settings = Settings(corpus=ROOT / "corpus", threshold=-1000.0)
    library = Library(settings.corpus, settings, lambda *_: None)
    model = open_model(settings)
    ranks: list[list[bool]] = []
    answerable: list[bool] = []
    chosen: list[bool] = []
    confidence: list[float] = []
    for fact in load_facts(ROOT / "evals" / "article.jsonl", "tune").facts:
        history = [Message(role=turn.role, content=turn.content) for turn in fact.history]
        question = library.correct(condense(fact.question, history, model))
        found = library.retrieve(question, max(FIRST))
        evidence = read(question, found[: settings.readings], model)
        decision = decide(question, evidence, library.strangers(question), settings)
        answerable.append(fact.answerable)
        confidence.append(decision.confidence)
        if fact.answerable:
            ranks.append([is_gold(item, fact) for item in found])
            chosen.append(any(is_gold(item, fact) for item in decision.sources))
    model.close()

    say(f"{len(answerable)} questions, {sum(answerable)} of them answerable\n")
    for k in FIRST:
        say(f"gold among the first {k}: {np.mean([any(rank[:k]) for rank in ranks]):.2f}\n")
    say(f"gold chosen, {settings.readings} read: {np.mean(chosen):.2f}\n")
    answers = np.array(confidence)[np.array(answerable)]
    others = np.array(confidence)[~np.array(answerable)]
    wins = (answers[:, None] > others).mean() + (answers[:, None] == others).mean() / 2
    say(f"AUC of confidence, answerable against not: {wins:.2f}\n")
    say("threshold  unanswerable refused  answerable refused\n")
    for threshold in np.arange(-1.0, 1.01, 0.1):
        refused, lost = (others < threshold).mean(), (answers < threshold).mean()
        say(f"{threshold:9.1f}  {refused:20.2f}  {lost:18.2f}\n")


if __name__ == "__main__":
    main()
