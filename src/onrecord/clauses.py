"""Does a claim keep to one clause of its source, to its sides, and to what has come about?"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from onrecord.words import content_stems, fold, stem, tokens

_BREAK = re.compile(r"[;:]|,? (?:while|whereas|although|though|but)\b|, and\b")
_CLAUSE = re.compile("[;:.]")
_SIDES = (" than ", " before ", " after ", " among ", " for every ")
"""What stands on one side of such a word does not stand on the other."""
_LIKED = re.compile(r"\bprefer")
_AHEAD = frozenset("to will would shall should may might can could must".split())
"""What stands behind one of these is not said to be so."""
_BETWEEN = frozenset("be have been being also then once again only".split())
_PASSIVE = frozenset({"be", "been"})


def joined_clauses(claim: str, source: str) -> list[str]:
    """Doubt a claim in one clause whose words no clause of the source has together.

    "The cabin was hit by a lorry" is not said by "The cabin was hit by a tree, and a lorry by the
    cabin". Where a clause goes on with the subject of the one before, the doubt is for nothing.
    """
    clauses = [frozenset(content_stems(clause)) for clause in _BREAK.split(source)]
    if len(clauses) == 1 or _BREAK.search(claim):
        return []
    said = frozenset(content_stems(claim)) & frozenset().union(*clauses)
    return [] if any(said <= clause for clause in clauses) else ["no one clause says this"]


def changed_sides(claim: str, source: str) -> list[str]:
    """Return what a claim compares the other way round than its source.

    "Red is stronger than green" is not "Green is stronger than red".
    """
    there = {pivot: (left - right, right - left) for pivot, left, right in _sides(source)}
    return [
        f"what stands before and behind “{pivot}” stands there the other way round"
        for pivot, left, right in _sides(claim)
        if pivot in there and left & there[pivot][1] and right & there[pivot][0]
    ]


def _sides(text: str) -> Iterator[tuple[str, set[str], set[str]]]:
    """Yield each word that parts two sides of a clause, where it first stands, and their stems."""
    for clause in _CLAUSE.split(text):
        pivots = (*_SIDES, " to ") if _LIKED.search(clause) else _SIDES
        for pivot in pivots:
            left, found, right = clause.partition(pivot)
            if found:
                yield pivot.strip(), set(content_stems(left)), set(content_stems(right))


def come_about(claim: str, source: str) -> list[str]:
    """Return what a claim says is so, and its source only that it is to be.

    "The report was published" is not "The report is to be published", nor "to publish the report".
    """
    ahead = defaultdict[str, set[tuple[str, bool]]](set)
    for word, is_ahead, is_passive in _verbs(source):
        if is_ahead:
            ahead[stem(word)].add((word, is_passive))
    is_so = {stem(word) for word, is_ahead, _ in _verbs(source) if not is_ahead}
    return [
        f"“{word}” is only to be, in the source"
        for word, is_ahead, _ in dict.fromkeys(_verbs(claim))
        if not is_ahead
        and stem(word) not in is_so
        and any(
            is_passive or (word != other and not other.endswith("s"))  # "to schools": no verb
            for other, is_passive in ahead.get(stem(word), ())
        )
    ]


def _verbs(text: str) -> Iterator[tuple[str, bool, bool]]:
    """Yield each word that may be a verb, whether it is only to be, and whether as "to be done"."""
    is_ahead = is_passive = False
    for word in map(fold, tokens(text)):
        if word in _AHEAD:
            is_ahead, is_passive = True, False
        elif is_ahead and word in _BETWEEN:
            is_passive = is_passive or word in _PASSIVE
        else:
            yield word, is_ahead, is_passive
            is_ahead = is_passive = False
