from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from onrecord import Assistant, served
from onrecord.desk import Desk
from onrecord.served import ServedPage, noting, served_page
from onrecord.settings import Settings
from onrecord.types import EVERYTHING, Document, Scope
from onrecord.ui import build_page
from onrecord.ui.launch import launch
from tests.scripted import ScriptedAssistant

URL = "http://127.0.0.1:7860/"
SOURCES = [Path("corpus")]


@pytest.fixture
def assistant(article: Document) -> ScriptedAssistant:
    return ScriptedAssistant([article], [("Charles Michel mediated the talks.", [(0, 1)])])


@pytest.fixture
def page(assistant: ScriptedAssistant) -> Iterator[ServedPage]:
    desk = Desk(cast(Assistant, assistant))
    shown = build_page(desk.assistant, desk=desk)
    yield ServedPage(url=launch(shown, "127.0.0.1", 0, desk=desk))
    shown.close(verbose=False)


def test_a_page_is_found_as_long_as_it_is_served(settings: Settings) -> None:
    assert served_page(SOURCES, settings) is None
    with noting(SOURCES, settings) as noted:
        assert served_page(SOURCES, settings) is None
        noted(URL)
        assert served_page(SOURCES, settings) == ServedPage(url=URL)
    assert served_page(SOURCES, settings) is None
    assert not any((settings.cache_dir / "pages").iterdir())


@pytest.mark.parametrize(
    ("sources", "others", "is_found"),
    [
        (SOURCES, {}, True),
        ([Path("elsewhere/../corpus")], {}, True),
        ([], {"corpus": Path("corpus")}, True),
        (SOURCES, {"port": 1, "log": "json", "data_dir": Path("else")}, True),
        ([Path("corpus/a.txt")], {}, False),
        ([*SOURCES, Path("more")], {}, False),
        (SOURCES, {"threshold": -1.0}, False),
        (SOURCES, {"model": "openai:x"}, False),
        (SOURCES, {"weights": Path("own.gguf")}, False),
        (SOURCES, {"chroma": "http://there:8000"}, False),
    ],
)
def test_it_is_found_by_whoever_would_be_answered_the_same(
    settings: Settings, sources: list[Path], others: dict[str, object], is_found: bool
) -> None:
    with noting(SOURCES, settings) as noted:
        noted(URL)
        found = served_page(sources, settings.model_copy(update=others))
        assert (found is not None) == is_found


def test_a_page_of_the_code_before_a_change_is_not_asked(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = tmp_path / "code" / "a.py"
    code.parent.mkdir()
    code.touch()
    monkeypatch.setattr(served, "_PACKAGE", code.parent)
    with noting(SOURCES, settings) as noted:
        noted(URL)
        assert served_page(SOURCES, settings)
        os.utime(code, (1, 1))
        assert served_page(SOURCES, settings) is None


def test_the_first_of_two_pages_is_asked(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(served, "_MOMENT", 0.0)
    with noting(SOURCES, settings) as noted:
        noted(URL)
        with noting(SOURCES, settings) as also:
            also("http://127.0.0.1:7861/")
        assert served_page(SOURCES, settings) == ServedPage(url=URL)


@pytest.mark.parametrize("by_another", [False, True])
def test_a_page_that_was_killed_is_not_asked_and_its_note_goes(
    settings: Settings, by_another: bool
) -> None:
    code = f"""
import sys, time
from pathlib import Path
from onrecord.served import noting
from onrecord.settings import Settings
with noting([Path("corpus")], Settings(cache_dir=Path(sys.argv[1]), threshold=0.0)) as noted:
    noted({URL!r})
    print("noted", flush=True)
    time.sleep(60)
"""
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(settings.cache_dir)], stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.readline()
    assert served_page(SOURCES, settings)
    process.kill()
    process.communicate()
    pages = settings.cache_dir / "pages"
    if by_another:
        with noting([Path("elsewhere")], settings) as noted:
            noted(URL)
            assert len([*pages.glob("*.json")]) == 1
    assert served_page(SOURCES, settings) is None
    assert not any(pages.iterdir())


def test_where_nothing_can_be_written_nothing_is_noted(settings: Settings) -> None:
    settings.cache_dir.write_text("no folder", encoding="utf-8")
    with noting(SOURCES, settings) as noted:
        noted(URL)
        assert served_page(SOURCES, settings) is None


@pytest.mark.parametrize("note", ["", "{}", '{"url": "http://192.0.2.1:80/"}', '{"url": 3}'])
def test_a_note_of_anything_else_is_of_no_page(settings: Settings, note: str) -> None:
    with noting(SOURCES, settings) as noted:
        noted(URL)
        (file,) = (settings.cache_dir / "pages").glob("*.json")
        file.write_text(note, encoding="utf-8")
        assert served_page(SOURCES, settings) is None


@pytest.mark.parametrize("url", ["http://192.0.2.1:80/", "http://answers.example:80/", "x"])
def test_a_page_elsewhere_is_not_noted(settings: Settings, url: str) -> None:
    with noting(SOURCES, settings) as noted:
        noted(url)
        assert served_page(SOURCES, settings) is None


def test_it_answers_as_the_assistant_does(page: ServedPage, assistant: ScriptedAssistant) -> None:
    scope = Scope(documents=(assistant.documents[0].id,))
    answer = page.ask("Who mediated?", scope)
    assert answer is not None
    assert answer.text == "Charles Michel mediated the talks [1]."
    assert [each.id for each in answer.documents] == [assistant.documents[0].id]
    assert assistant.scopes == [scope]


@pytest.mark.parametrize("question", ["This will fail.", "\ud800?"])
def test_what_it_refuses_has_no_answer(page: ServedPage, question: str) -> None:
    assert page.ask(question, EVERYTHING) is None


def test_a_page_that_is_gone_has_no_answer() -> None:
    assert ServedPage(url="http://127.0.0.1:9/").ask("Who?", EVERYTHING) is None


@pytest.mark.model
def test_a_question_beside_a_page_is_answered_by_it(monkeypatch: pytest.MonkeyPatch) -> None:
    # By other settings than those of a page that may be open on this machine.
    monkeypatch.setenv("ONRECORD_MAX_QUESTION", "1999")

    def onrecord(*arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "onrecord", *arguments]
        return subprocess.Popen(command, stdout=-1, stderr=-1, text=True)

    serving = onrecord("serve", "--no-browser", "--port", "0")
    try:
        assert serving.stdout is not None
        url = serving.stdout.readline().split()[3]
        said, told = onrecord("ask", "Who mediated the talks?", "--json").communicate()
        assert f"The page at {url} answers" in told
        assert [cited["sentence"] for cited in json.loads(said)["citations"]] == [1]
    finally:
        serving.terminate()
        serving.communicate()
