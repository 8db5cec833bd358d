"""Whatever is written, every number, name, date and quotation that is published is the source's."""

from __future__ import annotations

import re

from hypothesis import example, given
from hypothesis import strategies as st

from onrecord.evals.support import unsupported
from onrecord.ground import ground
from onrecord.types import Claim, ClaimDropped, Draft, Evidence, Sentence
from onrecord.words import FUNCTION_WORDS
from tests.examples import examples

# Sentences with much to get wrong, which are cut up and put together anew.
RICH = [
    "On 3 May 2021, twenty-five of the 1,200 passengers were hurt near Bergen, said Anna Berg.",
    "Norland pays 4.5 million kroner, and Sudland two hundred and fifty million, by June 12.",
    "It was minus 18 degrees when Nils Dahl said “we did nothing”; 12 000 people saw it.",
    "The mayor of Oslo met Captain Nils Dahl on 12 June in Port Quell.",
    "Two soldiers lost twice, 7-3, by three quarters of dozens, first on Monday at 2:30 p.m.",
    "In the nineties, until 3/5/2021, he walked 9 km each spring with hundreds at noon.",
]
RICH_SOURCES = [
    Evidence(
        sentence=Sentence(document_id="d", index=place, start=0, end=len(text)),
        text=text,
        support=0.0,
    )
    for place, text in enumerate(RICH)
]
STRANGE = (
    *("13", "1,300", "4.5", "45", "five", "twenty", "fifty", "hundred", "million", "billion"),
    *("250", "-18", "١٢", "１３", "②", "½", "Ⅻ", "Paris", "Putin", "Dahlberg", "PARIS", "May"),
    *("June", "12 May", "“we sank it”", '"nothing"', "‘we did it all’", "Pütin", "Ṕaris", "EU"),
    *("one", "once", "thrice", "second", "eighties", "1990s", "one quarter", "a dozen", "hundred"),
    *("2:30 a.m.", "3-7", "5/3/2021", "tuesday", "june", "autumn", "midnight", "miles", "dollars"),
    *("putin", "sweden", "one soldier", "Anna Dahl", "Nils Berg", "Bergen Oslo"),
)
PIECES = [piece for text in RICH for piece in text.split()] + [*STRANGE, "the", "of", "not", "Yes,"]
MIXED = st.lists(st.sampled_from(PIECES), max_size=10).map(" ".join)
CUT = st.tuples(st.sampled_from(RICH), st.integers(0, 15), st.integers(1, 16)).map(
    lambda cut: " ".join(cut[0].split()[cut[1] : cut[1] + cut[2]])
)
SWAPPED = st.tuples(st.sampled_from(RICH), st.integers(0, 15), st.sampled_from(PIECES)).map(
    lambda swap: " ".join(
        swap[2] if place == swap[1] else word for place, word in enumerate(swap[0].split())
    )
)


SCALED = r"(?:[ -](?:hundred|thousand|million|billion)\b)*"
SPELLED = rf"\b(?:(?:twenty|fifty)(?:-five)?|five|two|hundred|million|billion){SCALED}\b"
SAID_OTHERWISE = {"12 hundred": "1,200", "250 million": "two hundred and fifty million"}
"""Numbers of the sources as they may be said, too."""
NUMBER = re.compile(
    rf"(?:minus )?(?:\d[\d.,/:]*(?: 000)?{SCALED}|{SPELLED}(?: and {SPELLED})?)", re.I
)


def told_by_eye(said: str, source: str) -> list[str]:
    """Return what a text says and its source does not, found in another way than check.py's.

    Every number with all that belongs to it, every day of a month, every word that counts, measures
    or says when, and every word with a capital must stand in the source as it is written, but for
    words of grammar at the beginning. Nor do two names follow each other which do not there.
    """
    told = [*closed(said, source), *side_by_side(said, source)]
    for otherwise, written in SAID_OTHERWISE.items():
        said = re.sub(rf"\b{otherwise}\b", written, said)
    said, source = (re.sub(r"(?<!\w)-(?=\d)", "minus ", text) for text in (said, source))
    words = enumerate(re.findall(r"\w+", said))
    names = [
        word
        for place, word in words
        if word != word.lower() and not (place == 0 and word.casefold() in FUNCTION_WORDS)
    ]
    parts = [part.strip(" .,-").casefold() for part in (*NUMBER.findall(said), *names)]
    known = f" {source.casefold()} "
    unknown = [
        part
        for part in parts
        if part and not re.search(rf"(?<![\w./:]){re.escape(part)}(?!\w|[.,/:]\d)", known)
    ]
    return told + unknown + sorted(days(said) - days(source))


CLOSED = re.compile(
    r"\b(?:once|twice|thrice|first|second|half|quarters?|dozens?|nineties|eighties|1990s|monday|tuesday"
    r"|june|spring|autumn|noon|midnight|km|miles|dollars|kroner|degrees|putin|sweden"
    r"|\d+[-/:]\d+(?:/\d+)?(?: [ap]\.m\.)?)(?!\w)"
)


def closed(said: str, source: str) -> list[str]:
    """Return the words of a list that a text has and its source has not; and "one soldier"."""
    known = {*CLOSED.findall(source.lower()), *re.findall(r"\d+:\d+", source)}
    alone = re.findall(r"\bone soldier\b", said.lower())
    return sorted(set(CLOSED.findall(said.lower())) - known) + alone


def side_by_side(said: str, source: str) -> list[str]:
    """Return the people and places of a text that stand side by side, and do not in its source."""
    name = r"\b(?:Anna|Berg|Nils|Dahl|Bergen|Oslo|Norland|Sudland)\b"
    return [
        " ".join(two)
        for two in re.findall(rf"(?=({name})[ -]({name}))", said)
        if not re.search(rf"{two[0]} {two[1]}", source)
    ]


def days(text: str) -> set[str]:
    """Return the days of a text, whichever way round they are written."""
    found = re.findall(r"\b\d{1,2} (?:May|June)|(?:May|June) \d{1,2}\b(?!,\d)", text)
    return {" ".join(sorted(day.split())) for day in found}


@examples(40)
@given(st.lists(st.builds(Draft, text=MIXED | CUT | SWAPPED, source=st.integers(1, 6)), max_size=4))
@example([Draft(text="It was minus 18 degrees when he said “we “we sank it” nothing”.", source=3)])
@example([Draft(text='He said “we "nothing" nothing”.', source=3)])
@example([Draft(text="One soldier lost once.", source=5)])
@example([Draft(text="Anna Dahl met Captain Nils Dahl at 2:30 a.m.", source=4)])
@example([Draft(text="The mayor met putin on tuesday, 5 miles from Oslo.", source=4)])
@example([Draft(text="12 hundred", source=1)])
@example([Draft(text="Norland pays 250 million kroner.", source=2)])
@example([Draft(text="Twenty of the passengers were hurt, said Anna Berg.", source=1)])
def test_whatever_is_written_every_number_name_date_and_quotation_is_the_sources(
    drafts: list[Draft],
) -> None:
    """Even where the reader lets everything pass."""
    for claim in ground(drafts, RICH_SOURCES, lambda *_: True):
        if isinstance(claim, ClaimDropped):
            continue
        assert isinstance(claim, Claim)
        (citation,) = claim.citations
        assert unsupported(claim) == ()
        said = re.sub(r"^(?:Yes|No)[,:] ", "", claim.text)
        assert told_by_eye(said, citation.text) == [], (claim.text, citation.text)
