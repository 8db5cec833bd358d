"""Questions to begin with, made from the corpus without a language model."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from onrecord.types import Document
from onrecord.ui import words

# Two or more capitalised words that do not begin a sentence: people, places, bodies.
_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)+")
_POSSESSIVE = re.compile(r"[’']s?$")
_HOW_MANY = 4
_ENOUGH_TEXT = 200_000


def examples_for(documents: Sequence[Document]) -> tuple[str, ...]:
    """Return up to four questions about the documents.

    The shipped article has its own; any other corpus is asked about the names that it
    mentions most.
    """
    if len(documents) == 1 and documents[0].id in words.EXAMPLES_FOR:
        return words.EXAMPLES_FOR[documents[0].id]
    return about(document.text[:_ENOUGH_TEXT] for document in documents[:20])


def about(texts: Iterable[str]) -> tuple[str, ...]:
    """Return questions about the names that some texts mention most."""
    names: Counter[str] = Counter()
    for text in texts:
        names.update(_POSSESSIVE.sub("", name) for name in _NAME.findall(text))
    return tuple(
        words.EXAMPLE_ABOUT.format(name=name) for name, _count in names.most_common(_HOW_MANY)
    )
