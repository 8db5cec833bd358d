"""A claim and its source -> whose word it is there, where the claim does not say so.

"Michel said that a deal was near" carries "A deal was near, according to Michel", and not that a
deal was near. Which part of a sentence a speaker stands for is told by where the verb stands: what
follows it is theirs ("X said that ..."), or all of it where it is an aside ("..., X said").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum
from itertools import pairwise

from onrecord.attribution import (
    PRONOUNS,
    SAYING,
    Found,
    attributions,
    core_of,
    is_attributed,
    masked_quotations,
)
from onrecord.check import RUMOURS
from onrecord.words import FUNCTION_WORDS, content_stems, fold, stem, tokens

_ASIDE = re.compile(r"(?: (?:on|in|at|during|to|last) [\w ’'-]{1,30})?(?:[,.;]|$)")
_LATE_ASIDE = re.compile(
    r"(?: (?:the [\w’'-]+|[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)?|me|us|reporters|yesterday|today"
    r"|earlier|later))?"
    r"(?: (?:on|in|at|during|after|before|by|from|via|through|with)(?: (?!that\b)[\w’'-]+){1,6})*"
    r"(?:[,.;]|$)"
)
"""What may stand behind the verb of an aside that stands behind what is said."""
_CLAUSE = re.compile(
    r"; |, (?:but|while|whereas|although|though)"
    r" (?!(?:also|are|can|could|did|had|has|have|is|might|never|not|then|was|were|will|would)\b)"
)
"""Where somebody else may go on: "X said that it was late, but the talks began"."""
_HAVE_SAID = SAYING - {stem(word) for word in "denied accused".split()}


class Voice(Enum):
    """Whose word a claim is, beside a name."""

    OWN = "the text's own"
    UNCLEAR = "somebody's"


def voice_of(claim: str, source: str) -> str | Voice:
    """Return who says in the source what a claim says as a fact.

    Args:
        claim: One sentence, of the source's words.
        source: The text of the sentence that it cites.

    Returns:
        A speaker as the source spells them; `UNCLEAR` where it is just "he", or one of several;
        `OWN` where the text itself says it, or the claim names who does.
    """
    if RUMOURS & {fold(word) for word in tokens(claim)}:
        return Voice.OWN
    text = masked_quotations(source)
    found = list(attributions(text))
    if is_attributed(claim):
        return Voice.UNCLEAR if _is_of_another(claim, source, text, found) else Voice.OWN
    others = [each for each in found if not _is_named(each.speaker, claim)]
    speaking = _speaking(claim, source, text, others)
    if not speaking:
        return Voice.OWN
    speaker = speaking[0].speaker
    is_clear = len(found) == 1 and speaker not in PRONOUNS
    return speaker if is_clear else Voice.UNCLEAR


def attributed(claim: str, speaker: str) -> str:
    """Return a claim as somebody's word."""
    if claim.endswith(("?", "!")):
        return f"According to {speaker}: {claim}"
    return f"{claim.removesuffix('.')}, according to {speaker}."


def _is_of_another(claim: str, source: str, text: str, found: Sequence[Found]) -> bool:
    """Tell whether a claim gives one of its source's speakers the words of another of them.

    Who denies or describes something has not said it: these are left alone.
    """
    named = list(attributions(masked_quotations(claim)))
    speaking = [each for each in named if stem(each.verb.split()[0]) in _HAVE_SAID]
    speakers, known = ({_surname(each.speaker) for each in some} for some in (speaking, named))
    theirs = [each for each in found if _surname(each.speaker) in speakers]
    others = [each for each in found if _surname(each.speaker) not in {*known, *PRONOUNS}]
    if not theirs or not others:
        return False
    for each in speaking:
        names = rf"\b(?:{re.escape(each.speaker)}|{re.escape(each.verb)})\b"
        claim = re.sub(names, " ", claim, flags=re.IGNORECASE)
    if _speaking(claim, source, text, theirs):
        return False
    return bool(_speaking(claim, source, text, others))


def _speaking(claim: str, source: str, text: str, among: Sequence[Found]) -> list[Found]:
    """Return whose word a claim is, of those who speak in its source."""
    return [each for each in among if _is_within(claim, *_scope(source, text, each))]


def _surname(speaker: str) -> str:
    """Return the last word of a name up to its first preposition, folded."""
    return fold(core_of(speaker)[-1])


def _is_named(speaker: str, claim: str) -> bool:
    """Tell whether a claim is about a speaker: "Lee" is Ms Lee, and neither "Mr Lee" nor an army.

    What somebody has done besides is no word of theirs, and rules do not know which it is.
    """
    core = [fold(word) for word in core_of(speaker)]
    words = tokens(claim)
    if not speaker[0].isupper() or not core_of(speaker)[-1].istitle():
        return speaker not in PRONOUNS and {*core} - FUNCTION_WORDS <= set(map(fold, words))
    before_surname = [last for last, word in pairwise(["", *words]) if fold(word) == core[-1]]
    return any(last.islower() or fold(last) in {"", *core} for last in before_surname)


def _scope(source: str, text: str, found: Found) -> tuple[str, str]:
    """Return the words that a speaker stands for, and the others, without the speaker's own.

    Args:
        source: The sentence.
        text: The same with its quotations blanked out.
        found: The speaker, and where in it the verb stands.
    """
    end = found.start + len(found.verb)
    speaker = re.compile(rf"\b{re.escape(found.speaker)}\b", re.IGNORECASE)
    before = speaker.search(text, 0, found.start)
    is_late = re.search(rf"[,”] {speaker.pattern} $", text[: found.start], re.IGNORECASE)
    if not before or _ASIDE.match(text, end) or (is_late and _LATE_ASIDE.match(text, end)):
        named = before or speaker.search(text, end)
        first = min(named.start(), found.start) if named else found.start
        start = text.rfind("; ", 0, first) + 1  # “It is old; “it stays,” she said.”
        if text[:first].rstrip(" ,").endswith("”"):
            # “So it is,” said Ann Lee, who left, “and it stays so”: that she left, nobody says.
            told = max(named.end() if named else 0, end)
            return f"{source[start : found.start]} {source[told:]}", source[:start] + text[told:]
        return speaker.sub(" ", source[start:]), source[:start]
    clause = _CLAUSE.search(text, end)
    stop = clause.start() if clause else len(text)
    return source[end:stop], f"{speaker.sub(' ', source[: found.start])} {source[stop:]}"


def _is_within(claim: str, scope: str, rest: str) -> bool:
    """Tell whether more of a claim's words are of the scope alone than of the rest alone."""
    said, inner, outer = (set(content_stems(text)) for text in (claim, scope, rest))
    return len(said & (inner - outer)) > len(said & (outer - inner))
