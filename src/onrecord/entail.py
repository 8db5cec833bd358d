"""A claim -> does its sentence carry (entail) it? The reader is asked, where rules are in doubt.

A claim is put to the reader as a question is, among the same sentences: which of them says this?
So the words around a sentence help to understand it ("he", "the second of them"), and what another
sentence says is told from what this one does.
"""

from __future__ import annotations

from collections.abc import Sequence

from onrecord.choose import LABELS, NONE, chances_of, claimed, prompt
from onrecord.models.base import LanguageModel
from onrecord.types import Evidence

_SURE = 2.0  # nats, for the sentence against none and against every other


def carries(claim: str, source: Evidence, among: Sequence[Evidence], model: LanguageModel) -> bool:
    """Tell whether a sentence carries a claim, as the reader sees it.

    Args:
        claim: One sentence.
        source: The sentence that it cites.
        among: What that was chosen among, in the order in which it was read.
        model: One that has a reader.

    Raises:
        ModelError: The model could not be reached.
    """
    return certainty(claim, source, among, model) > _SURE


def certainty(
    claim: str, source: Evidence, among: Sequence[Evidence], model: LanguageModel
) -> float:
    """Return the log-odds (nats) of the sentence against the likeliest other answer.

    Args and Raises: as for `carries`.
    """
    labels = LABELS[: len(among)]
    chances = dict(chances_of([*labels, NONE], prompt(claimed(claim), among), model))
    return chances.pop(labels[among.index(source)]) - max(chances.values())
