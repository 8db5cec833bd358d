import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord import Claim
from onrecord.evals.support import unsupported
from tests.evals.eval_samples import SENTENCES, cite


def claim(text: str, *sentences: int) -> Claim:
    return Claim(text=text, citations=tuple(cite(one) for one in sentences or (0,)))


@pytest.mark.parametrize("sentence", range(3))
def test_a_sentence_supports_itself(sentence: int) -> None:
    assert unsupported(claim(SENTENCES[sentence], sentence)) == ()


@pytest.mark.parametrize(
    ("text", "lacking"),
    [
        ("She met him in 1834.", ("1834",)),
        ("She met him on June 5, 1833.", ()),
        ("She met him on the fifth.", ("fifth",)),
        ("She met him twice.", ("twice",)),
        ("She met him on a tuesday in spring.", ("spring", "tuesday")),
        ("She met him at 2:30 p.m.", ("2", "30", "pm", "2:30")),
        ("She met him for 5 miles.", ("mile",)),
        ("She met him for £5.", ("pound",)),
        ("She met darwin.", ("darwin",)),
        ("She met six people.", ("6",)),
        ("She met Six people.", ("6",)),
        ("She met no one else.", ()),
        ("She met 1 man.", ("1",)),
        ("Yesterday, she met Charles Darwin.", ("Darwin", "yesterday")),
        ("Babbage Charles met her.", ("Babbage Charles",)),
        ("Darwin met her.", ()),
        ("Yes: Babbage met her.", ()),
        ("She met Babbage. Then he left.", ()),
        ("She met Babbage’s friend, and I know.", ()),
        ("She met Charlotte.", ("Charlotte",)),
        ("She “met Charles Babbage”.", ()),
        ("She “was to meet Charles Babbage”.", ("was to meet Charles Babbage",)),
        ('She "met no man".', ("met no man",)),
    ],
)
def test_numbers_names_and_quotations_stand_in_what_is_cited(
    text: str, lacking: tuple[str, ...]
) -> None:
    assert unsupported(claim(text)) == lacking


def test_any_cited_sentence_will_do() -> None:
    assert unsupported(claim("Babbage showed her three.", 1)) == ()
    assert unsupported(claim("Then Babbage showed her three.", 1)) == ("Babbage",)
    assert unsupported(claim("Then Babbage showed her three.", 0, 1)) == ()


def test_one_is_not_two() -> None:
    text = "Two soldiers were killed, and Anna Berg met Nils Dahl."
    cited = cite(0).model_copy(update={"text": text, "end": len(text)})
    for said, lacking in [
        ("One soldier was killed.", "soldier"),
        ("Anna Dahl was killed.", "Anna Dahl"),
    ]:
        assert unsupported(Claim(text=said, citations=(cited,))) == (lacking,)


@given(st.text(max_size=60))
def test_whatever_is_claimed_can_be_judged(text: str) -> None:
    assert all(unsupported(claim(text)))
