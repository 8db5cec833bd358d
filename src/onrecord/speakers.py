"""Who says what: the statements that a document attributes to somebody.

Each sentence is read by the rules of attribution.py; who "he" or "the ministry" is, is taken from
what stands before, where that is clear.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from onrecord.attribution import (
    NAME,
    NAMES,
    PRONOUNS,
    TIME,
    Found,
    attributions,
    core_of,
    masked,
    phrase_of,
)
from onrecord.types import Document, Sentence, Value
from onrecord.words import FUNCTION_WORDS

_BACK = 100  # sentences in which "the ministry" is looked for
_PERSON = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Dr|Sir|Dame|Lord|Lady|Professor|President|Minister|Mayor|General|Colonel"
    rf"|Captain|Judge|Sister|Father)\.? {NAME}(?: {NAME}){{,3}}"
    rf"|{NAME}(?: {NAME}){{1,3}}(?=, (?:who|whose|an?|the|then|now|\d+)\b)"
    rf"|(?<=, )(?:[a-z]+ ){{,2}}{NAME}(?: {NAME}){{1,3}}(?=,)"
)


class Statement(Value):
    """Something that a sentence says in somebody's name.

    Attributes:
        speaker: Who says it, as the text spells it; "he" or "the ministry" is the one named
            before, where that is clear.
        verb: How, as the text has it: "said", "denied", "according to".
        sentence: Where.
    """

    speaker: str
    verb: str
    sentence: Sentence


def speaker_of(text: str) -> str:
    """Return whom a sentence by itself attributes something to; "" if nobody, or just "he"."""
    found = (found.speaker for found in attributions(masked(text)))
    return next((speaker for speaker in found if speaker not in PRONOUNS), "")


def statements(document: Document, sentences: Sequence[Sentence]) -> tuple[Statement, ...]:
    """Return who says what in a document, in order; a speaker once for each sentence.

    A sentence that is all quotation has the speaker of the quotation before it.

    Args:
        document: The document.
        sentences: Its sentences, in order.
    """
    said: list[Statement] = []
    named = _Named()
    for sentence in sentences:
        text = masked(document.text[sentence.start : sentence.end])
        found = [
            Statement(speaker=named.who(item, text), verb=item.verb, sentence=sentence)
            for item in attributions(text)
        ]
        adjoins = said and not document.text[said[-1].sentence.end : sentence.start].strip(" ")
        if adjoins and named.quotes and not text.strip("“_” "):
            found = [said[-1].model_copy(update={"sentence": sentence})]
        named.read(text, [item.speaker for item in found])
        said.extend(found)
    return tuple(said)


class _Named:
    """Knows who was named before, to say who "he" or "the ministry" is."""

    def __init__(self) -> None:
        self.quotes = False  # the last sentence holds a quotation
        self._known: dict[str, str] = {}  # full names, by surname
        self._person = ""  # whom the last sentences were about
        self._about = ""  # what they say behind the name
        self._read: list[str] = []
        self._longer: dict[str, set[str]] = {}  # full names of "the ministry", by "ministry"
        self._looked: dict[str, int] = {}  # up to which sentence, by "ministry"

    def who(self, found: Found, sentence: str) -> str:
        """Return a speaker under the name that was given before, where that is clear."""
        if found.speaker in ("he", "she"):
            clear = self._is_clear(found.speaker, sentence[: found.start])
            return self._person if clear else found.speaker
        noun = re.fullmatch(r"the ([a-z]+)", found.speaker)
        return self._full_noun(noun[1]) or found.speaker if noun else found.speaker

    def read(self, sentence: str, speakers: Sequence[str]) -> None:
        """Take in a sentence, and who speaks in it."""
        self.quotes = "“" in sentence
        self._read.append(sentence)
        for name in [*_PERSON.findall(sentence), *(" ".join(core_of(name)) for name in speakers)]:
            self._learn(name)
        people = {name for name in map(self._full, re.findall(NAME, sentence)) if name}
        unknown = [name for name in speakers if name not in PRONOUNS and not self._full(name)]
        first = re.match(rf"({NAME})(?<![’']s) ", sentence)
        if first and first[1].lower() not in FUNCTION_WORDS:
            unknown += [first[1]] * (first[1] not in " ".join([*people, *speakers]))
        if people or unknown:
            self._person = people.pop() if len(people) == 1 and not unknown else ""
            self._about = sentence[sentence.rfind(self._person.split(" ")[-1]) :]
        elif re.search(r"\b(?:he|his|him|she|her)\b", sentence, re.IGNORECASE):
            self._about = sentence if self._person in speakers else self._about + sentence
        elif re.search("[a-z]", sentence):
            self._person = ""

    def _learn(self, name: str) -> None:
        """Keep a name of several words; "the" Road Safety Institute is nobody's."""
        full = re.search(rf"(?:^|\b(?!the )[a-z]+ )(?!The )({NAME}(?: {NAME})+)$", name)
        if full:
            self._known[full[1].split()[-1]] = full[1]

    def _full(self, name: str) -> str:
        surname = core_of(name)[-1]
        return self._known.get(re.sub(r"[’']s?$|\.$", "", surname), "")

    def _is_clear(self, pronoun: str, before: str) -> bool:
        """Tell whether a pronoun can only be the person that was named last."""
        other = {
            "he": "she|hers?|herself|him",
            "she": r"he|him|his|himself|her(?=[,.;]| (?:at|to|that|why|in|on))",
        }
        title = {"he": "Mrs|Ms|Miss|Dame|Lady|Sister", "she": "Mr|Sir|Lord|Father"}
        first, _, rest = before.partition(" ")
        opens = first.lower() in FUNCTION_WORDS or re.match(r"“|[A-Z]\w+(?:ed|ing|ly)$", first)
        names = re.search(rf"{NAME}| who ", re.sub(TIME, "", rest))
        others = re.search(rf"\b(?:{other[pronoun]})\b", self._about + before, re.IGNORECASE)
        fits = not re.match(rf"(?:{title[pronoun]})\b", self._person)
        return bool(self._person and opens and fits and not names and not others)

    def _full_noun(self, noun: str) -> str:
        """Return the one full name that "the ministry" had before, or ""."""
        start = max(self._looked.get(noun, 0), len(self._read) - _BACK)
        self._looked[noun] = len(self._read)
        some = r"(?:[a-z’'-]+ ){0,3}"
        found = re.finditer(
            rf"\b((?:{NAME}[’']s?|[Tt]he) (?:{NAME} |[a-z’'-]+ ){{0,3}}?(?i:{noun})\b"
            rf"(?: of (?:the )?{NAMES})?)"
            rf"|({NAMES}), (?:an? {some}{noun}\b|the {some}{noun} (?:that|which)\b)",
            " ".join(self._read[start:]),
        )
        names = {phrase_of(match[1] or match[2]) for match in found} - {"", f"the {noun}"}
        known = self._longer.setdefault(noun, set())
        known |= {name for name in names if noun not in name or core_of(name)[-1].lower() == noun}
        return next(iter(known)) if len(known) == 1 else ""
