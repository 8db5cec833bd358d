import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.evals.wording import mentions, normalise


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("three", "3"),
        ("6,500", "six thousand five hundred"),
        ("30,000", "30 thousand"),
        ("one hundred thousand", "100000"),
        ("two hundred and five", "205"),
        ("forty-two", "42"),
        ("March 25", "25 March"),
        ("March 25th", "the 25th of March"),
        ("Baku’s “own”", 'Baku\'s "own"'),
        ("Nagorno‑Karabakh", "nagorno karabakh"),
        ("The mill", "a mill"),
        ("STRASSE", "straße"),
    ],
)
def test_wordings_that_say_the_same(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("It killed 30,000.", "3"),
        ("It killed 6,500 in 2020.", "500"),
        ("It took 1.5 years.", "5"),
        ("Another one", "other"),
        ("1.5 million", "5 million"),
        ("3 thousand 2020", "5020"),
        ("anything", "."),
    ],
)
def test_parts_of_words_and_numbers_are_not_mentioned(text: str, phrase: str) -> None:
    assert not mentions(text, [phrase])


@given(st.integers(min_value=0, max_value=10**12 - 1))
def test_thousands_separators_change_nothing(number: int) -> None:
    assert normalise(f"{number:,}") == normalise(str(number)) == str(number)


@given(st.text(), st.text())
def test_a_phrase_with_words_is_mentioned_where_it_stands(before: str, after: str) -> None:
    assert mentions(f"{before}; Charles Babbage; {after}", ["charles babbage"])


@given(st.text())
def test_case_and_surrounding_punctuation_change_nothing(text: str) -> None:
    assert normalise(f"“{text.casefold()}”!") == normalise(text.casefold())


@given(st.text())
def test_any_text_can_be_normalised(text: str) -> None:
    assert normalise(text) == normalise(text).strip()
