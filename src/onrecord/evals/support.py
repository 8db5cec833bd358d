"""Does a claim say more than the sentences that it cites? Its numbers, names and quotations tell.

This is apart from the check that the pipeline makes itself: what is measured must not be what
is measuring.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from onrecord import Claim
from onrecord.evals.wording import mentions, normalise

_WORD = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)*")
_OPENING = re.compile(r"(?:^|[.!?:…]|[\"“‘(])\W*$")  # before a word that begins a sentence
_QUOTATION = re.compile(r"“([^“”]+)”|\"([^\"]+)\"|‘([^‘’]+)’")
_PRONOUN = "i"  # the one word that is capitalised anywhere, and names nobody
_ONE = "1"  # which "one" and "no one" become too
_WRITTEN_ONE = re.compile(r"(?<![\d.,])1(?![\d.,]*\d)")


def unsupported(claim: Claim) -> tuple[str, ...]:
    """Return the numbers, names and quotations of a claim that its cited sentences lack.

    All are compared under `wording.normalise`, whole words only. A name is a capitalised word
    within the sentence. So "Armenia" is not found in "Armenian", nor "EU" in "European Union":
    the check is strict, and knows no inference.
    """
    cited = " ".join(citation.text for citation in claim.citations)
    said = (*_numbers(claim.text), *_names(claim.text), *_quotations(claim.text))
    return tuple(part for part in said if normalise(part) and not mentions(cited, [part]))


def _numbers(text: str) -> Iterator[str]:
    for word in normalise(text).split():
        if word[0].isdigit() and (word != _ONE or _WRITTEN_ONE.search(text)):
            yield word


def _names(text: str) -> Iterator[str]:
    for found in _WORD.finditer(text):
        word = found.group()
        if (
            word[0].isupper()
            and normalise(word).split()[:1] != [_PRONOUN]
            and not _OPENING.search(text[: found.start()])
        ):
            yield word


def _quotations(text: str) -> Iterator[str]:
    for found in _QUOTATION.finditer(text):
        yield next(part for part in found.groups() if part)
