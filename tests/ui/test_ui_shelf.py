"""Documents are opened, chosen, added, renamed and removed: in a real folder, with a real index."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import cast

import gradio as gr
import pytest

from onrecord import Assistant, Settings
from onrecord.errors import CorpusError
from onrecord.progress import Progress
from onrecord.types import EVERYTHING, Document, Passage, Scope
from onrecord.ui import words
from onrecord.ui.shelf import Removed, Shelf
from onrecord.ui.underway import Shown
from tests.fakes import FakeEmbeddings, FakeModel
from tests.scripted import ScriptedAssistant
from tests.ui.seeing import HOSTILE, SKIP, Seen, press

FERRY, BRIDGE, TREATY = "bergen/ferry.txt", "bridge.txt", "treaty.md"
TEXTS = {
    FERRY: "The ferry Aurora sank near Bergen.",
    BRIDGE: "The bridge was opened in 1931.",
    TREATY: "The treaty was signed on Monday.",
}
OF_FERRY = Passage(document_id=FERRY, start=0, end=9)
OF_BRIDGE = Passage(document_id=BRIDGE, start=0, end=9)
SAME = (SKIP, SKIP, SKIP)
GONE = Removed("gone.txt", Path(".removed/gone.txt"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    for name, text in TEXTS.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def real(
    folder: Path, settings: Settings, embeddings: FakeEmbeddings, monkeypatch: pytest.MonkeyPatch
) -> Assistant:
    monkeypatch.setattr("onrecord.library.open_embeddings", lambda *_: embeddings)
    monkeypatch.setattr("onrecord.library.embedder_id", lambda _: "fake")
    return Assistant(folder, model=FakeModel(), settings=settings)


def ids(assistant: Assistant | ScriptedAssistant) -> list[str]:
    return [document.id for document in assistant.documents]


def pressed(shelf: Shelf, scope: Scope, removed: Removed | None, said: gr.EventData) -> Shown:
    """Return what is asked of, its words, what is gone, list and pane, as they are in the end."""
    moved, gone, listed, pane = ended(shelf.press(removed, said))
    *asked_of, followed = shelf.follow(scope, moved, said._data.get("shown", ""))
    return *asked_of, gone, listed, pane if followed == SKIP else followed


def pasted(shelf: Shelf, title: str, text: str, removed: Removed | None) -> Shown:
    return ended(shelf.write(title, text, removed))


def what_was(written: str) -> tuple[str, ...]:
    """Return title and text as the page's script gets them back, and whether they are kept."""
    seen = Seen(written).attributes
    return tuple(seen[f"data-{name}"][0] for name in ("title", "text", "kept"))


def added(shelf: Shelf, *files: Path, removed: Removed | None = None) -> Shown:
    return ended(shelf.add([str(file) for file in files], removed))


def ended(shown: Iterator[Shown]) -> Shown:
    *_, (*parts, drawer, _told) = shown
    assert drawer in ("", SKIP)
    return tuple(parts)


def told(shown: Iterator[Shown]) -> str:
    """Return what is said in the end below the question box."""
    *_, (*_parts, said) = shown
    return Seen(said).text


def can_undo(listed: str) -> bool:
    return "restore" in Seen(listed).attributes["data-do"]


def shown_by(pane: str) -> str:
    return Seen(pane).attributes["data-document"][0]


@pytest.mark.parametrize(
    ("name", "shown"), [(BRIDGE, BRIDGE), ("../../etc/passwd", FERRY), ("", FERRY), (None, FERRY)]
)
def test_only_documents_of_the_corpus_can_be_opened(
    real: Assistant, name: str | None, shown: str
) -> None:
    shelf = Shelf(real)
    assert shown_by(shelf.open_document(press(document=name))) == shown
    listed, pane = shelf.look(None, press(do="open", document=name))
    assert shown_by(pane) == shown
    assert listed == SKIP


def test_where_a_chosen_document_is_gone_the_one_that_is_shown_stays(real: Assistant) -> None:
    for shown in (TREATY, BRIDGE):
        said = press(document="gone.txt", shown=shown)
        assert shown_by(Shelf(real).open_document(said)) == shown


def test_a_document_is_opened_as_it_is_now(real: Assistant, folder: Path) -> None:
    (folder / BRIDGE).write_text("The bridge is closed.", encoding="utf-8")
    real.refresh()
    assert "The bridge is closed." in Shelf(real).open_document(press(document=BRIDGE))


