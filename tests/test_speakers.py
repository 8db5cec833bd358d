import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.sentences import split_sentences
from onrecord.speakers import speaker_of, statements
from onrecord.types import Document


def said(text: str) -> list[tuple[str, str]]:
    document = Document(id="a", title="A", text=text)
    return [(item.speaker, item.verb) for item in statements(document, split_sentences(document))]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("The ministry said that the bridge was safe.", "the ministry"),
        ("The bridge is safe, the ministry said.", "the ministry"),
        ("“It is safe,” said Anna Kern, a nurse.", "Anna Kern"),
        ("“It is safe”, said the operator, Norpower, on Tuesday.", "Norpower"),
        ("It is safe, says the engineer Anna Kern, who built it.", "the engineer Anna Kern"),
        ("Norpower’s lawyer told Reuters on Monday that it was safe.", "Norpower’s lawyer"),
        ("Norland accused Sudland of breaking the truce.", "Norland"),
        ("Critics have accused the government of inaction.", "Critics"),
        ("The company has always denied wrongdoing.", "the company"),
        ("The plant leaks, a charge that the company denies.", "the company"),
        ("The bank, according to Reuters, has closed.", "Reuters"),
        ("According to his lawyer, Ben Roe, the money was a gift.", "Ben Roe"),
        ("It leaks, according to a statement from Norland’s army.", "Norland’s army"),
        ("In a statement the company said it would appeal.", "the company"),
        ("On Monday Orlov told the court that he had been in Lenz.", "Orlov"),
        ("Orlov is accused by the ministry of lying.", "the ministry"),
        ("The minister was quoted as saying that it was safe.", "the minister"),
        ("Ara Poghosyan, the mayor of Lenz, said it was safe.", "Ara Poghosyan"),
        ("The mayor of Lenz, Ara Poghosyan, said it was safe.", "Ara Poghosyan"),
        ("Olga Ruud, 54, who has led the party since 2019, said it was safe.", "Olga Ruud"),
        ("They were led by a teacher, Edwin Prowse, who said that he knew.", "Edwin Prowse"),
        ("The firm lost, and its owner, Ann Lee, called the ruling “a joke”.", "Ann Lee"),
        ("A ban, which the union calls “a gift”, begins in May.", "the union"),
        ("The price, Ann Lee admitted, was high.", "Ann Lee"),
        ("Baku accepted, claiming that it had asked before.", "Baku"),
        ("Ann Lee resigned on Monday and said that she was tired.", "Ann Lee"),
        ("The bridge collapsed and the mayor said nobody was hurt.", "the mayor"),
        ("The police put the damage at 3 million euros.", "the police"),
        ("It was, according to the release, “safe”.", "the release"),
        ("The talks failed, and officials said that they were tired.", "officials"),
        ("It was safe, the ministry announced on Thursday.", "the ministry"),
        ("He said that it was safe.", ""),
        ("U.S. officials said that it was safe.", "U.S. officials"),
        ("The World Bank (WB) said that prices would rise.", "the World Bank"),
    ],
)
def test_the_speaker_is_found(text: str, speaker: str) -> None:
    assert speaker_of(text) == speaker


@pytest.mark.parametrize(
    "text",
    [
        "The bridge opened in May.",
        "",
        "She is said to have left.",
        "She is accused of fraud.",
        "It is alleged that he lied.",
        "The protocol says nothing about dams.",
        "The minister would not say whether it was safe.",
        "Neither side said when talks would resume.",
        "No one said that it was safe.",
        "That said, the bridge is old.",
        "A thing called “a toy” was found.",
        "Workers were told to leave.",
        "The beads were sorted according to size.",
        "The bank insisted on a guarantee that nobody gave.",
        "They read “The ministry said that it was safe” on the wall.",
        "The cook, a Dane, added salt.",
        "The book was welcomed in Lenz and dismissed in Orn as “a toy”.",
        "It was told to reporters in May.",
        "The firm, Norpower, whose director, a Dane, left, is old.",
        "Iran, Russia and China said they would meet.",  # who leaves out the first is wrong
    ],
)
def test_what_attributes_nothing_clearly_has_no_speaker(text: str) -> None:
    assert speaker_of(text) == ""


def test_a_sentence_can_have_several_speakers() -> None:
    text = "Norland accused Sudland of breaking the truce, which Sudland has denied."
    assert said(text) == [("Norland", "accused"), ("Sudland", "denied")]


