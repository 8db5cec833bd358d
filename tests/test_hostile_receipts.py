"""Whatever a receipt says, no quotation and no answer stands that was altered."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord import Document, Receipt, Settings, verify
from onrecord.errors import ReceiptError
from onrecord.evals.support import unsupported
from onrecord.ground import ground
from onrecord.receipt import receipt, seal
from onrecord.sentences import split_sentences
from onrecord.types import Answer, Draft, Evidence, Status
from tests.examples import examples

DOCUMENT = Document(
    id="ferry.txt",
    title="The ferry",
    text="The captain denied that he slept at the wheel. The Aurora sank near Bergen, killing 12 "
    "people. Nobody found her cargo.",
)
SENTENCES = [DOCUMENT.text[each.start : each.end] for each in split_sentences(DOCUMENT)]
SOURCES = [
    Evidence(sentence=each, text=DOCUMENT.text[each.start : each.end], title="The ferry")
    for each in split_sentences(DOCUMENT)
]
CLAIMS = tuple(
    ground(
        [Draft(text=SENTENCES[0], source=1), Draft(text="The Aurora sank near Bergen.", source=2)],
        SOURCES,
        lambda *_: False,
    )
)
ANSWERED = Answer(
    question="What happened?",
    text=" ".join(claim.marked for claim in CLAIMS),  # type: ignore[union-attr]
    status=Status.ANSWERED,
    claims=CLAIMS,  # type: ignore[arg-type]
    citations=tuple(claim.citations[0] for claim in CLAIMS),  # type: ignore[union-attr]
)
REFUSED = Answer(
    question="Who built it?",
    text="The article does not say.",
    status=Status.NOT_IN_CORPUS,
    nearest=(ANSWERED.citations[1].model_copy(update={"number": 1}),),
)


def sealed(answer: Answer) -> Receipt:
    return receipt(seal(answer, [DOCUMENT]), Settings())


RECEIPTS = [sealed(answer) for answer in (ANSWERED, REFUSED)]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
# What a hand would put in the place of something: parts of it, and what stands elsewhere.
VALUES = st.one_of(
    JSON,
    st.sampled_from([*SENTENCES, "", "he slept at the wheel", "The captain", "12", "Yes.", "[99]"]),
    st.integers(-200, 200),
)


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every place in a JSON value, as what holds it and its key there."""
    for key in value if isinstance(value, dict) else range(len(value)):
        yield value, key
        if isinstance(value[key], dict | list):
            yield from places(value[key])


def loaded(data: bytes) -> Receipt | None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "receipt.json"
        path.write_bytes(data)
        try:
            return Receipt.load(path)
        except ReceiptError as error:
            said = str(error)
    assert "receipt.json" in said
    return None


def check(made: Receipt) -> None:
    """What stands quotes whole sentences of the document, and says no more than they do."""
    if not verify(made, [DOCUMENT]).stands:
        return
    assert all(citation.text in SENTENCES for citation in made.answer.quoted)
    for claim in made.answer.claims:
        assert unsupported(claim) == ()
        assert claim.marked in made.answer.text
    if not made.answer.claims:
        assert made.answer.text.endswith((" does not say.", " documents says."))


@examples(50)
@given(st.binary(max_size=100) | JSON.map(lambda value: json.dumps(value).encode()))
def test_any_file_is_a_receipt_or_named(data: bytes) -> None:
    assert loaded(data) is None


@pytest.mark.parametrize(
    "data", [b"[" * 1_000_000, b'{"answer":' * 100_000, b'"' + b"\\u0000" * 99]
)
def test_a_deep_file_is_named(data: bytes) -> None:
    assert loaded(data) is None


@pytest.mark.parametrize("made", RECEIPTS)
def test_what_nobody_altered_stands(made: Receipt) -> None:
    assert verify(made, [DOCUMENT]).stands


@examples(50)
@given(st.sampled_from(RECEIPTS), st.data())
def test_no_altered_receipt_stands_with_an_altered_quotation(
    made: Receipt, data: st.DataObject
) -> None:
    value = json.loads(made.model_dump_json())
    for _ in range(data.draw(st.integers(1, 3))):
        holder, key = data.draw(st.sampled_from(list(places(value))))
        holder[key] = data.draw(VALUES)
    if altered := loaded(json.dumps(value).encode()):
        check(altered)


@examples(40)
@given(st.text(max_size=60) | st.sampled_from([DOCUMENT.text, "he slept at the wheel", ""]))
def test_a_forged_quotation_stands_only_where_it_is_a_whole_sentence(text: str) -> None:
    """As careful as a hand can be: the citation, its copy, its place, claim and answer fit."""
    start = DOCUMENT.text.find(text)
    update = {"text": text, "start": start, "end": start + len(text)}
    cited = ANSWERED.citations[0].model_copy(update=update)
    claim = ANSWERED.claims[0].model_copy(update={"text": text, "citations": (cited,)})
    forged = ANSWERED.model_copy(
        update={"text": claim.marked, "claims": (claim,), "citations": (cited,)}
    )
    stands = verify(sealed(forged), [DOCUMENT]).stands
    assert stands is (text in SENTENCES)


def test_a_claim_cannot_hide_a_number_in_a_marker() -> None:
    claim = ANSWERED.claims[1].model_copy(update={"text": "The Aurora sank near Bergen [1931]."})
    forged = ANSWERED.model_copy(update={"text": claim.marked, "claims": (claim,)})
    assert verify(sealed(forged), [DOCUMENT]).altered


def test_a_refusal_cannot_be_made_to_say_something() -> None:
    forged = REFUSED.model_copy(update={"text": "The captain slept at the wheel."})
    assert verify(sealed(forged), [DOCUMENT]).altered