def test_the_list_is_shown_as_it_is_now(real: Assistant) -> None:
    listed, pane = Shelf(real).look(None, press(do="list"))
    assert pane == SKIP
    assert Seen(listed).attributes["value"][::2] == list(TEXTS)


def test_who_looks_changes_nothing_and_who_changes_something_has_nothing_else_shown(
    real: Assistant,
) -> None:
    shelf = Shelf(real)
    for do in ("rename", "remove", "restore", None):
        assert shelf.look(GONE, press(do=do, document=FERRY, name="new")) == (SKIP, SKIP)
    for do in ("open", "list", None):
        shown = pressed(shelf, EVERYTHING, GONE, press(do=do, document=FERRY))
        assert shown == (*SAME, SKIP, SKIP)
    assert ids(real) == list(TEXTS)


def test_a_renamed_document_is_shown_under_its_new_name(real: Assistant, folder: Path) -> None:
    said = press(do="rename", document=FERRY, name="Aurora", shown=FERRY)
    *unchanged, listed, pane = pressed(Shelf(real), EVERYTHING, None, said)
    assert ids(real) == ["bergen/Aurora.txt", BRIDGE, TREATY]
    assert (folder / "bergen/Aurora.txt").read_text(encoding="utf-8") == TEXTS[FERRY]
    assert shown_by(pane) == "bergen/Aurora.txt"
    assert words.RENAMED.format(old=FERRY, new="bergen/Aurora.txt") in listed
    assert tuple(unchanged) == SAME


@pytest.mark.parametrize("before", [Scope(documents=(FERRY, TREATY)), Scope(passage=OF_FERRY)])
def test_what_is_asked_of_stays_so_under_its_new_name(real: Assistant, before: Scope) -> None:
    said = press(do="rename", document=FERRY, name="new")
    scope = pressed(Shelf(real), before, None, said)[0]
    new = "bergen/new.txt"
    assert scope.documents == tuple(new if it == FERRY else it for it in before.documents)
    if before.passage:
        assert scope.passage == before.passage.model_copy(update={"document_id": new})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Scope(documents=(FERRY, TREATY)), Scope(documents=(TREATY,))),
        (Scope(documents=(FERRY,)), EVERYTHING),
        (Scope(passage=OF_FERRY), EVERYTHING),
    ],
)
def test_what_has_gone_is_not_asked_of_any_more(
    real: Assistant, before: Scope, after: Scope
) -> None:
    said = press(do="remove", document=FERRY)
    scope, shown, *_ = pressed(Shelf(real), before, None, said)
    assert scope == after
    assert (Seen(shown).text == "") is (after == EVERYTHING)


@pytest.mark.parametrize(
    "scope", [EVERYTHING, Scope(documents=(BRIDGE,)), Scope(passage=OF_BRIDGE)]
)
def test_what_is_asked_of_is_not_written_over_by_a_change_that_leaves_it_as_it_is(
    real: Assistant, scope: Scope
) -> None:
    shelf = Shelf(real)
    renamed = pressed(shelf, scope, None, press(do="rename", document=FERRY, name="new"))
    removed = pressed(shelf, scope, None, press(do="remove", document=TREATY))
    restored = pressed(shelf, scope, removed[2], press(do="restore"))
    for asked_of, shown, *_ in (renamed, removed, restored):
        assert (asked_of, shown) == (SKIP, SKIP)


def test_what_was_chosen_and_opened_while_a_document_moved_is_what_follows(
    real: Assistant,
) -> None:
    shelf = Shelf(real)
    before = Scope(documents=(TREATY,))
    said = press(do="remove", document=FERRY, shown=FERRY)
    moved, *_ = ended(shelf.press(None, said))
    scope, _words, shown = shelf.follow(Scope(documents=(FERRY, BRIDGE)), moved, TREATY)
    assert scope == Scope(documents=(BRIDGE,))
    assert shown_by(shown) == TREATY
    assert shelf.follow(before, moved, BRIDGE)[:2] == (SKIP, SKIP)


