"""Who says what: the statements that a text attributes to somebody, found by rules of news English.

A wrong speaker is worse than none, so that what fits no rule is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from onrecord.check import _ATTRIBUTIONS, _QUOTED, numbers
from onrecord.types import Document, Sentence, Value
from onrecord.words import FUNCTION_WORDS, stem

_MARKS = '“”"«»„'
_THAT = (
    r"(?: (?:him|her|them|it|only|also|later|again|[a-z]+ly|last \w+"
    r"|(?:to )?(?:reporters|journalists|parliament)|(?:on|in|at|during) [^,;:]{1,40}?)|, [^,;:]{1,50},)?"
    rf"(?: that\b|:? ?[{_MARKS}]| (?:he|she|they)\b| it (?:was|is|ha[sd]|would|will|did)\b)"
)
_COMPLEMENTS = {
    " ".join(_ATTRIBUTIONS): _THAT,
    "acknowledges alleges answers asserts assured believes boasted cautions complains": _THAT,
    "concedes concludes confirms contends counters explains fears maintains objects": _THAT,
    "predicts promises recalls recalled remarks replies retorts reveals stresses": _THAT,
    "suggests suspects testified thinks thought": _THAT,
    "said say saying": r"(?! (?:to|so|nothing|neither|whether|how|what|why|when|no|little)\b)",
    "told tells": r" (?!(?:to|of|how|another)\b|(?:\S+ ){,2}(?:story|to)\b)",
    "accuses": r" (?!(?:of|by)\b)[^,;:]* of\b",
    "denies": r"(?! by\b)",
    "blames": r" (?!(?:for|on|by)\b)",
    "doubts": rf"{_THAT}| (?:this|any)\b",
    "disputes contradicts": r" (?:this|that(?=[,.;]| any| figure)|it|the|any|his|her|its)\b",
    "rejects": r" (?:this(?! by)|(?:that|the|any) (?:account|charge|claim|accusation|allegation)s?)\b",
    "calls dismisses spoke": rf" (?!(?:for|on|off)\b)[^,;:{_MARKS}]{{1,90}}[{_MARKS}]",
    "describes": rf" (?!(?:by|in|at|on)\b)[^,;:]{{0,90}}?(?: as\b|[{_MARKS}])",
    "puts": r" [^,;:]{1,60}? at \D{0,20}\d",
    "estimates": rf"{_THAT}| (?:\d|(?:the|its|their) [^,;:]{{1,50}}? at \D{{0,20}}\d)",
    "claims": rf"{_THAT}| to (?:be|have)\b",
    "insists": rf"(?! on\b){_THAT}",
    "admits": rf"{_THAT}|(?: in \w+)?(?: to)? (?!nothing)[a-z]+ing\b",
    "points": r" out\b",
}
_REPORTING = {
    stem(verb): re.compile(pattern)
    for verbs, pattern in _COMPLEMENTS.items()
    for verb in verbs.split()
}
"""What must follow a verb that reports, by its stem."""

_VERB = re.compile(
    r"\b(?:[Aa]ccording to|(?:was|were|is|are|been) quoted as saying"
    r"|(?:accused|denied|disputed|contradicted) by|[a-z]+)\b"
)
_SAID = re.compile(rf"{_QUOTED.pattern}|[“\"«][^”\"»]+$|^[^“”]+”")  # also a part of a quotation
_ADVERBS = re.compile(
    r"(?:\b(?:has|have|had|also|since|later|then|now|once|always|again|still|often|even|first"
    r"|instead|nevertheless|thus|himself|herself|itself|themselves"
    r"|(?!family|assembly|ally|supply|reply|monopoly)[a-z]+ly) )+$"
)
_HARD = re.compile(rf"[;()—–{_MARKS}]|:(?= |$)")
_CONJUNCTION = re.compile(
    r"\b(?:but|while|whereas|although|though|because|since|(?<!such )as|after|before|when|where|if|that"
    r"|which|whom|whose|who|than|until|unless|so|or|and (?=(?:that|he|she|it|they) ))\b ?"
)
_PREPOSITION = re.compile(r" (?:of|for|from|at|in|on|to|by|with)\b")
_UPPER = "".join(char for char in map(chr, range(0x250)) if char.isupper())
_NAME = rf"[{_UPPER}][\w’'&.-]*"
_NAMES = rf"{_NAME}(?: (?:(?:de|da|del|van|der|von|bin|al|di|la|le|of|the|and|&) )*{_NAME})*"
_TIME = (
    r"(?:(?:\w+day|January|February|March|April|May|June|July|August|September|October|November"
    r"|December)(?: \d{4})?|\d{4})\b"
)
_LEAD = re.compile(
    r"^(?:and|but|yet|later|then|still|yesterday|today|meanwhile|last (?:week|month|year|night)"
    rf"|(?:in|on|at|by|after|during|since|for) (?:(?:early |late )?{_TIME}"
    r"|(?:the|a|an|that|this|his|her|its|their) [a-z]+))"
    rf" (?=(?:the|an?|his|her|its|their|he|she|it|they)\b|(?-i:{_NAME}))",
    re.IGNORECASE,
)
_WHEN = re.compile(
    r"(?: (?:published|held|taken|made|released|issued))? (?:on|in|at|last|this|late|early)\b"
    rf"(?: (?:a|an|the))?(?: (?:{_TIME}|\d|(?:week|month|year|statement|interview)\b).*|$)"
)
_MEDIUM = re.compile(
    r"(?:an?|the|its|his|her) (?:\w+ )?(?:statement|report|study|note|letter) .*?\b(?:from|by) "
)
_PRONOUNS = ("he", "she", "it", "they")
_DETERMINERS = frozenset(
    """
    a an the its his her their our some all both several many most few other another one this
    these those each every
    """.split()
)
_PAST = """
went came made took gave left lost won met saw began became ran rose got kept stood brought bought
sold paid sent spent fought found fell grew withdrew
""".split()
_OUTSIDE = (
    FUNCTION_WORDS
    - _DETERMINERS
    - frozenset("of for from at in on to by with and own more".split())
) | frozenset([*_PAST, "nobody", "nothing", "none", "fewer", "according"])
"""Words that are no part of what names a speaker."""


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


class _Found(NamedTuple):
    speaker: str
    verb: str
    start: int


def speaker_of(text: str) -> str:
    """Return whom a sentence first attributes something to, as it stands there; "" if nobody."""
    return next((found.speaker for found in _attributions(_masked(text))), "")


def statements(document: Document, sentences: Sequence[Sentence]) -> tuple[Statement, ...]:
    """Return who says what in a document, in order; a speaker once for each sentence.

    Args:
        document: The document.
        sentences: Its sentences, in order.
    """
    naming = _Naming(document.text)
    said: list[Statement] = []
    for sentence in sentences:
        text = _masked(document.text[sentence.start : sentence.end])
        found = [
            Statement(speaker=naming.named(item, text), verb=item.verb, sentence=sentence)
            for item in _attributions(text)
        ]
        if not text.strip("“_”") and said and _adjoin(document, said[-1].sentence, sentence):
            found = [said[-1].model_copy(update={"sentence": sentence})]
        naming.read(text, [item.speaker for item in found])
        said.extend(found)
    return tuple(said)


def _adjoin(document: Document, before: Sentence, sentence: Sentence) -> bool:
    """Tell whether a quotation goes on with the one of the sentence before."""
    quotes = "“" in _masked(document.text[before.start : before.end])
    return quotes and document.text[before.end : sentence.start].strip(" ") == ""


def _masked(text: str) -> str:
    """Blank out what is quoted: its verbs are not the reporter's."""
    return _SAID.sub(lambda quoted: f"“{'_' * (len(quoted[0]) - 2)}”", text)