def test_a_speaker_stands_once_for_each_sentence() -> None:
    assert said("Ann Lee said it was late, and warned that it was cold.") == [("Ann Lee", "said")]


def test_statements_know_their_sentences(article: Document) -> None:
    sentences = split_sentences(article)
    found = {
        item.sentence.index: (item.speaker, item.verb) for item in statements(article, sentences)
    }
    assert found[3] == ("Yerevan’s foreign ministry", "according to")
    assert found[5] == ("the foreign ministry of Azerbaijan", "stated")
    assert 1 not in found
    assert all(item.sentence in sentences for item in statements(article, sentences))


def test_the_ministry_is_the_only_one_that_was_named(article: Document) -> None:
    found = {
        item.sentence.index: item.speaker for item in statements(article, split_sentences(article))
    }
    assert found[4] == "Yerevan’s foreign ministry"


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Norland’s army and Sudland’s army met. The army said that it was late.", "the army"),
        ("Velanto, the company that built it, is old. The company denied it.", "Velanto"),
        ("The Road Safety Institute is old. The institute denied it.", "the Road Safety Institute"),
        ("The door of the court was shut. The court said that it was late.", "the court"),
    ],
)
def test_an_institution_is_named_where_it_is_clear(text: str, speaker: str) -> None:
    assert said(text) == [(speaker, "denied" if "denied" in text else "said")]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Ann Lee said that it was late. She added that it was cold.", "Ann Lee"),
        ("The owner, Ann Lee, came by bus. “It was cold,” she said.", "Ann Lee"),
        ("Ben Roe said that it was late. His coat was wet. He added that it was cold.", "Ben Roe"),
        # two people, or somebody else
        ("Ann Lee, the mayor, met Eva Orr, a nurse. She said that it was cold.", "she"),
        ("Ann Lee told her why it was late. She said that it was cold.", "she"),
        ("Mr Roe came to the bridge. She said that it was cold.", "she"),
        ("Ben Roe said that he missed her. She said that it was cold.", "she"),
        ("Ben Roe said it was late. A neighbour said it was early. He said it was cold.", "he"),
        ("Ben Roe said that it was late. Orlov laughed. He said that it was cold.", "he"),
        ("Analysts at Goldman Sachs said it was late. He said that it was cold.", "he"),
        ("The Road Safety Institute said it was late. He said that it was cold.", "he"),
    ],
)
def test_a_pronoun_is_the_last_person_where_that_is_clear(text: str, speaker: str) -> None:
    assert said(text)[-1] == (speaker, "added" if "added" in text else "said")


def test_a_quotation_goes_on_with_its_speaker() -> None:
    text = "“It was cold,” said Ann Lee, a nurse. “Nobody came.” The ward was shut."
    assert said(text) == [("Ann Lee", "said"), ("Ann Lee", "said")]


def test_a_quotation_in_another_paragraph_may_be_somebody_elses() -> None:
    assert said("“It was cold,” said Ann Lee, a nurse.\n\n“Nobody came.”") == [("Ann Lee", "said")]


@given(st.text(max_size=200))
def test_a_speaker_of_any_text_is_spelled_as_in_the_text(text: str) -> None:
    assert speaker_of(text).casefold() in text.casefold()


@given(
    st.lists(
        st.sampled_from(
            'said told accused of the a Ann Lee ministry , . “ ” " and that who he which but'
            " according to denied by saying Norland’s; in May (WB)".split()
        ),
        max_size=40,
    )
)
def test_statements_of_any_words_stand_in_the_text(words: list[str]) -> None:
    document = Document(id="a", title="A", text=" ".join(words))
    sentences = split_sentences(document)
    for item in statements(document, sentences):
        assert item.sentence in sentences
        assert item.speaker
        assert item.speaker.casefold() in document.text.replace(" (WB)", "").casefold()
        assert item.verb.casefold() in document.text.casefold()


@pytest.mark.parametrize(
    "words", ["said ", "told a ", "“a”, said ", "A and ", "x called ", "(of a "]
)
def test_hostile_text_is_read_in_time(words: str) -> None:
    began = time.perf_counter()
    speaker_of(words * (4_000 // len(words)))
    assert time.perf_counter() - began < 10