def test_too_many_files_at_once_are_told_to_be_and_not_kept(
    real: Assistant, tmp_path: Path
) -> None:
    files = [tmp_path / f"{number}.txt" for number in range(21)]
    for file in files:
        file.write_text("The mayor resigned.", encoding="utf-8")
    ((listed, pane, _underway, said),) = Shelf(real).add(list(map(str, files)), None)
    for shown in (listed, said):
        assert "At most 20 files are added at once, and these are 21" in shown
    assert pane == SKIP
    assert ids(real) == list(TEXTS)
    assert not any(file.exists() for file in files)


def test_a_removed_document_is_brought_back(real: Assistant, folder: Path) -> None:
    shelf = Shelf(real)
    said = press(do="remove", document=FERRY)
    _scope, _shown, gone, listed, pane = pressed(shelf, EVERYTHING, None, said)
    assert ids(real) == [BRIDGE, TREATY]
    assert not (folder / FERRY).exists()
    assert words.REMOVED.format(name=FERRY) in listed
    assert can_undo(listed)
    assert shown_by(pane) == BRIDGE
    _scope, _shown, back, listed, pane = pressed(shelf, EVERYTHING, gone, press(do="restore"))
    assert ids(real) == list(TEXTS)
    assert words.RESTORED.format(name=FERRY) in listed
    assert not can_undo(listed)
    assert shown_by(pane) == FERRY
    assert back is None
    *unchanged, listed, pane = pressed(shelf, EVERYTHING, back, press(do="restore"))
    assert words.NOT_KNOWN_REMOVED in Seen(listed).text
    assert (*unchanged, pane) == (*SAME, SKIP)


def test_the_last_removal_is_the_one_that_is_undone(real: Assistant) -> None:
    shelf = Shelf(real)
    first = pressed(shelf, EVERYTHING, None, press(do="remove", document=FERRY))[2]
    last = pressed(shelf, EVERYTHING, first, press(do="remove", document=BRIDGE))[2]
    pressed(shelf, EVERYTHING, last, press(do="restore"))
    assert ids(real) == [BRIDGE, TREATY]


def test_a_removal_can_be_undone_from_whatever_list_comes_next(
    real: Assistant, tmp_path: Path
) -> None:
    shelf = Shelf(real)
    gone = pressed(shelf, EVERYTHING, None, press(do="remove", document=FERRY))[2]
    said = press(do="rename", document=BRIDGE, name="new")
    _scope, _shown, removed, listed, _pane = pressed(shelf, EVERYTHING, gone, said)
    assert removed == SKIP
    for shown in (listed, shelf.look(gone, press(do="list"))[0]):
        assert f"{words.REMOVED.format(name=FERRY)}{words.UNDO}" in Seen(shown).text
        assert can_undo(shown)
    assert can_undo(pasted(shelf, "A title", "A text.", gone)[-2])
    assert can_undo(added(shelf, tmp_path / "unknown.txt", removed=gone)[0])


def test_a_removed_file_that_has_gone_altogether_is_said_to_be(
    real: Assistant, folder: Path
) -> None:
    shelf = Shelf(real)
    gone = pressed(shelf, EVERYTHING, None, press(do="remove", document=FERRY))[2]
    next((folder / ".removed").rglob("ferry.txt")).unlink()
    *unchanged, listed, pane = pressed(shelf, EVERYTHING, gone, press(do="restore"))
    assert "There is no document" in listed
    assert (*unchanged, pane) == (*SAME, SKIP)


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"do": "rename", "document": "../secret.txt", "name": "mine"}, "There is no document"),
        ({"do": "rename", "document": FERRY, "name": "…/"}, "is no name for a file"),
        ({"do": "rename", "document": FERRY}, "is no name for a file"),
        ({"do": "remove", "document": "../secret.txt"}, "There is no document"),
        ({"do": "remove"}, "There is no document"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    real: Assistant, folder: Path, said: dict[str, str], problem: str
) -> None:
    secret = folder.parent / "secret.txt"
    secret.write_text("A secret.", encoding="utf-8")
    *unchanged, listed, pane = pressed(Shelf(real), EVERYTHING, None, press(**said))
    assert problem in Seen(listed).text
    assert (*unchanged, pane) == (*SAME, SKIP)
    assert ids(real) == list(TEXTS)
    assert secret.read_text(encoding="utf-8") == "A secret."


