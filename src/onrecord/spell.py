"""A question with slips of the pen -> the same in words that the corpus knows.

Only a word that neither the corpus nor an English dictionary has is touched, and it only
becomes a word of the corpus that lies very near. A name that merely begins like one of
the corpus ("Johnson", "Johnsons") is another name, and stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein
from spellchecker import SpellChecker

from onrecord.words import fold, stem, tokens

_SHORTEST = 4  # letters; shorter words have too many neighbours
_NEAR = 0.8  # of 1: "aliev" and "aliyev" are 0.83
_WORD = re.compile(r"[^\W\d_]+")


class Speller:
    """Puts the words of questions right, by the words of a corpus.

    Args:
        texts: The texts of the corpus.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        words = {word for text in texts for word in tokens(text) if word.isalpha()}
        self._stems = {stem(word) for word in words}
        self._written = {fold(word): word for word in sorted(words) if len(word) >= _SHORTEST}

    def correct(self, question: str) -> str:
        """Return the question with its misspelt words replaced by those of the corpus."""
        return _WORD.sub(lambda match: self._corrected(match.group()), question)

    def _corrected(self, word: str) -> str:
        folded = fold(word)
        if len(word) < _SHORTEST or stem(word) in self._stems or _is_english(folded):
            return word
        found = process.extractOne(
            folded,
            self._written.keys(),
            scorer=DamerauLevenshtein.normalized_similarity,
            score_cutoff=_NEAR,
        )
        if found is None or found[0].startswith(folded) or folded.startswith(found[0]):
            return word
        return self._written[found[0]]


@cache
def _dictionary() -> SpellChecker:
    return SpellChecker(language="en")


def _is_english(word: str) -> bool:
    return bool(_dictionary().known([word]))
