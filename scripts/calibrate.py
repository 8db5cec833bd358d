"""What the decision rests on, measured: `python scripts/calibrate.py` (tuning data alone).

Asks, with the real model and up to the decision, the tuning halves of the known facts and the
questions about the articles of training/ that the reader was not trained on; with `--squad
FOLDER` also a set in the manner of SQuAD 2.0. Prints how often a gold sentence is among the first
k retrieved, how often what is chosen is gold, and for a range of thresholds what is refused.
Nothing of the held halves is looked at. `--without PART` leaves out a part of the pipeline, to see
what it is worth.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "training"))

from articles import DEV, parse  # noqa: E402

from onrecord.choose import MOST  # noqa: E402
from onrecord.decide import decide  # noqa: E402
from onrecord.evals import FactSet, load_facts, load_squad  # noqa: E402
from onrecord.evals.gold import locate  # noqa: E402
from onrecord.library import Library  # noqa: E402
from onrecord.models import open_model  # noqa: E402
from onrecord.queries import queries  # noqa: E402
from onrecord.reader import PromptedReader, Reader, open_reader  # noqa: E402
from onrecord.settings import Settings  # noqa: E402
from onrecord.types import Asked, Decided, Document, Evidence, Message  # noqa: E402

FIRST = (1, 2, 3, 5, 8)
PATCHES = {
    "words": ("onrecord.retrieve._LEXICAL_WEIGHT", 0.0),
    "strangers": ("onrecord.decide._STRANGER_PENALTY", 0.0),
    "whole-text": ("onrecord.retrieve._SHORT_CORPUS", 0),
}
PARTS = (*PATCHES, "beside", "reader")
Place = tuple[str, int, int]  # document, start, end


@dataclass(frozen=True)
class Case:
    """A question, and the groups of places of which one each answers it."""

    question: str
    history: tuple[Message, ...]
    gold: tuple[tuple[Place, ...], ...]


@dataclass(frozen=True)
class Reading:
    """A case, what was found, and what would be decided without a threshold."""

    case: Case
    found: tuple[Evidence, ...]
    decided: Decided
    seconds: float

    def share_of_gold(self, evidence: Sequence[Evidence]) -> float:
        """Return the share of the gold groups that have a sentence among the evidence."""
        hits = [any(_is_at(item, group) for item in evidence) for group in self.case.gold]
        return sum(hits) / len(hits)

    def share_that_is_gold(self) -> float:
        """Return the share of the decided sentences that are gold."""
        places = [place for group in self.case.gold for place in group]
        hits = [_is_at(item, places) for item in self.decided.sources]
        return sum(hits) / len(hits)


def _is_at(item: Evidence, places: Sequence[Place]) -> bool:
    at = item.sentence
    return any(d == at.document_id and at.start < e and s < at.end for d, s, e in places)


def fact_cases(facts: FactSet, library: Library) -> Iterator[Case]:
    """Yield known facts."""
    documents = {document.id: document for document in library.documents}
    for fact in facts.facts:
        groups = locate(fact, documents)
        gold = tuple(tuple((fact.document, s.start, s.end) for s in group) for group in groups)
        yield Case(fact.question, tuple(fact.history), gold)


def article_cases(path: Path) -> tuple[Document, list[Case]]:
    """Return an article of training/, and its questions."""
    article = parse(path)
    text = " ".join(article.sentences)
    ends = np.cumsum([len(sentence) + 1 for sentence in article.sentences])
    places = [
        (article.name, int(end) - len(sentence) - 1, int(end) - 1)
        for end, sentence in zip(ends, article.sentences, strict=True)
    ]
    cases = []
    for question in article.questions:
        history = tuple(
            Message(role=role, content=content)
            for asked, answered in question.history
            for role, content in (("user", asked), ("assistant", answered))
        )
        gold = tuple(tuple(places[number] for number in part) for part in question.gold)
        cases.append(Case(question.text, history, gold))
    return Document(id=article.name, title=article.title, text=text), cases


@dataclass(frozen=True)
class Bench:
    """What cases are read by."""

    reader: Reader
    settings: Settings
    without: str

    def library_of(self, source: Path | list[Document]) -> Library:
        """Open a corpus."""
        return Library(source, self.settings, lambda *_: None)

    def read(self, cases: Iterator[Case] | list[Case], library: Library) -> Iterator[Reading]:
        """Read each case as the product does, up to the decision, which is never a refusal."""
        anything = self.settings.model_copy(update={"threshold": -1000.0})
        for case in cases:
            began = time.perf_counter()
            understood = self.reader.understand(Asked(question=case.question, history=case.history))
            question = library.correct(understood.question)
            asked = understood.model_copy(update={"question": question})
            found = library.retrieve(queries(asked), self.settings.candidates, MOST)
            evidence = self.reader.read(asked, found)
            if self.without == "beside":
                evidence = tuple(item.model_copy(update={"beside": None}) for item in evidence)
            decided = decide(question, evidence, library.strangers(question), anything)
            yield Reading(case, found.candidates, decided, time.perf_counter() - began)


def report(name: str, done: Sequence[Reading]) -> None:
    """Print the figures."""
    say = sys.stdout.write
    answerable = [r for r in done if r.case.gold]
    yes = np.array([r.decided.confidence for r in answerable])
    no = np.array([r.decided.confidence for r in done if not r.case.gold])
    say(f"\n{name}: {len(done)} questions, {len(answerable)} of them answerable\n")
    for k in FIRST:
        share = np.mean([r.share_of_gold(r.found[:k]) for r in answerable])
        say(f"gold among the first {k} retrieved: {share:.3f}\n")
    gold = np.mean([r.share_that_is_gold() for r in answerable])
    say(f"of the chosen sentences, gold: {gold:.3f}\n")
    chosen = np.mean([r.share_of_gold(r.decided.sources) for r in answerable])
    say(f"of the gold sentences, chosen: {chosen:.3f}\n")
    wins = (yes[:, None] > no).mean() + (yes[:, None] == no).mean() / 2
    say(f"answerable told from not (AUC): {wins:.3f}\n")
    say(f"seconds to the decision, median: {np.median([r.seconds for r in done]):.2f}\n")
    say("threshold  unanswerable refused  answerable refused\n")
    for threshold in np.arange(-6.0, 2.01, 0.5):
        say(
            f"{threshold:9.1f}  {(no < threshold).mean():20.3f}  {(yes < threshold).mean():18.3f}\n"
        )


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--squad", type=Path, help="a folder that onrecord.evals.load_squad reads")
    parser.add_argument("--without", choices=PARTS, default="", help="a part to leave out")
    asked = parser.parse_args()
    settings = Settings()
    model = open_model(settings)
    plain = asked.without == "reader"
    reader = PromptedReader(model, settings) if plain else open_reader(model, settings)
    bench = Bench(reader, settings, asked.without)
    changed: AbstractContextManager[object] = nullcontext()
    if asked.without in PATCHES:
        changed = patch(*PATCHES[asked.without])
    with changed:
        measure(bench, asked.squad)
    model.close()


def measure(bench: Bench, squad: Path | None) -> None:
    """Read all there is."""
    for name, corpus in (("article", ROOT / "corpus"), ("news", ROOT / "evals" / "news")):
        library = bench.library_of(corpus)
        facts = load_facts(ROOT / "evals" / f"{name}.jsonl", "tune")
        report(
            f"evals/{name}.jsonl, tuning half",
            list(bench.read(fact_cases(facts, library), library)),
        )
    unseen: list[Reading] = []
    for stem in DEV:
        document, cases = article_cases(ROOT / "training" / "articles" / f"{stem}.txt")
        unseen += bench.read(cases, bench.library_of([document]))
    report("Articles of training/ that the reader was not trained on", unseen)
    if squad:
        documents, facts = load_squad(squad)
        library = bench.library_of(list(documents))
        done = list(bench.read(fact_cases(facts, library), library))
        report(f"{squad.name}, all documents at once", done)


if __name__ == "__main__":
    main()