def test_the_last_document_stays(shelf: Shelf, assistant: ScriptedAssistant) -> None:
    said = press(do="remove", document=ids(assistant)[0])
    *unchanged, listed, pane = pressed(shelf, EVERYTHING, None, said)
    assert "That is the <b>last</b> one." in Seen(listed).text
    assert (*unchanged, pane) == (*SAME, SKIP)
    assert len(assistant.documents) == 1


def test_a_pasted_text_is_a_document(real: Assistant, folder: Path) -> None:
    written = f"It was said: {HOSTILE}."
    said, listed, pane = pasted(Shelf(real), HOSTILE, written, None)
    assert what_was(said) == (HOSTILE, written, "yes")
    added = shown_by(pane)
    assert added in ids(real)
    assert words.added([added], []) in Seen(listed).text
    assert f"It was said: {HOSTILE}." in Seen(pane).text
    assert [file.parent for file in folder.rglob("*.md")] == [folder, folder]


@pytest.mark.parametrize(
    ("title", "text", "problem"),
    [("", "It sank.", "has no title"), ("A title", " \n ", "")],
)
def test_of_a_text_that_cannot_be_kept_the_page_is_told_so(
    real: Assistant, title: str, text: str, problem: str
) -> None:
    said, listed, pane = pasted(Shelf(real), title, text, None)
    assert what_was(said) == (title, text, "")
    assert problem in Seen(listed).text
    assert "said" in Seen(listed).attributes["class"]
    assert pane == SKIP
    assert ids(real) == list(TEXTS)


def test_files_are_added_and_the_last_is_shown(
    shelf: Shelf, assistant: ScriptedAssistant, tmp_path: Path
) -> None:
    (tmp_path / "new.txt").write_text("A new text.", encoding="utf-8")
    (tmp_path / "bad.pdf").write_bytes(b"")
    files = [str(tmp_path / "new.txt"), str(tmp_path / "bad.pdf")]
    *_, (listed, pane, _underway, said) = shelf.add(files, None)
    for shown in (listed, said):
        assert "1 document added: new.txt. bad.pdf <b>cannot" in Seen(shown).text
    assert "A new text." in pane
    assert assistant.refreshed == 1
    assert not list(tmp_path.iterdir())  # the browser's copies


def test_a_file_is_added_to_a_real_folder(real: Assistant, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "new.txt").write_text("A new text.", encoding="utf-8")
    listed, pane = added(Shelf(real), tmp_path / "new.txt")
    assert shown_by(pane) == "new.txt"
    assert "new.txt" in Seen(listed).attributes["value"]
    assert (folder / "new.txt").is_file()


@pytest.mark.parametrize("names", [[], ["bad.pdf"]])
def test_where_nothing_is_added_what_is_open_stays_open(
    shelf: Shelf, assistant: ScriptedAssistant, tmp_path: Path, names: list[str]
) -> None:
    listed, pane = added(shelf, *(tmp_path / name for name in names))
    assert Seen(listed).text.startswith("bad.pdf <b>cannot</b>") is bool(names)
    assert pane == SKIP
    assert len(assistant.documents) == 1


@pytest.mark.parametrize("do", ["rename", "remove"])
def test_where_another_document_is_changed_what_is_open_stays_open(
    real: Assistant, do: str
) -> None:
    said = press(do=do, document=FERRY, name="new", shown=TREATY)
    assert shown_by(pressed(Shelf(real), EVERYTHING, None, said)[-1]) == TREATY


def test_what_came_of_it_is_said_below_the_question_box_each_time_as_another_thing(
    shelf: Shelf, tmp_path: Path
) -> None:
    bad = [str(tmp_path / "bad.pdf")]
    assert told(shelf.add(bad, None)) == "bad.pdf <b>cannot</b> be read."
    assert told(shelf.write("A title", "", None)) == "There are no <b>words</b> in it."
    assert told(shelf.write("A title", "A text.", None)) == words.added(["A title.md"], [])
    first, second = (list(shelf.add(bad, None))[-1][-1] for _ in range(2))
    assert Seen(first).attributes["data-nonce"] != Seen(second).attributes["data-nonce"]


def gated(assistant: ScriptedAssistant, monkeypatch: pytest.MonkeyPatch) -> threading.Semaphore:
    """Have files read and indexed step by step, each as it is let."""
    let = threading.Semaphore(0)
    add = assistant.add

    def slow_add(file: Path) -> str:
        let.acquire(timeout=20)
        return add(file)

    def slow_refresh(progress: Progress) -> None:
        for done in (0, 64):
            let.acquire(timeout=20)
            progress(f"Indexing 128 sentences: {done} done", done / 128)
        let.acquire(timeout=20)

    monkeypatch.setattr(assistant, "add", slow_add)
    monkeypatch.setattr(assistant, "refresh", slow_refresh)
    return let


