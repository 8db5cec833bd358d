from pathlib import Path

import pytest

from onrecord import Document
from onrecord.evals.pins import pins

FIRST, SECOND = (Document(id=name, title=name, text=f"Text of {name}.") for name in "ab")


def test_the_order_of_documents_does_not_matter() -> None:
    assert pins("m", [FIRST, SECOND]) == pins("m", [SECOND, FIRST])


def test_what_is_moved_from_one_document_to_another_matters() -> None:
    moved = [
        FIRST.model_copy(update={"text": "Text of"}),
        SECOND.model_copy(update={"text": " a.Text of b."}),
    ]
    assert pins("m", moved)["documents"] != pins("m", [FIRST, SECOND])["documents"]


def test_a_package_that_is_not_there_is_said_to_be_missing(monkeypatch: object) -> None:
    from onrecord.evals import pins as module

    monkeypatch.setattr(module, "_PACKAGES", ("no-such-package",))  # type: ignore[attr-defined]
    assert pins("m", [])["no-such-package"] == "not installed"


def test_hashes_are_whole_and_of_different_things() -> None:
    found = pins("m", [FIRST])
    hashes = [found[name] for name in ("documents", "prompts", "package")]
    assert all(len(digest) == 64 for digest in hashes)
    assert len(set(hashes)) == 3


@pytest.mark.parametrize(
    ("file", "counts"), [("decide.py", True), ("cli_verify.py", False), ("ui/words.py", False)]
)
def test_no_part_counts_that_no_answer_goes_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, counts: bool
) -> None:
    monkeypatch.setattr("onrecord.evals.pins.files", lambda _: tmp_path)
    before = pins("m", [])["package"]
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).write_text("changed = True", encoding="utf-8")
    assert (pins("m", [])["package"] != before) is counts
