"""What somebody says is never published as a fact."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.voice import Voice, voice_of


@pytest.mark.parametrize(
    ("claim", "source", "voice"),
    [
        ("A pit was found.", "The chief, Ann Lee, said that a pit was found.", "Ann Lee"),
        ("Ortega backed out.", "Ortega backed out, according to court papers.", "court papers"),
        ("It was safe.", "Ann Lee said that it was old, but was safe.", "Ann Lee"),
        ("He fled.", "He fled, according to court papers unsealed on Friday.", "court papers"),
        ("The bridge is safe.", "The bridge is safe, the ministry said.", "the ministry"),
        ("The bridge is safe.", "The bridge is safe, the ministry said on Monday.", "the ministry"),
        ("The bridge is safe.", "“The bridge is safe,” said Anna Kern.", "Anna Kern"),
        ("The bank has closed.", "The bank, according to Reuters, has closed.", "Reuters"),
        ("Noise would harm it.", "It stayed, he said, as noise would harm it.", Voice.UNCLEAR),
        ("He was well.", "Ann Lee said that he was well; Bo Dahl said he was ill.", Voice.UNCLEAR),
        ("The state sold it.", "Ann Lee said that the state sold it.", "Ann Lee"),
        ("The US army fled.", "The Russian army said that the US army fled.", "the Russian army"),
        ("Mr Lee stole it.", "Ms Lee said that Mr Lee stole it.", "Ms Lee"),
        ("The port was closed.", "The port was closed, Ann Lee told Reuters.", "Ann Lee"),
        ("The port was closed.", "The port was closed, the army told the court.", "the army"),
        ("The port was closed.", "The port was closed, Ann Lee said yesterday.", "Ann Lee"),
        ("The port was shut.", "The port was shut, Ann Lee said via email on Monday.", "Ann Lee"),
        (
            "Lee said that the port was closed.",
            "Berg said that the port was closed, but Lee said that it was open.",
            Voice.UNCLEAR,
        ),
        (
            "According to Lee, the port was closed.",
            "Berg said that the port was closed, but Lee said that it was open.",
            Voice.UNCLEAR,
        ),
        (
            "Berg said that it was open.",
            "Mr Berg said that the port was closed; Ms Lee said that it was open.",
            Voice.UNCLEAR,
        ),
    ],
)
def test_what_somebody_says_is_theirs(claim: str, source: str, voice: str | Voice) -> None:
    assert voice_of(claim, source) == voice


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("Ann Lee said that a pit was found.", "The chief, Ann Lee, said that a pit was found."),
        ("The bank has reportedly closed.", "The bank has reportedly closed, Reuters said."),
        ("The bridge opened on Friday.", "Ann Lee opened the bridge on Friday."),
        (
            "Ann Lee opened the bridge on Friday.",
            "Ann Lee, who opened the bridge on Friday, said that it was safe.",
        ),
        (
            "The trawler had sunk in March.",
            "Bo Dahl said that he was ill, but the trawler had sunk in March.",
        ),
        ("Bo Dahl denied the theft.", "Bo Dahl denied the theft."),
        ("Bo Dahl was said to be ill.", "Ann Lee said that Bo Dahl was ill."),
        ("Ann Lee runs it.", "“We won,” said Ann Lee, who runs it, “and they lost.”"),
        ("According to Ann Lee it was safe.", "It was safe, according to Ann Lee."),
        ("Bo Dahl demanded it.", "Bo Dahl called it “a crime” and demanded it."),
        ("The port was closed.", "Bo Dahl never said that the port was closed."),
        (
            "Lee said that it was open.",
            "Berg said that the port was closed, but Lee said that it was open.",
        ),
        (
            "According to Berg, the port was closed.",
            "Mr Berg said that the port was closed, but Lee said that it was open.",
        ),
        (
            "Lee denied that Berg had said that it was closed.",
            "Lee denied that Berg had said that it was closed.",
        ),
        ("Bo Dahl denied that it was shut.", "Ann Lee said that it was shut; Bo Dahl denied it."),
        ("He took Goma.", "After he took Goma, Ann Lee said she was relieved."),
        ("It shut in May.", "It shut in May, but in June, Bo Dahl said it would reopen."),
        ("It was shut.", f"It was shut, Ann Lee said in {'a' * 200}!"),
        ("She forbids it.", "She forbids it; “Never again,” Ann Lee told me."),
        ("It has 940 plants.", "It has 940 plants, 431 birds and an estimated 90,000 insects."),
        ("He closed it in May.", "In May he closed it, and Bo Dahl told Reuters about the port."),
    ],
)
def test_what_the_text_says_is_its_own(claim: str, source: str) -> None:
    assert voice_of(claim, source) is Voice.OWN


@given(st.text(), st.text())
def test_a_speaker_stands_in_the_source(claim: str, source: str) -> None:
    voice = voice_of(claim, source)
    assert isinstance(voice, Voice) or voice.casefold() in source.casefold()
