"""The drawer of documents: listed, found, opened, chosen, renamed, removed, pasted."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from onrecord import Assistant, Settings
from onrecord.progress import Progress
from onrecord.types import EVERYTHING, Document, Scope
from onrecord.ui import words
from onrecord.ui.scope import scope_html
from tests.browser.reader import Opener, Reader
from tests.fakes import FakeEmbeddings, FakeModel
from tests.scripted import ScriptedAssistant
from tests.test_extract import HTML, PAGES, pdf, word

pytestmark = pytest.mark.browser

HARBOUR = Document(
    id="reports/harbour.txt",
    title="The harbour at Straße 4",
    text="The harbour was closed in 1931. It was opened again in May.",
    source="The Daily Record",
    date="2024-05-01",
)
BRIDGE = Document(id="bridge.txt", title="A bridge", text="The bridge is long. It is old.")


@pytest.fixture
def reader(open_with: Opener, article: Document) -> Reader:
    assistant = ScriptedAssistant([article, HARBOUR, BRIDGE], [("It was closed.", [(1, 0)])])
    return open_with(assistant)


def item(drawer: Locator, title: str) -> Locator:
    return drawer.get_by_role("listitem").filter(has_text=title)


def choose(reader: Reader, *files: Path) -> None:
    with reader.page.expect_file_chooser() as chooser:
        reader.press(words.ADD)
    chooser.value.set_files(files)


def file_of(folder: Path, name: str, size: int) -> Path:
    file = folder / name
    file.write_bytes(b"The ferry sank. ")
    os.truncate(file, size)
    return file


def told(reader: Reader) -> Locator:
    """Return what is said below the question box of the files that were added last."""
    return reader.page.locator("#adding .told")


def indexing(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Have the index brought up to date only when the event that is returned is set."""
    free, refresh = threading.Event(), reader.assistant.refresh

    def slow(progress: Progress) -> object:
        free.wait(20)
        return refresh(progress=progress)

    monkeypatch.setattr(reader.assistant, "refresh", slow)
    return free


def chip(reader: Reader) -> Locator:
    return reader.page.locator(".scope.set")


@pytest.mark.parametrize(
    "name", [words.DOCUMENTS, pytest.param(words.CONVERSATIONS, marks=pytest.mark.thorough)]
)
def test_a_drawer_opens_by_mouse_and_by_key_and_gives_the_focus_back(
    reader: Reader, name: str
) -> None:
    button = reader.page.get_by_role("button", name=name, exact=True)
    drawer = reader.open_drawer(name)
    expect(drawer).to_be_visible()
    reader.page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(button).to_be_focused()
    reader.page.keyboard.press("Enter")
    expect(drawer).to_be_visible()
    reader.page.keyboard.press("Tab")
    expect(drawer.get_by_role("button", name=words.CLOSE)).to_be_focused()
    reader.page.keyboard.press("Enter")
    expect(drawer).to_be_hidden()
    expect(button).to_be_focused()
    button.click()
    expect(drawer).to_be_visible()
    reader.page.mouse.click(1000, 500)
    expect(drawer).to_be_hidden()


@pytest.mark.thorough
def test_where_no_conversations_are_kept_there_is_no_drawer_for_them(
    open_with: Opener, scripted: ScriptedAssistant
) -> None:
    reader = open_with(scripted, keeps=False)
    expect(reader.page.get_by_role("button", name=words.CONVERSATIONS)).to_be_hidden()
    expect(reader.open_drawer(words.DOCUMENTS)).to_be_visible()
    reader.page.keyboard.press("Escape")
    reader.ask("Who?")
    expect(reader.latest(".judge")).to_have_count(0)


def test_documents_are_listed_and_found_by_typing(reader: Reader) -> None:
    drawer = reader.open_drawer(words.DOCUMENTS)
    expect(drawer.get_by_role("listitem")).to_have_count(3)
    expect(item(drawer, HARBOUR.title)).to_contain_text(
        "The Daily Record · 2024-05-01 · reports/harbour.txt"
    )
    reader.keep("drawer-documents")
    find = drawer.get_by_label(words.FIND_DOCUMENT)
    for wanted in ("BRIDGE.TXT", "straße", "peace"):
        find.fill(wanted)
        expect(drawer.get_by_role("listitem")).to_have_count(1)
    find.fill("r")
    expect(drawer.get_by_role("listitem")).to_have_count(3)
    find.fill("bridge")
    item(drawer, BRIDGE.title).get_by_role("button", name=words.REMOVE).click()
    expect(drawer.locator(".said")).to_be_visible()
    expect(drawer.get_by_role("listitem")).to_have_count(0)
    find.fill("")
    expect(drawer.get_by_role("listitem")).to_have_count(2)


