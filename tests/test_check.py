import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.check import doubts, foreign, numbers
from onrecord.corpus import split_sentences
from onrecord.types import Document

FERRY = (
    "The ferry “Aurora”, which allegedly carried 1,200 people, was stopped near Bergen on 3 May "
    "by Captain Nils Dahl, officials said."
)
QUARREL = "Norland and Sudland accused Westland of breaking the truce, which Westland has denied."


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("The ferry was allegedly stopped near Bergen, officials said.", FERRY),
        ("Captain Nils Dahl stopped it.", "It was stopped by Captain Nils Dahl."),
        ("Norland and Sudland accused Westland of breaking the truce.", QUARREL),
        ("The mayor met Anna Berg in Geneva.", "In Geneva, the mayor met Anna Berg on Monday."),
        ("The ferry sank near Bergen.", "The ferry “Aurora” sank near Bergen on 3 May."),
        ("Three boats sank.", "3 boats sank."),
        ("It cost 30000 euros.", "It cost 30,000 euros."),
    ],
)
def test_what_the_source_carries_passes(claim: str, source: str) -> None:
    assert foreign(claim, source) == []
    assert doubts(claim, source) == []


@pytest.mark.parametrize(
    ("claim", "source", "why"),
    [
        ("The ferry allegedly carried 1,300 people.", FERRY, "number 1300"),
        ("It allegedly carried thirteen people.", FERRY, "number 13"),
        ("The ferry was allegedly stopped on 3 June.", FERRY, "“June”"),
        ("Captain Olav Dahl allegedly stopped the ferry.", FERRY, "“Olav”"),
        ("It was allegedly stopped in May, Will said.", FERRY.replace("May", "June"), "“May”"),
        ("Olav allegedly stopped the ferry.", FERRY, "“Olav”"),
        ("The ferry “Borealis” was allegedly stopped.", FERRY, "quotation"),
        ("The ferry “the “people stopped” was allegedly stopped.", FERRY, "“people stopped”"),
        ("The ferry was <a>allegedly</a> stopped.", FERRY, "U+003C"),
        ("The ferry was allegedly \u202estopped.", FERRY, "U+202E"),
        ("The ferry carried 1,200 people.", FERRY, "only reports"),
        ("He left because of his health.", "He left, reportedly because of his health.", "only"),
        ("Two thieves were seen.", "Two suspected thieves were seen.", "only reports"),
    ],
)
def test_what_the_source_does_not_have_is_named(claim: str, source: str, why: str) -> None:
    assert any(why in fault for fault in foreign(claim, source)), foreign(claim, source)


@pytest.mark.parametrize(
    ("claim", "source", "why"),
    [
        ("The ship was allegedly stopped, officials said.", FERRY, "“ship”"),
        ("The ferry carried 1,200 people, officials said.", FERRY, "hedge"),
        (
            "The ferry was stopped near Bergen.",
            "The ferry was stopped near Bergen, he said.",
            "who says",
        ),
        ("The ferry was not allegedly stopped.", FERRY, "does not say no"),
        ("Westland broke the truce.", QUARREL, "hedge"),
        ("Five were ill.", "Five were ill, which is possibly due to the water.", "hedge"),
        ("Westland accused Norland of breaking the truce.", QUARREL, "not how the source puts it"),
        ("Anna Berg met the mayor.", "The mayor of Oslo met Anna Berg.", "not how the source"),
        ("She was expected to win.", "She was not expected to win.", "denies"),
    ],
)
def test_what_a_reader_must_decide_is_named(claim: str, source: str, why: str) -> None:
    assert foreign(claim, source) == []
    assert any(why in doubt for doubt in doubts(claim, source)), doubts(claim, source)


def test_every_sentence_carries_itself(article: Document) -> None:
    for sentence in split_sentences(article):
        text = article.text[sentence.start : sentence.end]
        assert foreign(text, text) == []
        assert doubts(text, text) == []


@given(st.text(max_size=200))
def test_any_text_carries_itself(text: str) -> None:
    assert foreign(text, text) == []
    assert doubts(text, text) == []


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_claim_can_be_checked(claim: str, source: str) -> None:
    assert isinstance([*foreign(claim, source), *doubts(claim, source)], list)


def test_numbers_are_compared_by_value() -> None:
    assert numbers("1,200 men, 3.5 tons, twenty of 7") == {"1200", "3.5", "20", "7"}


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("Twenty people came.", "Twenty-five people came."),
        ("It costs 4.5 kroner.", "It costs 4.5 million kroner."),
        ("It costs 4.5 billion kroner.", "It costs 4.5 million kroner, not a billion less."),
        ("Two hundred came.", "Two hundred and fifty came."),
        ("12 people came.", "12 000 people came."),
        ("It was 18 degrees.", "It was minus 18 degrees."),
        ("It was 18 degrees.", "It was -18 degrees."),
        ("He came on 12 May.", "He came on 3 May with 12 others."),
        ("He came on May 12.", "He came on May 3 with 12 others."),
        ("He came in May 2020.", "He came in June 2020, and left in May 2021."),
        ("Half of them came.", "Some of them came."),
        ("A dozen came.", "Twelve came."),
    ],
)
def test_a_part_of_an_amount_or_another_day_is_never_published(claim: str, source: str) -> None:
    assert foreign(claim, source)


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("25 came.", "25 people came, twenty-five."),
        ("It cost 4.5 million.", "It cost 4.5 million kroner in May 2021."),
        ("He came on May 3.", "He came on 3 May 2021."),
        ("He came on 3 May.", "He came on the 3rd of May."),
        ("Three hundred thousand came.", "Some three hundred thousand came."),
        ("It was minus 18 degrees.", "It was minus 18 degrees at night."),
        ("5 came between 9 and 10.", "Between 9 and 10, 5 came."),
    ],
)
def test_the_same_amount_or_day_passes(claim: str, source: str) -> None:
    assert foreign(claim, source) == []
