"""Does a sentence say who, or which, or does it leave that open?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.identify import leaves_open


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Who abstained?", "It was carried by 29 votes to 8, with four abstentions."),
        ("and who voted against it?", "The proposal was carried by 29 votes to 8."),
        ("Whose body was found in 2009?", "One body was found in 2009."),
        ("Which plots fell vacant?", "Three plots fell vacant last year, and one was divided."),
        ("Which nine states had stores?", "It once ran 340 stores in nine states."),
        ("Which mining company paid?", "Most of it was given by a mining company."),
        ("Which bank commissioned it?", "It was commissioned by a bank."),
        ("Which councillors abstained?", "Three councillors abstained."),
        ("In which convent did Sophie live?", "It never took place, as Sophie entered a convent."),
        ("On which mountain did Kolanko die?", "Kolanko died two years later on another mountain."),
        ("which two banks turned them down?", "Two banks turned them down."),
    ],
)
def test_what_is_only_counted_or_belongs_to_nobody_is_left_open(
    question: str, sentence: str
) -> None:
    assert leaves_open(question, sentence)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        # Somebody is spoken of
        ("Who abstained?", "Four members abstained."),
        ("Who won?", "Arsenal won by two goals to one."),
        ("Who pays for it?", "Of the repairs the council paid 600 pounds."),
        ("Who found it?", "It was found by her."),
        ("Who knows Kolanko?", "Kolanko is known to nobody."),
        ("Who is older, Ann or Bea?", "The difference in age is two years."),
        # It is named
        ("Which plots fell vacant?", "Three plots fell vacant: 4, 7 and 12."),
        ("Which dogs were lost?", "Two dogs, Rex and Bo, were lost."),
        ("Which rooms were flooded?", "Two rooms were flooded, the kitchen and the hall."),
        ("Which sugar protects the cells?", "The cells are protected by a sugar called trehalose."),
        ("Which party left?", "A party left, the Greens."),
        # It is told from others of its kind
        ("Which bank was robbed?", "A bank in the old town was robbed."),
        ("Which bank was robbed?", "A savings bank was robbed."),
        ("Which bank was robbed?", "The bank was robbed."),
        # Nothing of the kind is asked for
        ("In which year did he die?", "He died two years later, in 1888."),
        ("What did the bank do?", "A bank was robbed."),
        ("Who abstained, and when was the vote?", "The vote was on 3 May, with 4 abstentions."),
        # Capitals and words tell nothing here
        ("Who won?", "two goals to one, and it was over by ten"),
        ("Who won?", "河水上涨了三米。"),
        ("Who resigned?", "El alcalde dimitió ayer por la tarde."),
        ("Wer hat gewonnen?", "It was over by ten."),
        ("Who won?", ""),
    ],
)
def test_what_is_said_is_not_left_open(question: str, sentence: str) -> None:
    assert not leaves_open(question, sentence)


@given(st.text(max_size=200), st.text(max_size=400))
def test_any_text_is_looked_at(question: str, sentence: str) -> None:
    assert leaves_open(question, sentence) in (True, False)
