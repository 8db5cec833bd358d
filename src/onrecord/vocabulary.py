"""The words of a corpus: to put slips of a question right, and to see what is strange to it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein
from spellchecker import SpellChecker

from onrecord.quantities import amounts, digits, numbers
from onrecord.words import FUNCTION_WORDS, fold, stem, tokens

_SHORTEST = 4  # letters; shorter words have too many neighbours
_NEAR = 0.8  # of 1: "aliev" and "aliyev" are 0.83
_BEGINNING = 5  # letters that words of one family share
_FAMILY = 4  # where one of them is of a country: "Iran" and "Iranian", "Turkey" and "Turkish"
_OF_A_COUNTRY = ("ian", "ians", "ish", "ese", "an", "ans")
_WORD = re.compile(r"[^\W\d_]+")


class Vocabulary:
    """What words a corpus knows.

    Args:
        texts: The texts of the corpus.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        words: set[str] = set()
        self._numbers: set[str] = set()
        for text in texts:
            words.update(word for word in tokens(text) if word.isalpha())
            self._numbers |= numbers(text) | amounts(text)
        self._stems = {stem(word) for word in words}
        self._beginnings = {known[:_BEGINNING] for known in self._stems}
        self._families = {known[:_FAMILY] for known in self._stems}
        _dictionary()  # read now, half a second, and not within a question
        self._written = {fold(word): word for word in sorted(words) if len(word) >= _SHORTEST}

    def correct(self, question: str) -> str:
        """Return the question with its slips put right.

        Only a word that neither the corpus nor an English dictionary has is touched, and
        it only becomes a word of the corpus that lies very near. A name that merely begins
        like one of the corpus ("Johnson", "Johnsons") is another name, and stays.
        """
        return _WORD.sub(lambda match: self._corrected(match.group()), question)

    def strangers(self, question: str) -> tuple[str, ...]:
        """Return the names and numbers of a question that stand nowhere in the corpus.

        Words of one family ("Turkey", "Turkish") begin alike, and count as known. A number in
        letters may be none of the text's ("Which two ministers …"), and in capitals all is a name.
        """
        capitals = () if question.isupper() else tokens(question)[1:]  # the first has one anyhow
        names = {
            stem(word): word
            for word in capitals
            if word[:1].isupper()
            and fold(re.split("[’']", word)[0]) not in FUNCTION_WORDS
            and not self._is_of_a_known_family(word)
        }
        return (*names.values(), *sorted(digits(question) - self._numbers - {"1"}))

    def _is_of_a_known_family(self, word: str) -> bool:
        is_of_a_country = fold(word).endswith(_OF_A_COUNTRY)
        return stem(word)[:_BEGINNING] in self._beginnings or (
            is_of_a_country and stem(word)[:_FAMILY] in self._families
        )

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
