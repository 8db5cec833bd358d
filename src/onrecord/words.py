"""Words as the lexical parts of the pipeline see them: folded, and reduced to their stems."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from threading import get_ident

import snowballstemmer

WORD = re.compile(r"[^\W_]+(?:[’'][^\W_]+)*")
"""A word, as it stands in a text."""
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*(?:\s+\"[^\"]*\")?\)")
_EMPHASIS = re.compile(
    r"(?<![\w*])(?P<stars>\*{1,3})(?=[^\s*])(?P<starred>[^*]*[^\s*])(?P=stars)(?![\w*])"
    r"|(?<![\w`])(?P<ticks>`+)(?P<code>[^`]+)(?P=ticks)(?![\w`])"
    r"|(?<!\w)_(?=[^\s_])(?P<lined>[^_]*[^\s_])_(?!\w)"
    # One end of it, where the other is in another sentence.
    r"|(?<![\w*])\*\*(?=[^\s*])|(?<=[^\s*])\*\*(?![\w*])"
)
_UNSEEN = re.compile("\u00ad(?:[ \t]*\n)?|[\u200b\u2060\ufeff]")  # what nobody sees within a word
_POSSESSIVE = re.compile(r"[’']s?$")

FUNCTION_WORDS = frozenset(
    """
    a about above after again against all also although am an and any are as at be
    because been before being below between both but by can could did do does doing done
    down during each either else ever few for from further get gets got had has have
    having he her here hers herself him himself his how i if in into is it its itself
    just least less let like made make makes many may me might more most much must my
    neither nor now of off on once one only onto or other our ours out over own per
    quite rather same she should since so some such than that the their theirs them
    themselves then there these they this those though through thus till to too toward
    towards under until up upon us very via was we were what when where whether which
    while who whom whose why will with within would yet you your yours yes no not
    """.split()
)
"""Words that carry grammar and not content."""

POINTERS = frozenset(
    """
    he him his she her hers it its they them their theirs this that these those there
    then former latter same such one ones
    """.split()
)
"""Words that point back to what was said before."""

_SHORT = 12  # words; a shorter sentence is seldom understood without the one before it
_OPENING = 6  # words in which a sentence points back, if it does


def tokens(text: str) -> list[str]:
    """Return the words of a text, in order, as they stand there."""
    return WORD.findall(text)


@lru_cache(maxsize=20_000)
def fold(word: str) -> str:
    """Return a word without case, accents and a possessive ending."""
    plain = unicodedata.normalize("NFKD", _POSSESSIVE.sub("", word))
    return "".join(char for char in plain if not unicodedata.combining(char)).casefold()


@cache
def _stemmer(_thread: int) -> snowballstemmer.stemmer:
    """Return a stemmer of a thread's own: it keeps the word that it is at."""
    return snowballstemmer.stemmer("english")


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Return the stem of a word (Porter's second algorithm, by snowballstemmer)."""
    return str(_stemmer(get_ident()).stemWord(fold(word)))


def stems(text: str) -> list[str]:
    """Return the stems of all words of a text, in order."""
    return [stem(word) for word in tokens(text)]


def content_stems(text: str) -> list[str]:
    """Return the stems of the words that carry content, in order."""
    return [stem(word) for word in tokens(text) if fold(word) not in FUNCTION_WORDS]


def readable(text: str) -> str:
    """Return a text without what Markdown needs beside its words: addresses, stars, outer bars."""
    text = _EMPHASIS.sub(_emphasised, _LINK.sub(r"\1", text))
    return text[1:].removesuffix("|").strip() if text.startswith("|") else text


def _emphasised(found: re.Match[str]) -> str:
    return found["starred"] or found["code"] or found["lined"] or ""


def leans(sentence: str) -> bool:
    """Tell whether a sentence is hardly understood without the one before it."""
    words = [fold(word) for word in tokens(sentence)]
    return len(words) < _SHORT or any(word in POINTERS for word in words[:_OPENING])


def well_formed(text: str) -> str:
    """Return a text with "?" for each half surrogate, which no model, file or page could take."""
    return text.encode("utf-8", "replace").decode()


def composed(text: str) -> str:
    """Return a well-formed text, each accent one character with its letter, no invisible breaks.

    As they come from a PDF or from macOS, "é" may be two characters, and a word may have a hyphen
    within that shows at a line's end alone: no question has such words.
    """
    return unicodedata.normalize("NFC", _UNSEEN.sub("", well_formed(text)))
