"""Is a word one of English, as it is written? "Sweden" is, and "sweden" is not.

Hunspell's dictionary (American) knows capitals, which that of vocabulary.py does not.
"""

from __future__ import annotations

from functools import cache

from hunspell import Hunspell


def is_english(word: str) -> bool:
    """Tell whether a dictionary that knows capitals has a word, or what it is a form of."""
    return word.isascii() and bool(_dictionary().spell(word))


@cache
def _dictionary() -> Hunspell:
    return Hunspell("en_US")