def _attributions(masked: str) -> Iterator[_Found]:
    found: list[_Found] = []
    for verb in _VERB.finditer(masked):
        speaker = _speaker(masked[: verb.start()], verb[0], masked[verb.end() :], found)
        if speaker and speaker not in {known.speaker for known in found}:
            found.append(_Found(speaker, verb[0].lower(), verb.start()))
            yield found[-1]


def _speaker(before: str, verb: str, after: str, found: Sequence[_Found]) -> str:
    """Return who speaks by a verb, if it reports; `found` are the verbs before it."""
    if verb.endswith(" by"):
        return _behind(after.partition(" of ")[0])
    if verb.endswith("ccording to"):
        opens = re.search(r"(?:^|[,;:]|\b(?:and|but|that)) ?$", before)
        named = re.match(rf" (?:the )?{_NAME}", after)
        return _behind(after) if opens or named else ""  # not "sorted according to size"
    if verb.endswith(" saying"):
        return _in_front(before)
    if stem(verb) not in _REPORTING:
        return ""
    if re.search(rf"[{_MARKS}] $", before):
        return _behind(after)
    reports = _reports(before, verb, after)
    if verb.endswith("ing"):
        return _carried(before, found) if reports and before.endswith(", ") else ""
    if speaker := _in_front(before):
        return speaker if reports or _is_aside(before, speaker, after) else ""
    if before.endswith(", "):
        return _behind(after) if verb in ("said", "says") else ""
    return _carried(before, found) if reports else ""


