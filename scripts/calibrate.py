"""What the decision rests on, measured: `python scripts/calibrate.py` (tuning data alone).

Asks, with the real model and up to the decision, the tuning halves of the known facts and the
questions about the articles of training/ that the reader was not trained on; with `--squad
FOLDER` also a set in the manner of SQuAD 2.0. Prints how often a gold sentence is among the first
k retrieved, how often what is chosen is gold, and for a range of thresholds what is refused.
Nothing of the held halves is looked at.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "training"))

from articles import DEV, parse  # noqa: E402

from onrecord.choose import MOST, choose  # noqa: E402
from onrecord.condense import condense  # noqa: E402
from onrecord.decide import decide  # noqa: E402
from onrecord.evals import FactSet, load_facts, load_squad  # noqa: E402
from onrecord.evals.gold import locate  # noqa: E402
from onrecord.library import Library  # noqa: E402
from onrecord.models import LanguageModel, open_model  # noqa: E402
from onrecord.settings import Settings  # noqa: E402
from onrecord.types import Decided, Document, Evidence, Message  # noqa: E402

FIRST = (1, 2, 3, 5, 8)
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


def readings(
    cases: Iterator[Case] | list[Case], library: Library, settings: Settings, model: LanguageModel
) -> Iterator[Reading]:
    """Read each case as the product does, up to the decision."""
    anything = settings.model_copy(update={"threshold": -1000.0})
    for case in cases:
        question = library.correct(condense(case.question, case.history, model))
        found = library.retrieve(question, settings.candidates, MOST)
        evidence = choose(question, found.shown, model)
        decided = decide(question, evidence, library.strangers(question), anything)
        yield Reading(case, found.candidates, decided)


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
    say("threshold  unanswerable refused  answerable refused\n")
    for threshold in np.arange(-2.0, 3.01, 0.5):
        say(
            f"{threshold:9.1f}  {(no < threshold).mean():20.3f}  {(yes < threshold).mean():18.3f}\n"
        )


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--squad", type=Path, help="a folder that onrecord.evals.load_squad reads")
    asked = parser.parse_args()
    settings = Settings()
    model = open_model(settings)

    def library_of(source: Path | list[Document]) -> Library:
        return Library(source, settings, lambda *_: None)

    for name, corpus in (("article", ROOT / "corpus"), ("news", ROOT / "evals" / "news")):
        library = library_of(corpus)
        facts = load_facts(ROOT / "evals" / f"{name}.jsonl", "tune")
        done = list(readings(fact_cases(facts, library), library, settings, model))
        report(f"evals/{name}.jsonl, tuning half", done)
    unseen: list[Reading] = []
    for stem in DEV:
        document, cases = article_cases(ROOT / "training" / "articles" / f"{stem}.txt")
        unseen += readings(cases, library_of([document]), settings, model)
    report("Articles of training/ that the reader was not trained on", unseen)
    if asked.squad:
        documents, facts = load_squad(asked.squad)
        library = library_of(list(documents))
        done = list(readings(fact_cases(facts, library), library, settings, model))
        report(f"{asked.squad.name}, all documents at once", done)
    model.close()


if __name__ == "__main__":
    main()
