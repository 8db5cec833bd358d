"""What the decision rests on, measured: `python scripts/calibrate.py` (tuning data alone).

Asks, with the real model and up to the decision, the tuning halves of the known facts and the
questions about the articles of training/ that the reader was not trained on; with `--squad
FOLDER` a set in the manner of SQuAD 2.0 (and `--of` what else). Prints how often a gold sentence is
among the first k retrieved, how often what is chosen is gold, and for a range of thresholds what is
refused; of a set of many documents also what a threshold would do that was chosen on the others of
them. Nothing of the held halves is looked at.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

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
from onrecord.reader import Reader, open_reader  # noqa: E402
from onrecord.settings import Settings  # noqa: E402
from onrecord.types import Asked, Decided, Document, Evidence, Message  # noqa: E402

FIRST = (1, 2, 3, 5, 8)
SETS = ("article", "news", "wire", "unseen")
FOLDS = 5
FALSELY = 0.1  # of the answerable questions that a cross-validated threshold may refuse
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
    for fact in facts.facts:
        groups = locate(fact, library.corpus.documents)
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

    def library_of(self, source: Path | list[Document]) -> Library:
        """Open a corpus."""
        return Library(source, self.settings, lambda *_: None)

    def read(self, cases: Iterator[Case] | list[Case], library: Library) -> Iterator[Reading]:
        """Read each case as the product does, up to the decision, which is never a refusal."""
        anything = self.settings.model_copy(update={"threshold": -1000.0})
        for case in cases:
            began = time.perf_counter()
            understood = self.reader.understand(Asked(question=case.question, history=case.history))
            edition = library.consult(lambda edition: edition)
            question = edition.vocabulary.correct(understood.question)
            asked = understood.model_copy(update={"question": question})
            found = edition.find(queries(asked), self.settings.candidates, MOST)
            evidence = self.reader.read(asked, found)
            strangers = len(edition.vocabulary.strangers(question))
            decided = decide(question, evidence, strangers, anything)
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


def cross_validate(done: Sequence[Reading]) -> None:
    """Print what thresholds do to documents that they were not chosen on.

    The titles are dealt into folds; for each, the highest threshold is taken that refuses no more
    than a tenth of the answerable questions about the others. A question belongs to the title that
    its first found sentence stands under: those without an answer have no other.
    """
    titles = sorted({r.found[0].title for r in done})
    refused: dict[bool, list[bool]] = {True: [], False: []}
    thresholds = []
    for fold in range(FOLDS):
        held = set(titles[fold::FOLDS])
        others = [r for r in done if r.case.gold and r.found[0].title not in held]
        known = [r.decided.confidence for r in others]
        thresholds.append(float(np.quantile(known, FALSELY)))
        for r in done:
            if r.found[0].title in held:
                refused[bool(r.case.gold)].append(r.decided.confidence < thresholds[-1])
    sys.stdout.write(
        f"threshold by {FOLDS}-fold cross-validation over {len(titles)} titles: "
        f"{min(thresholds):.2f} to {max(thresholds):.2f}; "
        f"unanswerable refused {np.mean(refused[False]):.3f}, "
        f"answerable refused {np.mean(refused[True]):.3f}\n"
    )


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--squad", type=Path, help="a folder that onrecord.evals.load_squad reads")
    parser.add_argument("--of", choices=SETS, nargs="*", default=SETS, help="which sets to ask")
    parser.add_argument("--first", type=int, help="ask the first so many of --squad alone")
    asked = parser.parse_args()
    settings = Settings()
    model = open_model(settings)
    bench = Bench(open_reader(model, settings), settings)
    measure(bench, asked.of)
    if asked.squad:
        measure_squad(bench, asked.squad, asked.first)
    model.close()


def measure(bench: Bench, sets: Sequence[str]) -> None:
    """Read the sets of this repository."""
    for name in [name for name in SETS if name in sets and name != "unseen"]:
        corpus = ROOT / "corpus" if name == "article" else ROOT / "evals" / name
        library = bench.library_of(corpus)
        facts = load_facts(ROOT / "evals" / f"{name}.jsonl", "tune")
        report(
            f"evals/{name}.jsonl, tuning half",
            list(bench.read(fact_cases(facts, library), library)),
        )
    if "unseen" not in sets:
        return
    unseen: list[Reading] = []
    for stem in DEV:
        document, cases = article_cases(ROOT / "training" / "articles" / f"{stem}.txt")
        unseen += bench.read(cases, bench.library_of([document]))
    report("Articles of training/ that the reader was not trained on", unseen)


def measure_squad(bench: Bench, folder: Path, first: int | None) -> None:
    """Read a set in the manner of SQuAD, its questions asked of all its documents at once."""
    documents, facts = load_squad(folder)
    library = bench.library_of(list(documents))
    cases = list(fact_cases(facts, library))[:first]
    done = list(bench.read(cases, library))
    report(f"{folder.name}, all documents at once", done)
    cross_validate(done)


if __name__ == "__main__":
    main()