def test_a_document_that_is_chosen_while_the_page_gets_ready_stays(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = threading.Event()

    def slow() -> dict[str, str]:
        free.wait(20)
        return {"b.txt": "b.txt is a binary file."}

    monkeypatch.setattr(reader.assistant, "left_out", slow)
    reader.page.goto(reader.page.url)
    reader.page.locator("#document").select_option(BRIDGE.id)
    text = reader.page.locator("#article .text")
    expect(text).to_have_text(BRIDGE.text)
    free.set()
    expect(reader.page.locator("#article .notice")).to_contain_text("b.txt is a binary file.")
    expect(text).to_have_text(BRIDGE.text)
    reader.complaints.clear()  # of the connections that were cut


def test_a_document_opens_and_the_drawer_makes_way(reader: Reader) -> None:
    drawer = reader.open_drawer(words.DOCUMENTS)
    item(drawer, BRIDGE.title).get_by_role("button", name=words.OPEN).click()
    expect(reader.page.locator("#article .text")).to_have_text(BRIDGE.text)
    expect(drawer).to_be_hidden()
    expect(reader.page.locator("#document")).to_have_value(BRIDGE.id)
    expect(reader.page.get_by_role("region", name=words.ARTICLE)).to_be_focused()


def test_chosen_documents_alone_are_asked_until_the_chip_is_ended(reader: Reader) -> None:
    drawer = reader.open_drawer(words.DOCUMENTS)
    item(drawer, HARBOUR.title).get_by_role("checkbox").check()
    expect(chip(reader)).to_contain_text(HARBOUR.title)
    reader.page.keyboard.press("Escape")
    reader.keep("chosen")
    reader.ask("When?")
    assert reader.assistant.scopes[-1] == Scope(documents=(HARBOUR.id,))
    expect(chip(reader)).to_be_visible()
    reader.press(words.ASK_ALL)
    expect(chip(reader)).to_have_count(0)
    reader.ask("When?")
    assert reader.assistant.scopes[-1] == EVERYTHING
    reader.open_drawer(words.DOCUMENTS)
    expect(drawer.get_by_role("checkbox", checked=True)).to_have_count(0)
    item(drawer, BRIDGE.title).get_by_role("checkbox").check()
    expect(chip(reader)).to_contain_text(BRIDGE.title)
    reader.page.keyboard.press("Escape")
    reader.assistant.documents = reader.assistant.documents[:-1]  # somebody else removes it
    reader.question_box().fill("How long?")
    reader.page.keyboard.press("Enter")
    gone = words.UNASKED_DOCUMENT.format(title=BRIDGE.id)
    expect(reader.page.locator("#unsent")).to_have_text(f"{words.UNTAKEN} {gone}")
    expect(reader.question_box()).to_have_value("How long?")
    assert len(reader.assistant.asked) == 2
    assert all("500" in complaint for complaint in reader.complaints)
    reader.complaints.clear()


def test_what_is_ticked_while_the_last_tick_is_on_its_way_counts(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    replies = threading.Semaphore(0)

    def slow(scope: Scope, documents: Sequence[Document]) -> str:
        replies.acquire(timeout=20)
        return scope_html(scope, documents)

    monkeypatch.setattr("onrecord.ui.handlers.scope_html", slow)
    drawer = reader.open_drawer(words.DOCUMENTS)
    for document in (HARBOUR, BRIDGE):
        item(drawer, document.title).get_by_role("checkbox").check()
        reader.page.wait_for_timeout(150)
    ticked = drawer.get_by_role("checkbox", checked=True)
    for said in (HARBOUR.title, "2 documents"):
        replies.release()
        expect(chip(reader)).to_contain_text(said)
        assert ticked.count() == 2
    reader.page.keyboard.press("Escape")
    reader.ask("When?")
    assert reader.assistant.scopes[-1] == Scope(documents=(HARBOUR.id, BRIDGE.id))


@pytest.mark.thorough
def test_a_document_that_is_removed_leaves_its_tick_to_nobody(reader: Reader) -> None:
    drawer = reader.open_drawer(words.DOCUMENTS)
    harbour = item(drawer, HARBOUR.title)
    harbour.get_by_role("checkbox").check()
    expect(chip(reader)).to_contain_text(HARBOUR.title)
    harbour.get_by_role("button", name=words.REMOVE).click()
    expect(harbour).to_have_count(0)
    expect(chip(reader)).to_have_count(0)
    expect(drawer.get_by_role("checkbox", checked=True)).to_have_count(0)


def test_a_document_is_renamed_by_key_and_another_stays_open(reader: Reader) -> None:
    reader.page.locator("#document").select_option(BRIDGE.id)
    expect(reader.page.locator("#article .text")).to_have_text(BRIDGE.text)
    drawer = reader.open_drawer(words.DOCUMENTS)
    rename = item(drawer, HARBOUR.title).get_by_role("button", name=words.RENAME)
    rename.focus()
    reader.page.keyboard.press("Enter")
    expect(rename).to_have_attribute("aria-expanded", "true")
    box = drawer.get_by_role("textbox", name=words.NEW_NAME)
    expect(box).to_be_focused()
    expect(box).to_have_value("harbour")
    reader.page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    expect(rename).to_be_focused()
    reader.page.keyboard.press("Enter")
    reader.page.keyboard.type("port")
    reader.keep("drawer-rename")
    reader.page.keyboard.press("Enter")
    expect(drawer.locator(".said")).to_contain_text(
        words.RENAMED.format(old=HARBOUR.id, new="port.txt")
    )
    expect(item(drawer, HARBOUR.title)).to_contain_text("port.txt")
    expect(box).to_be_hidden()
    expect(reader.page.locator("#article .sheet")).to_have_attribute("data-document", BRIDGE.id)


def test_what_is_opened_and_chosen_while_another_document_is_removed_stays(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = indexing(reader, monkeypatch)
    text = reader.page.locator("#article .text")
    drawer = reader.open_drawer(words.DOCUMENTS)
    harbour = item(drawer, HARBOUR.title)
    harbour.get_by_role("checkbox").check()
    expect(chip(reader)).to_contain_text(HARBOUR.title)
    harbour.get_by_role("button", name=words.REMOVE).click()
    expect(drawer.get_by_role("progressbar")).to_be_visible()
    item(drawer, BRIDGE.title).get_by_role("checkbox").check()
    expect(chip(reader)).to_contain_text("2 documents")
    reader.page.keyboard.press("Escape")
    reader.page.locator("#document").select_option(BRIDGE.id)
    expect(text).to_have_text(BRIDGE.text)
    free.set()
    expect(chip(reader)).to_contain_text(BRIDGE.title)
    expect(reader.page.locator("#document option")).to_have_count(2)
    expect(text).to_have_text(BRIDGE.text)


def test_a_name_that_is_being_typed_stays_when_files_were_added(
    reader: Reader, tmp_path: Path
) -> None:
    drawer = reader.open_drawer(words.DOCUMENTS)
    harbour = item(drawer, HARBOUR.title)
    harbour.get_by_role("button", name=words.RENAME).click()
    reader.page.keyboard.type("po")
    # Its row is another one's in the list that is sent next.
    reader.assistant.documents = (BRIDGE, HARBOUR)
    file = tmp_path / "new.txt"
    file.write_text("It is new.", encoding="utf-8")
    reader.page.locator('#actions input[type="file"]').set_input_files(file)
    expect(drawer.locator(".said")).to_have_text(words.added(["new.txt"], []))
    reader.page.keyboard.type("rt")
    expect(drawer.get_by_role("textbox", name=words.NEW_NAME)).to_have_count(1)
    expect(harbour.get_by_role("textbox")).to_have_value("port")
    expect(harbour.get_by_role("button", name=words.RENAME)).to_have_attribute(
        "aria-expanded", "true"
    )
    reader.page.keyboard.press("Enter")
    renamed = words.RENAMED.format(old=HARBOUR.id, new="port.txt")
    expect(drawer.locator(".said")).to_have_text(renamed)
    expect(drawer.get_by_role("textbox", name=words.NEW_NAME)).to_have_count(0)


def test_a_document_is_removed_and_brought_back(reader: Reader) -> None:
    drawer = reader.open_drawer(words.DOCUMENTS)
    item(drawer, BRIDGE.title).get_by_role("button", name=words.REMOVE).click()
    expect(drawer.get_by_role("listitem")).to_have_count(2)
    expect(drawer.locator(".said")).to_contain_text(words.REMOVED.format(name=BRIDGE.id))
    expect(drawer.get_by_role("button", name=words.UNDO)).to_be_focused()
    reader.keep("drawer-removed")
    reader.page.keyboard.press("Escape")
    reader.open_drawer(words.DOCUMENTS)
    drawer.get_by_role("button", name=words.UNDO).click()
    expect(drawer.locator(".said")).to_have_text(words.RESTORED.format(name=BRIDGE.id))
    expect(drawer).to_be_focused()
    expect(drawer.get_by_role("listitem")).to_have_count(3)
    expect(reader.page.locator("#article .text")).to_have_text(BRIDGE.text)


def test_what_has_to_wait_for_what_is_being_added_says_so(
    reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = indexing(reader, monkeypatch)
    waits = reader.page.locator("#unsent .waits")
    for number, said in enumerate(("", words.WAITING_TO_CHANGE)):
        choose(reader, file_of(tmp_path, f"{number}.txt", 9))
        expect(reader.page.get_by_role("progressbar")).to_be_visible()
        expect(waits).to_have_text(said)
    expect(reader.page.locator("#voice")).to_have_text(words.WAITING_TO_CHANGE)
    reader.keep("waits")
    drawer = reader.open_drawer(words.DOCUMENTS)
    item(drawer, BRIDGE.title).get_by_role("button", name=words.REMOVE).click()
    status = drawer.get_by_role("status")
    expect(status).to_have_text(words.WAITING_TO_CHANGE)
    free.set()
    expect(status).to_have_text(f"{words.REMOVED.format(name=BRIDGE.id)}{words.UNDO}")
    expect(waits).to_be_empty()
    assert len(reader.assistant.documents) == 4


@pytest.mark.thorough
def test_what_cannot_be_done_is_said_in_words(
    open_with: Opener, scripted: ScriptedAssistant
) -> None:
    reader = open_with(scripted)
    drawer = reader.open_drawer(words.DOCUMENTS)
    drawer.get_by_role("button", name=words.REMOVE).click()
    expect(drawer.locator(".said")).to_have_text("That is the <b>last</b> one.")
    expect(drawer.get_by_role("listitem")).to_have_count(1)


def test_a_text_is_pasted_and_while_it_is_indexed_another(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawer = reader.open_drawer(words.DOCUMENTS)
    paste = drawer.get_by_role("button", name=words.PASTE)
    expect(paste).to_have_attribute("aria-expanded", "false")
    paste.click()
    expect(paste).to_have_attribute("aria-expanded", "true")
    title, text = (
        drawer.get_by_label(name, exact=True) for name in (words.PASTE_TITLE, words.PASTE_TEXT)
    )
    expect(title).to_be_focused()
    title.fill("A note")
    add = drawer.get_by_role("button", name=words.PASTE_ADD)
    add.click()
    expect(drawer.locator(".said")).to_have_text("There are no <b>words</b> in it.")
    expect(title).to_have_value("A note")
    text.fill("The note says little. It says it well.")
    free = indexing(reader, monkeypatch)
    add.scroll_into_view_if_needed()
    reader.keep("drawer-paste")
    add.dblclick()
    expect(drawer.get_by_role("progressbar")).to_be_visible()
    for refused in (True, False):
        title.fill("Another")
        text.fill("" if refused else "The other says more.")
        add.click()
    free.set()
    expect(item(drawer, "Another")).to_be_visible()
    expect(title).to_have_value("")
    expect(text).to_have_value("")
    expect(reader.page.locator("#article .text")).to_have_text("The other says more.")
    added = [document.text for document in reader.assistant.documents[3:]]
    assert added == ["The note says little. It says it well.", "The other says more."]


def test_documents_are_added_by_button_and_by_dropping_while_others_are_being_added(
    reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = indexing(reader, monkeypatch)
    file = tmp_path / "a ferry.txt"
    file.write_text("The ferry Aurora sank.", encoding="utf-8")
    choose(reader, file)
    expect(reader.page.get_by_role("progressbar")).to_be_visible()
    dropped = reader.page.evaluate_handle(
        """() => {
            const data = new DataTransfer();
            data.items.add(new File(["It was raised in June."], "raised.txt"));
            return data;
        }"""
    )
    reader.page.dispatch_event("#pane", "dragover", {"dataTransfer": dropped})
    expect(reader.page.locator("#pane")).to_have_class(re.compile("dropping"))
    with reader.page.expect_response(re.compile("/upload")):
        reader.page.dispatch_event("#pane", "drop", {"dataTransfer": dropped})
    free.set()
    expect(reader.page.locator("#article .text")).to_have_text("It was raised in June.")
    expect(told(reader)).to_have_text(words.added(["raised.txt"], []))
    reader.keep("added")
    added = [document.text for document in reader.assistant.documents[3:]]
    assert added == ["The ferry Aurora sank.", "It was raised in June."]


def test_what_is_added_while_the_stream_of_what_was_added_before_ends_is_shown(
    reader: Reader, tmp_path: Path
) -> None:
    # What closes the stream comes to the page behind what is sent next, or a second later.
    reader.page.add_init_script(
        """const fetched = window.fetch;
        let held = [];
        window.fetch = async (address, ...more) => {
            const response = await fetched(address, ...more);
            const { pathname } = new URL(address.url ?? address, location);
            if (pathname.endsWith("/queue/join")) {
                const crossed = held;
                held = [];
                window.setTimeout(() => crossed.forEach((go) => go()), 100);
            }
            if (!pathname.endsWith("/queue/data")) return response;
            const late = new TransformStream({
                async transform(said, controller) {
                    const [before, ...close] = said.split(/(?=data: {"msg":"close_stream")/);
                    controller.enqueue(before);
                    if (!close.length) return;
                    await new Promise((go) => {
                        held.push(go);
                        window.setTimeout(go, 1000);
                    });
                    controller.enqueue(close.join(""));
                },
            });
            const body = response.body.pipeThrough(new TextDecoderStream()).pipeThrough(late);
            return new Response(body.pipeThrough(new TextEncoderStream()), response);
        };"""
    )
    reader.reload()
    for name in ("first", "second", "third"):
        file = tmp_path / f"{name}.txt"
        file.write_text(f"It is the {name}.", encoding="utf-8")
        choose(reader, file)
        expect(reader.page.locator("#article .text")).to_have_text(f"It is the {name}.")


def test_how_far_files_are_read_and_indexed_is_shown_and_said_once(
    reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    let = threading.Semaphore(0)

    def slow(progress: Progress) -> None:
        for done in (0, 64, 128):
            progress(f"Indexing 256 sentences: {done} done", done / 256)
            let.acquire(timeout=20)

    monkeypatch.setattr(reader.assistant, "refresh", slow)
    reader.page.evaluate(
        """() => {
            window.said = [];
            const voice = document.querySelector("#voice");
            new MutationObserver(() => window.said.push(voice.textContent)).observe(voice, {
                childList: true,
            });
        }"""
    )
    file = tmp_path / "long.txt"
    file.write_text("It is long.", encoding="utf-8")
    choose(reader, file)
    for done in (0, 64, 128):
        said = f"Indexing 256 sentences: {done} done…"
        bar = reader.page.get_by_role("progressbar", name=said)
        expect(bar).to_be_visible()
        assert bar.evaluate("bar => bar.position") == done / 256
        if done == 64:
            reader.keep("progress")
            drawer = reader.open_drawer(words.DOCUMENTS)
            expect(drawer.get_by_role("progressbar", name=said)).to_be_visible()
            expect(drawer.get_by_role("listitem")).to_have_count(4)
            reader.keep("progress-drawer")
            reader.page.keyboard.press("Escape")
        let.release()
    expect(told(reader)).to_contain_text("1 document added")
    expect(reader.page.get_by_role("progressbar")).to_have_count(0)
    said = ["Reading long.txt…", words.added(["long.txt"], [])]
    assert reader.page.evaluate("window.said") == said


def test_a_file_that_cannot_be_read_is_named_with_the_reason(
    reader: Reader, tmp_path: Path
) -> None:
    file = tmp_path / "scan.md"
    file.write_text("?", encoding="utf-8")
    reader.page.locator("#document").select_option(BRIDGE.id)
    text = reader.page.locator("#article .text")
    expect(text).to_have_text(BRIDGE.text)
    choose(reader, file)
    expect(told(reader)).to_have_text("scan.md <b>cannot</b> be read.")
    expect(text).to_have_text(BRIDGE.text)
    reader.ask("When?")
    expect(told(reader)).to_be_hidden()
    good = tmp_path / "good.txt"
    good.write_text("It is read.", encoding="utf-8")
    choose(reader, file, good)
    expect(told(reader)).to_have_text("1 document added: good.txt. scan.md <b>cannot</b> be read.")
    expect(told(reader)).to_be_visible()
    expect(text).to_have_text("It is read.")


def test_a_pdf_a_word_document_and_a_web_page_are_read(
    open_with: Opener,
    settings: Settings,
    embeddings: FakeEmbeddings,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr("onrecord.library.open_embeddings", lambda *_: embeddings)
    monkeypatch.setattr("onrecord.library.embedder_id", lambda _: "fake")
    corpus, sent = tmp_path / "corpus", tmp_path / "sent"
    corpus.mkdir()
    sent.mkdir()
    (corpus / "bridge.txt").write_text(BRIDGE.text, encoding="utf-8")
    contents = {"a.pdf": pdf(PAGES), "b.docx": word(), "c.html": HTML, "d.pdf": b"%PDF-1.4 damaged"}
    for name, content in contents.items():
        (sent / name).write_bytes(content)
    with Assistant(corpus, model=FakeModel(), settings=settings) as assistant:
        reader = open_with(assistant)
        choose(reader, *(sent / name for name in contents))
        expect(told(reader)).to_contain_text("3 documents added: a.pdf, b.docx, c.html. d.pdf")
        shown = reader.page.locator("#article .sentence")
        for name, said in (
            ("a.pdf", "It will be raised in June."),
            ("b.docx", "It was built in 1970."),
            ("c.html", "The ferry Aurora sank near Bergen on 3 May."),
        ):
            reader.page.locator("#document").select_option(name)
            expect(shown.filter(has_text=said)).to_have_count(1)
        kept = {file.name for file in corpus.iterdir()}
        assert kept == {"bridge.txt", "a.pdf", "b.docx", "c.html"}


def test_what_the_server_would_refuse_is_said_before_anything_is_sent(
    reader: Reader, tmp_path: Path
) -> None:
    sent: list[str] = []
    reader.page.on("request", lambda it: sent.append(it.url) if "/upload" in it.url else None)
    large = file_of(tmp_path, "large.TXT", 20_000_001)
    program = file_of(tmp_path, "program.exe", 9)
    halves = [file_of(tmp_path, name, 12_600_000) for name in ("one.md", "two.md")]
    many = [file_of(tmp_path, f"{number}.txt", 9) for number in range(21)]
    unsent = reader.page.locator("#unsent")
    expect(unsent).to_be_hidden()
    for files, said in (
        ([large], "large.TXT has 20.1 MB and was not added: a file may have 20 MB."),
        ([program], "program.exe was not added: it is of no known kind. These are: .txt, .md"),
        (halves, "The files have 25.2 MB together and none was added: 25 MB are taken at once."),
        (many, "At most 20 files are added at once, and these are 21: none was added."),
    ):
        choose(reader, *files)
        expect(unsent).to_contain_text(said)
        expect(reader.page.locator("#voice")).to_contain_text(said)
    reader.keep("unsent")
    assert not sent
    choose(reader, large, many[0], program)
    expect(told(reader)).to_contain_text("1 document added: 0.txt")
    expect(unsent).to_contain_text("large.TXT has 20.1 MB")
    expect(unsent).to_contain_text("program.exe was not added")
    drawer = reader.open_drawer(words.DOCUMENTS)
    expect(drawer).to_contain_text("large.TXT has 20.1 MB")
    reader.keep("unsent-drawer")
    reader.page.keyboard.press("Escape")
    choose(reader, many[1])
    expect(told(reader)).to_contain_text("1 document added: 1.txt")
    expect(unsent).to_be_hidden()
    assert len(sent) == 2


@pytest.mark.thorough
def test_more_than_is_taken_at_once_is_told_to_be(reader: Reader, tmp_path: Path) -> None:
    reader.page.evaluate(
        """() => Object.assign(document.querySelector(".unsent").dataset, {
            most: 1e3, largest: 1e9, together: 1e9,
        })"""
    )
    large = [tmp_path / "one.txt", tmp_path / "two.txt"]
    small = [tmp_path / f"{number}.txt" for number in range(21)]
    for file in (*large, *small):
        file.write_bytes(b"The ferry sank. " * (900_000 if file in large else 1))
    for files, said in ((large, "add fewer at once"), (small, "Add them in smaller groups")):
        choose(reader, *files)
        expect(reader.page.locator("body")).to_contain_text(said)
    drawer = reader.open_drawer(words.DOCUMENTS)
    reader.press(words.PASTE)
    drawer.get_by_label(words.PASTE_TITLE, exact=True).fill("A long text")
    drawer.get_by_label(words.PASTE_TEXT, exact=True).fill("The ferry sank. " * 70_000)
    reader.press(words.PASTE_ADD)
    expect(reader.page.locator("body")).to_contain_text("send a shorter one")
    assert len(reader.assistant.documents) == 3
    assert all("413" in complaint for complaint in reader.complaints)
    reader.complaints.clear()


def test_what_is_ticked_while_an_answer_comes_in_is_asked_of_next(reader: Reader) -> None:
    reader.ask("wait", wait_for=".claim")
    drawer = reader.open_drawer(words.DOCUMENTS)
    box = item(drawer, HARBOUR.title).get_by_role("checkbox")
    box.check()
    expect(chip(reader)).to_contain_text(HARBOUR.title)
    reader.page.keyboard.press("Escape")
    expect(reader.latest(".stage")).to_be_visible()
    reader.assistant.go.set()
    expect(reader.latest(".foot")).to_be_visible()
    expect(chip(reader)).to_contain_text(HARBOUR.title)
    reader.ask("When?")
    assert reader.assistant.scopes == [EVERYTHING, Scope(documents=(HARBOUR.id,))]
    expect(reader.page.locator(".question")).to_have_text(["wait", "When?"])
    reader.open_drawer(words.DOCUMENTS)
    expect(box).to_be_checked()


@pytest.mark.thorough
def test_a_document_that_is_removed_while_an_answer_comes_in_can_be_brought_back_after_it(
    reader: Reader,
) -> None:
    reader.ask("wait", wait_for=".claim")
    drawer = reader.open_drawer(words.DOCUMENTS)
    item(drawer, BRIDGE.title).get_by_role("button", name=words.REMOVE).click()
    expect(drawer.get_by_role("listitem")).to_have_count(2)
    reader.assistant.go.set()
    expect(reader.latest(".foot")).to_be_attached()
    drawer.get_by_role("button", name=words.UNDO).click()
    expect(drawer.locator(".said")).to_have_text(words.RESTORED.format(name=BRIDGE.id))
    expect(drawer.get_by_role("listitem")).to_have_count(3)
    expect(reader.page.locator(".question")).to_have_text("wait")


@pytest.mark.thorough
def test_a_passage_that_is_chosen_while_a_document_is_brought_back_stays_chosen(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawer = reader.open_drawer(words.DOCUMENTS)
    item(drawer, BRIDGE.title).get_by_role("button", name=words.REMOVE).click()
    expect(drawer.get_by_role("listitem")).to_have_count(2)
    indexed = indexing(reader, monkeypatch)
    drawer.get_by_role("button", name=words.UNDO).click()
    reader.page.keyboard.press("Escape")
    sentence = reader.page.locator("#article .sentence").first
    reader.select(sentence, sentence)
    reader.press(words.ASK_PASSAGE)
    expect(chip(reader)).to_be_visible()
    indexed.set()
    expect(reader.page.locator("#article .text")).to_have_text(BRIDGE.text)
    expect(chip(reader)).to_be_visible()
    reader.ask("Who?")
    assert reader.assistant.scopes[-1].passage is not None


@pytest.mark.thorough
def test_a_question_that_is_answered_while_a_document_is_added_is_not_lost(
    reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    added = threading.Event()
    add = reader.assistant.add

    def slow(file: Path) -> str:
        added.wait(20)
        return str(add(file))

    monkeypatch.setattr(reader.assistant, "add", slow)
    file = tmp_path / "slow.txt"
    file.write_text("It takes long.", encoding="utf-8")
    choose(reader, file)
    expect(reader.page.get_by_role("progressbar", name="slow.txt")).to_be_visible()
    reader.ask("Who?")
    added.set()
    expect(reader.page.locator("#article .text")).to_have_text("It takes long.")
    reader.ask("And when?")
    expect(reader.page.locator(".question")).to_have_text(["Who?", "And when?"])
    assert [message["content"] for message in reader.assistant.asked[-1][1]][::2] == ["Who?"]
