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
        ("She met him on the fifth.", ()),
        ("She met six people.", ("6",)),
        ("She met no one else.", ()),
        ("She met 1 man.", ("1",)),
        ("Yesterday, she met Charles Darwin.", ("Darwin",)),
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


@given(st.text(max_size=60))
def test_whatever_is_claimed_can_be_judged(text: str) -> None:
    assert all(part in text or part[0].isdigit() for part in unsupported(claim(text)))
