"""The figures. All are computed from text and offsets: no model judges another's answer.

A metric gives one number per question, or None where it does not apply; a run's figure is
the mean over the questions where it applies. That makes every figure one that a question's
row explains, and one that the bootstrap can resample.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from onrecord import Answer, Citation, Document
from onrecord.evals.facts import Fact, Span
from onrecord.evals.wording import mentions
from onrecord.types import Status


@dataclass(frozen=True)
class Outcome:
    """What came of one question.

    Attributes:
        fact: What was asked, and what is known about it.
        gold: The fact's gold as stretches of its document.
        documents: The corpus by document id, to check offsets against.
        answer: What was answered; None when asking raised an error.
    """

    fact: Fact
    gold: tuple[tuple[Span, ...], ...]
    documents: Mapping[str, Document]
    answer: Answer | None

    @property
    def refused(self) -> bool:
        """Whether the answer is that the corpus does not say. An error is no refusal."""
        return self.answer is not None and self.answer.status == Status.NOT_IN_CORPUS

    @property
    def answered(self) -> bool:
        """Whether there is an answer that claims something."""
        return self.answer is not None and not self.refused

    @property
    def words(self) -> str:
        """What the answer claims, without its markers; empty on a refusal or an error."""
        if self.answer is None or self.refused:
            return ""
        return " ".join(claim.text for claim in self.answer.claims)

    @property
    def cited(self) -> tuple[Citation, ...]:
        """The cited sentences, each once, in any order. What a refusal lists is not cited."""
        if self.answer is None or self.refused:
            return ()
        citations = (citation for claim in self.answer.claims for citation in claim.citations)
        return tuple({(c.document_id, c.start, c.end): c for c in citations}.values())

    def supports(self, citation: Citation, group: Iterable[Span]) -> bool:
        """Tell whether the cited sentence holds (a part of) one of a group's passages."""
        return citation.document_id == self.fact.document and any(
            citation.start < passage.end and passage.start < citation.end for passage in group
        )


Score = Callable[[Outcome], float | None]


def right(outcome: Outcome) -> float | None:
    """Share of the answerable questions that are answered right (SQuAD 2.0's HasAns).

    Right is an answer that mentions an alias of every group and no phrase of must_not, under
    `wording.normalise`: containment instead of SQuAD's exact match, since answers are sentences
    (Rajpurkar et al. 2018, "Know What You Don't Know"). Refusals and errors are wrong.
    """
    if not outcome.fact.answerable:
        return None
    complete = all(mentions(outcome.words, group) for group in outcome.fact.answers)
    return float(
        outcome.answered and complete and not mentions(outcome.words, outcome.fact.must_not)
    )


def right_overall(outcome: Outcome) -> float | None:
    """Share of all questions that are right: answered so, or refused where nothing is known."""
    return right(outcome) if outcome.fact.answerable else float(outcome.refused)


def citation_precision(outcome: Outcome) -> float | None:
    """Share of an answer's cited sentences that are gold, averaged over questions.

    After ALCE's citation precision (Gao et al. 2023, "Enabling Large Language Models to
    Generate Text with Citations"), with known gold sentences in the place of an entailment
    model. Each cited sentence counts once, and their order does not matter. An answerable
    question that is refused or fails counts 0, and so does an unanswerable one that is
    answered: whatever it cites supports nothing. An unanswerable one that is refused cites
    nothing, and does not count.
    """
    if not outcome.fact.answerable:
        return 0.0 if outcome.answered else None
    passages = [passage for group in outcome.gold for passage in group]
    hits = [outcome.supports(citation, passages) for citation in outcome.cited]
    return sum(hits) / len(hits) if hits else 0.0


def citation_recall(outcome: Outcome) -> float | None:
    """Share of a question's gold groups that are cited, averaged over answerable questions.

    After ALCE's citation recall (Gao et al. 2023), with known gold groups in the place of an
    entailment model. A refusal or an error counts 0.
    """
    if not outcome.fact.answerable:
        return None
    hits = [any(outcome.supports(c, group) for c in outcome.cited) for group in outcome.gold]
    return sum(hits) / len(hits) if hits else 0.0


def refusal_precision(outcome: Outcome) -> float | None:
    """Share of the refusals that are due: their question is unanswerable."""
    return float(not outcome.fact.answerable) if outcome.refused else None


def refusal_recall(outcome: Outcome) -> float | None:
    """Share of the unanswerable questions that are refused (SQuAD 2.0's NoAns)."""
    return None if outcome.fact.answerable else float(outcome.refused)


def false_refusal(outcome: Outcome) -> float | None:
    """Share of the answerable questions that are refused; less is better."""
    return float(outcome.refused) if outcome.fact.answerable else None


def attribution(outcome: Outcome) -> float | None:
    """Share of the questions on somebody's statement whose answer names the speaker or hedge.

    It asks for one of the fact's `speaker` aliases. A refusal or an error names nobody.
    """
    if not outcome.fact.speaker:
        return None
    return float(mentions(outcome.words, outcome.fact.speaker))


def offsets_valid(outcome: Outcome) -> float | None:
    """Share of the answers of which every citation is `document.text[start:end]`, verbatim.

    The nearest sentences that a refusal lists are checked too. An answer without any
    citation, or an error, does not count.
    """
    if outcome.answer is None:
        return None
    claimed = tuple(c for claim in outcome.answer.claims for c in claim.citations)
    citations = claimed + tuple(outcome.answer.citations) + tuple(outcome.answer.nearest)
    valid = [_verbatim(citation, outcome.documents) for citation in citations]
    return float(all(valid)) if valid else None


def errors(outcome: Outcome) -> float | None:
    """Share of the questions that raised an error; less is better."""
    return float(outcome.answer is None)


METRICS: Mapping[str, Score] = {
    score.__name__: score
    for score in (
        right,
        right_overall,
        citation_precision,
        citation_recall,
        refusal_precision,
        refusal_recall,
        false_refusal,
        attribution,
        offsets_valid,
        errors,
    )
}
"""The per-question metrics by name, in the order of the report."""


def _verbatim(citation: Citation, documents: Mapping[str, Document]) -> bool:
    document = documents.get(citation.document_id)
    return (
        document is not None
        and 0 <= citation.start < citation.end
        and document.text[citation.start : citation.end] == citation.text
    )