def two_files(folder: Path) -> list[str]:
    files = [folder / "one.txt", folder / "two.txt"]
    for file in files:
        file.write_text("A new text.", encoding="utf-8")
    return list(map(str, files))


def test_how_far_reading_and_indexing_are_is_shown_as_it_happens(
    shelf: Shelf, assistant: ScriptedAssistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    let = gated(assistant, monkeypatch)
    shown = []
    for listed, pane, *progress in shelf.add(two_files(tmp_path), None):
        shown.append((Seen(progress[1]), (listed, pane) == (SKIP, SKIP)))
        assert progress[0] == (progress[1] if shown[-1][1] else "")
        let.release()
    assert [seen.text for seen, _ in shown] == [
        "Reading one.txt, 1 of 2…",
        "Reading two.txt, 2 of 2…",
        f"{words.INDEXING}…",
        "Indexing 128 sentences: 0 done…",
        "Indexing 128 sentences: 64 done…",
        words.added(["one.txt", "two.txt"], []),
    ]
    shares = [seen.attributes.get("value") for seen, _ in shown]
    assert shares == [["0.000"], ["0.500"], None, ["0.000"], ["0.500"], None]
    spoken = [seen.attributes.get("data-spoken") for seen, _ in shown]
    assert spoken == [["Reading one.txt, two.txt…"]] * 5 + [[shown[-1][0].text]]
    assert [are_same for _, are_same in shown] == [True] * 5 + [False]


def test_whoever_leaves_does_not_break_off_what_is_added(
    shelf: Shelf, assistant: ScriptedAssistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    let = gated(assistant, monkeypatch)
    showing = cast(Generator[Shown], shelf.add(two_files(tmp_path), None))
    next(showing)
    showing.close()
    let.release(5)
    deadline = time.monotonic() + 20
    while any(tmp_path.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert ids(assistant)[1:] == ["one.txt", "two.txt"]


def test_what_nobody_has_foreseen_leaves_no_progress_behind(
    shelf: Shelf, assistant: ScriptedAssistant
) -> None:
    assistant.trouble = RuntimeError("Nobody knows.")
    shown: list[Shown] = []
    with pytest.raises(RuntimeError):
        shown.extend(shelf.write("A title", "A text.", None))
    assert shown[-1] == (SKIP, SKIP, SKIP, "", "")


def _write(shelf: Shelf) -> Iterator[Shown]:
    return shelf.write("A title", "A text.", None)


def _rename(shelf: Shelf) -> Iterator[Shown]:
    document = "armenia-azerbaijan-peace-talks.txt"
    return shelf.press(None, press(do="rename", document=document, name="new"))


@pytest.mark.parametrize("change", [_write, _rename])
def test_an_index_that_cannot_follow_is_said_with_the_change(
    shelf: Shelf, assistant: ScriptedAssistant, change: Callable[[Shelf], Iterator[Shown]]
) -> None:
    assistant.trouble = CorpusError("The index <b>is held</b>.")
    *_, (*_parts, listed, _pane, _underway, said) = change(shelf)
    assert "The index <b>is held</b>." in Seen(listed).text
    assert "The index <b>is held</b>." in Seen(said).text


def test_a_hostile_document_is_only_text(article: Document) -> None:
    hostile = Document(id=HOSTILE, title=HOSTILE, text=HOSTILE, source=HOSTILE, date=HOSTILE)
    shelf = Shelf(cast(Assistant, ScriptedAssistant([article, hostile])))
    scope, renamed = Scope(documents=(HOSTILE,)), press(do="rename", document=HOSTILE, name=HOSTILE)
    for view in (pressed(shelf, scope, None, renamed), pasted(shelf, HOSTILE, HOSTILE, None)):
        seen = Seen("".join(part for part in view if isinstance(part, str)))
        assert HOSTILE in seen.text
        assert not {"img", "script"} & {tag for tag, *_ in seen.skeleton}
        assert not any(name.startswith("on") for _tag, *names in seen.skeleton for name in names)
