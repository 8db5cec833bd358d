import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.vocabulary import Vocabulary

KNOWN = Vocabulary(["President Ilham Aliyev met the opposition in Yerevan, against advice."])


@pytest.mark.parametrize(
    ("question", "corrected"),
    [
        ("Where is presedent Aliev?", "Where is President Aliyev?"),
        ("aginst the oposition", "against the opposition"),
        ("Yerevna", "Yerevan"),
        # words of English, and names that are no slip, stay as they are
        ("Who went to Georgia with the precedent?", "Who went to Georgia with the precedent?"),
        ("Who is Mehriban Aliyeva?", "Who is Mehriban Aliyeva?"),
        ("Is Vladimir Putin there?", "Is Vladimir Putin there?"),
        ("teh 2020 xyz", "teh 2020 xyz"),
    ],
)
def test_slips_become_words_of_the_corpus(question: str, corrected: str) -> None:
    assert KNOWN.correct(question) == corrected


@pytest.mark.parametrize(
    "question",
    [
        "What do Iranian and Turkish ministers want?",
        "Which two ministers met?",
        "Were there 25 of them?",
        "Do you know if I’m right?",
        "WHO MET PUTIN?",
    ],
)
def test_what_a_question_merely_puts_otherwise_is_no_stranger(question: str) -> None:
    assert Vocabulary(["Twenty-five from Iran met those of Turkey."]).strangers(question) == ()


@given(st.text(max_size=100))
def test_any_question_can_be_corrected(question: str) -> None:
    corrected = KNOWN.correct(question)
    assert sum(not c.isalpha() for c in corrected) == sum(not c.isalpha() for c in question)


def test_the_words_of_the_corpus_stay() -> None:
    text = "President Ilham Aliyev met the opposition in Yerevan, against advice."
    assert KNOWN.correct(text) == text


@pytest.mark.parametrize(
    ("question", "count"),
    [
        ("Where is Ilham Aliyev?", 0),
        ("Where is Vladimir Putin?", 2),
        ("Georgia?", 0),  # a first word has a capital in any case
        ("Who spoke for the Yerevans in 1999?", 1),
        ("What does the opposition want?", 0),
    ],
)
def test_names_and_numbers_that_are_strange_to_the_corpus(question: str, count: int) -> None:
    assert len(KNOWN.strangers(question)) == count