def _reports(before: str, verb: str, after: str) -> bool:
    if _REPORTING[stem(verb)].match(after):
        return True
    # "which she calls “a toy”" reports, "a thing called “a toy”" does not
    relative = re.search(r"\b(?:which|that|whom)\b[^;:]{0,80}$", before)
    return bool(relative and stem(verb) == "call" and re.match(rf" [{_MARKS}]", after))


def _is_aside(before: str, speaker: str, after: str) -> bool:
    """Tell whether verb and speaker stand by themselves: "it was, he admitted, late"."""
    alone = rf"(?:[,{_MARKS}]|\b(?:as|that|which)) {re.escape(speaker)} $"
    start = re.search(alone, _ADVERBS.sub("", before), re.IGNORECASE)
    return bool(start and re.match(r"[,.;]|$", after))


def _in_front(before: str) -> str:
    """Return the subject of the verb that comes next."""
    clause = _HARD.split(_ADVERBS.sub("", before))[-1].strip()
    if clause.endswith(" who"):
        return _antecedent(clause.removesuffix(" who").rstrip(",").split(", "))
    if clause.endswith(","):
        return _apposed(clause[:-1].split(", "))
    return _phrase(clause.split(", ")[-1])


def _antecedent(chunks: Sequence[str]) -> str:
    """Return the name that "who" points to: "Ann Lee, a vet at Leeds, who"."""
    named = re.search(rf"(?:\b([a-z]+) )?({_NAMES})$", chunks[-1])
    if named and not re.match("of|at|in|from|for|to|the", named[1] or ""):
        return named[2]
    named = re.search(rf"{_NAMES}$", chunks[-2]) if len(chunks) > 1 else None
    return named[0] if named and re.match(r"(?:an?|the|then|now) ", chunks[-1]) else ""


def _apposed(chunks: Sequence[str]) -> str:
    """Return the subject of "Ann Lee, the mayor, who is 37,"; other clauses may come before."""
    starts = [
        place
        for place, chunk in enumerate(chunks)
        if re.match("and |(?!who|which|under whom).*", chunk)
        and (chunk.startswith("and ") or _CONJUNCTION.search(chunk))
    ]
    rest = chunks[starts[-1] if starts else 0 :]
    for place, chunk in enumerate(rest[:-1]):
        if phrase := _phrase(chunk):
            return _better(phrase, rest[place + 1 :])
    return ""


def _better(phrase: str, more: Sequence[str]) -> str:
    """Return the name of whose office comes first: "the mayor, Ann Lee" -> "Ann Lee"."""
    core = _core(phrase)
    is_name = core[-1][0].isupper() and not core[-1].isupper()
    for words in more[:2]:
        name = _phrase(re.sub(r"^.* (?:called|named|known as) ", "", words))
        heart = _core(name)
        is_full = len(heart) > 1 and all(word[0].isupper() for word in heart)
        if is_name and not (len(core) == 1 and is_full):
            return phrase
        if heart and heart[-1][0].isupper() and heart[0] not in ("a", "an"):
            return name
    return phrase


def _core(phrase: str) -> list[str]:
    return _PREPOSITION.split(phrase)[0].split()


def _behind(after: str) -> str:
    """Return who is named next, up to the end of the clause."""
    clause = _HARD.split(after)[0].strip(" .")
    if re.match(r"[^,]* (?:but|or) ", clause):
        return ""
    chunks = clause.split(", ")
    heads = [_CONJUNCTION.split(chunk)[0].strip() for chunk in chunks]
    whole = [head for head, chunk in zip(heads, chunks, strict=True) if head == chunk]
    phrase = _phrase(heads[0])
    return _better(phrase, whole[1:]) if phrase and heads[0] == chunks[0] else phrase


def _carried(before: str, found: Sequence[_Found]) -> str:
    """Return the speaker of a second verb: "X said it, and denied", "X left, saying"."""
    clause = _ADVERBS.sub("", before)
    if not re.search(r"(?:,|\b(?:and|but|then)) $", clause):
        return ""
    clause = re.sub(r",?(?: (?:and|but|then))? $", "", clause)
    last = re.split(
        r"[;:]|, (?:and|but|while|whereas|although|though|because|until|when) ", clause
    )[-1]
    start = len(clause) - len(last)
    earlier = [known for known in found if known.start >= start and " " not in known.verb]
    return earlier[-1].speaker if earlier else _subject(last)


