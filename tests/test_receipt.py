"""A receipt says of an answer whether it still stands, and nobody needs a model for that."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from onrecord import Answer, Assistant, Document, Receipt, verify
from onrecord.cli import app
from onrecord.errors import ReceiptError
from onrecord.receipt import Standing
from onrecord.types import Status
from tests.fakes import FakeModel

TEXT = "The ferry Aurora sank near Bergen on 3 May. Nobody of the 12 on board was hurt."


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "ferry.txt").write_text(TEXT, encoding="utf-8")
    return folder


@pytest.fixture
def receipt(corpus: Path, tmp_path: Path) -> Receipt:
    model = FakeModel(drafts=['{"1": "The ferry Aurora sank near Bergen on 3 May."}'])
    with Assistant(corpus, model) as assistant:
        answer = assistant.ask("When did the Aurora sink?")
        made = assistant.receipt(answer, [{"role": "user", "content": "Hello?"}])
    assert answer.status is Status.ANSWERED
    return made


def standings(receipt: Receipt, corpus: Path) -> list[str]:
    return [item.standing.value for item in verify(receipt, corpus).citations]


def test_an_answer_stands_while_its_documents_do(
    receipt: Receipt, corpus: Path, tmp_path: Path
) -> None:
    receipt.save(tmp_path / "receipt.json")
    read = Receipt.load(tmp_path / "receipt.json")
    assert read == receipt
    found = verify(read, corpus)
    assert found.stands
    assert not found.changed
    assert [message.content for message in read.history] == ["Hello?"]


@pytest.mark.parametrize(
    ("text", "standing", "stands"),
    [
        (f"Bergen. {TEXT}", Standing.MOVED, True),
        (TEXT.replace("3 May", "4 May"), Standing.GONE, False),
    ],
)
def test_a_changed_document_is_seen(
    receipt: Receipt, corpus: Path, text: str, standing: Standing, stands: bool
) -> None:
    (corpus / "ferry.txt").write_text(text, encoding="utf-8")
    found = verify(receipt, corpus)
    assert found.changed == ("ferry.txt",)
    assert found.citations[0].standing is standing
    assert found.stands is stands


def test_a_document_that_is_gone_is_seen(receipt: Receipt, corpus: Path) -> None:
    (corpus / "ferry.txt").rename(corpus / "other.txt")
    assert standings(receipt, corpus)[0] == "no document"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"text":"The ferry Aurora sank near Bergen on 3 May [1]."', '"text":"It sank [1]."'),
        ('"claims":[{"text":"The ferry Aurora', '"claims":[{"text":"The ferry Borealis'),
    ],
)
def test_an_altered_answer_is_seen(
    receipt: Receipt, corpus: Path, tmp_path: Path, old: str, new: str
) -> None:
    written = receipt.model_dump_json()
    assert old in written
    (tmp_path / "r.json").write_text(written.replace(old, new), encoding="utf-8")
    found = verify(Receipt.load(tmp_path / "r.json"), corpus)
    assert found.altered
    assert not found.stands


@pytest.mark.parametrize("lead", ["Yes, the", "No: The"])
def test_yes_and_no_need_no_source(receipt: Receipt, corpus: Path, lead: str) -> None:
    (claim,) = receipt.answer.claims
    said = claim.model_copy(update={"text": claim.text.replace("The", lead, 1)})
    answer = receipt.answer.model_copy(update={"text": said.marked, "claims": (said,)})
    assert verify(receipt.model_copy(update={"answer": answer}), corpus).stands


def test_a_refusal_has_a_receipt_of_what_came_nearest(corpus: Path) -> None:
    with Assistant(corpus, FakeModel(odds=[-9.0])) as assistant:
        made = assistant.receipt(assistant.ask("Who built the Aurora?"))
    assert made.answer.status is Status.NOT_IN_CORPUS
    assert verify(made, corpus).stands


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff\xfe", b'{"format": "onrecord receipt 1"}'])
def test_what_is_no_receipt_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "r.json").write_bytes(content)
    with pytest.raises(ReceiptError, match="no receipt"):
        Receipt.load(tmp_path / "r.json")
    with pytest.raises(ReceiptError, match="cannot be read"):
        Receipt.load(tmp_path / "nothing.json")


def test_a_receipt_that_cannot_be_written_is_named(receipt: Receipt, tmp_path: Path) -> None:
    with pytest.raises(ReceiptError, match="cannot be written"):
        receipt.save(tmp_path / "no" / "folder.json")


def test_the_command_says_what_stands(receipt: Receipt, corpus: Path, tmp_path: Path) -> None:
    path = tmp_path / "receipt.json"
    receipt.save(path)
    asked = [str(path), "--corpus", str(corpus)]
    done = CliRunner().invoke(app, ["verify", *asked])
    assert (done.exit_code, done.output.splitlines()[-1]) == (0, "It stands.")
    (corpus / "ferry.txt").write_text("Another text.", encoding="utf-8")
    done = CliRunner().invoke(app, ["verify", *asked])
    assert done.exit_code == 1
    assert "gone" in done.output


def test_an_answer_that_went_to_json_and_back_has_the_receipt_of_its_own_documents(
    corpus: Path,
) -> None:
    with Assistant(corpus, FakeModel(odds=[-9.0])) as assistant:
        answer = assistant.ask("Who built the Aurora?")
        (corpus / "ferry.txt").write_text("Another text.", encoding="utf-8")
        assistant.refresh()
        made = assistant.receipt(Answer.model_validate_json(answer.to_json()))
        assert made.documents == answer.documents != ()
        assert verify(made, corpus).changed == ("ferry.txt",)
        with pytest.raises(ReceiptError, match="ask again"):
            assistant.receipt(answer.model_copy(update={"documents": ()}))


def test_documents_given_as_values_can_be_verified() -> None:
    document = Document(id="a", title="A", text=TEXT)
    model = FakeModel(drafts=['{"1": "The ferry Aurora sank near Bergen on 3 May."}'])
    with Assistant([document], model) as assistant:
        made = assistant.receipt(assistant.ask("When did the Aurora sink?"))
    assert isinstance(made.answer, Answer)
    assert verify(made, [document]).stands