def _subject(clause: str) -> str:
    """Return the subject of a clause, where there is but one that a later verb can have."""
    chunks = _LEAD.sub("", clause.strip()).split(", ")
    if re.search(r"\b(?:who|which|where|when|while|because|although|as|if)\b", chunks[-1]):
        return ""
    if len(chunks) > 1 and (phrase := _phrase(chunks[0])):
        return _better(phrase, chunks[1:])
    found = re.match(
        rf"((?i:he|she|they|it)|(?:{_NAMES}|[Tt]he|[Aa]n?|[Ii]ts|[Hh]is|[Hh]er|[Tt]heir)"
        rf"(?: [\w’'-]+){{,6}}?) (?:has|had|is|was|does|did|[a-z]+ed|{'|'.join(_PAST)})\b",
        chunks[0],
    )
    return _phrase(found[1]) if found else ""


def _phrase(chunk: str) -> str:
    """Return what names a speaker, or "" where the words cannot be one's name."""
    chunk = _CONJUNCTION.split(_LEAD.sub("", chunk.strip()))[-1].strip()
    chunk = _WHEN.sub("", _LEAD.sub("", chunk))
    left, _, right = chunk.rpartition(" and ")
    if any(word in _PAST or re.fullmatch("[a-z]{3,}ed", word) for word in left.split()):
        chunk = right
    if chunk.lower() in _PRONOUNS:
        return chunk.lower()
    words = chunk.split()
    fits = all(map(_fits, words, ["", *words], [*words[1:], ""]))
    if not 0 < len(words) <= 12 or not fits or not _opens(words) or re.search("[’']s$", chunk):
        return ""
    phrase = _MEDIUM.sub("", chunk)
    first, _, rest = phrase.partition(" ")
    return f"{first.lower()} {rest}" if first.lower() in _DETERMINERS and rest else phrase


def _opens(words: Sequence[str]) -> bool:
    """Tell whether a speaker's name can begin so: mid-sentence, "critics" can, "runs the" cannot."""
    first, core = words[0], _core(" ".join(words))
    if first.lower() in FUNCTION_WORDS | _DETERMINERS:
        return first.lower() in _DETERMINERS and len(words) > 1
    if numbers(first):
        return not words[1:2] or words[1].islower()  # no date
    plural = len(core) < 3 and (core[-1].endswith("s") or core[-1] in ("police", "people", "staff"))
    return first[0].isupper() or plural or core[-1][0].isupper()


def _fits(word: str, last: str, following: str) -> bool:
    """Tell whether a word can stand in a speaker's name, between its neighbours."""
    if word == "them":
        return last == "of"
    if word.lower() in _OUTSIDE or not re.fullmatch(r"[\w’'&.$£€%/-]+", word):
        return False
    if word in _DETERMINERS and last:
        return bool(_PREPOSITION.fullmatch(f" {last}")) or last in ("and", "all", "both")
    if word.endswith("ed") and word.islower() and last:
        return last.lower() in _DETERMINERS or bool(_PREPOSITION.fullmatch(f" {following}"))
    return bool(following) or word.lower() not in FUNCTION_WORDS


_TITLE = (
    r"(?:Mr|Mrs|Ms|Miss|Dr|Sir|Dame|Lord|Lady|Professor|President|Mayor|General|Colonel|Captain"
    r"|Judge|Justice|Minister|Sister|Father|Inspector)\.? "
)
_PERSON = re.compile(
    rf"{_TITLE}{_NAME}(?: {_NAME})*|{_NAME}(?: {_NAME})+(?=, (?:who|whose|an?|the|then|now|\d+)\b)"
    rf"|(?<=, )(?:[a-z]+ ){{,2}}{_NAME}(?: {_NAME})+(?=,)"
)
_ORGANISATION = re.compile(
    r"^The\b|\b(?:Agency|Alliance|Association|Authority|Bank|Board|City|Club|Commission|Committee"
    r"|Company|Council|Court|Department|Federation|Group|Hospital|House|Institute|Island|Journal"
    r"|League|Ministry|Museum|Office|Party|Police|Review|Service|Society|Street|Town|Union"
    r"|University)s?\b"
)
_HE = re.compile(rf"\b(?:Mr|Sir|Lord|[a-z]+man)\.? (?:{_NAME} )?({_NAME})")
_SHE = re.compile(rf"\b(?:Mrs|Ms|Miss|Dame|Lady|[a-z]+woman)\.? (?:{_NAME} )?({_NAME})")
_BACK = 5_000  # characters in which "the ministry" is looked for


class _Naming:
    """Knows who was named before, to say who "he" or "the ministry" is.

    Args:
        text: The document's text.
    """

    def __init__(self, text: str) -> None:
        self._not = {
            "he": set(map(_bare, _SHE.findall(text))),
            "she": set(map(_bare, _HE.findall(text))),
        }
        self._known: dict[str, set[str]] = {}  # full names, by surname
        self._people: set[str] = set()  # that the last sentences were about
        self._about = ""  # those sentences
        self._earlier = ""

    def named(self, found: _Found, sentence: str) -> str:
        """Return a speaker under the name that was given before, where that is clear."""
        if found.speaker in ("he", "she"):
            return self._person(found.speaker, sentence[: found.start])
        noun = re.fullmatch(r"the ([a-z]+)", found.speaker)
        return self._holder(noun[1]) or found.speaker if noun else found.speaker

    def read(self, sentence: str, speakers: Sequence[str]) -> None:
        """Take in a sentence, and who speaks in it."""
        self._earlier = f"{self._earlier} {sentence}"[-_BACK:]
        for name in [*_PERSON.findall(sentence), *speakers]:
            if full := _full_name(name):
                self._known.setdefault(full.split()[-1], set()).add(full)
        people = self._of(f"{sentence} {' '.join(speakers)}")
        first = re.match(rf"{_NAME}(?<![’']s)(?= )", sentence)
        strangers = [name for name in speakers if name not in _PRONOUNS and not self._of(name)]
        if strangers or (
            first
            and first[0].lower() not in FUNCTION_WORDS
            and not self._of(first[0])
            and first[0] not in " ".join([*people, *speakers])
        ):
            self._people, self._about = set(), ""
        elif people:
            last = max(sentence.rfind(name.split()[-1]) for name in people)
            self._people, self._about, sentence = people, "", sentence[max(last, 0) :]
        elif re.search("[a-z]", sentence) and not re.search(
            r"\b(?:he|his|him|she|her)\b", sentence, re.IGNORECASE
        ):
            self._people, self._about = set(), ""
        self._about += sentence

    def _of(self, text: str) -> set[str]:
        return {
            full for name in re.findall(_NAME, text) for full in self._known.get(_bare(name), ())
        }

    def _person(self, pronoun: str, before: str) -> str:
        others = {
            "he": "she|hers?|him",
            "she": r"he|him|his|her(?=[,.;]| (?:at|to|that|why|of|in|on|with))",
        }[pronoun]
        first, _, rest = before.partition(" ")
        plain = first.lower() in FUNCTION_WORDS or re.match(r"“|[A-Z]\w+(?:ed|ing|ly)$", first)
        people = [name for name in self._people if name.split()[-1] not in self._not[pronoun]]
        if len(people) != 1 or not plain or re.search(rf"{_NAME}| who ", re.sub(_TIME, "", rest)):
            return pronoun
        return (
            pronoun
            if re.search(rf"\b(?:{others})\b", self._about + before, re.IGNORECASE)
            else people[0]
        )

    def _holder(self, noun: str) -> str:
        full = re.compile(
            rf"\b((?:{_NAME}[’']s?|[Tt]he) (?:{_NAME} |[a-z’'-]+ ){{0,3}}(?i:{noun})\b(?: of (?:the )?{_NAMES})?)"
            rf"|({_NAMES}), (?:an? (?:[a-z’'-]+ ){{0,3}}{noun}\b|the (?:[a-z’'-]+ ){{0,3}}{noun} (?:that|which)\b)"
        )
        names = {_phrase(match[1] or match[2]) for match in full.finditer(self._earlier)}
        names = {
            name
            for name in names
            if name
            and name != f"the {noun}"
            and (noun not in name or noun == _core(name)[-1].lower())
        }
        return names.pop() if len(names) == 1 else ""


def _bare(name: str) -> str:
    return re.sub(r"[’']s?$", "", name)


def _full_name(name: str) -> str:
    """Return a person's name without what the person is, or "" where it is no person's."""
    match = re.search(rf"(?:^|[a-z] )((?:{_TITLE})?{_NAME}(?: {_NAME})+)$", name)
    if not match or _ORGANISATION.search(match[1]) or name == f"the {match[1]}":
        return ""
    return match[1]
