"""What the page brings along: all of its own styles and scripts, and nothing from elsewhere."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

import pytest

from onrecord.ui.theme import look

HERE = Path(str(resources.files("onrecord.ui")))


@pytest.mark.parametrize(("kind", "part"), [("css", "head"), ("js", "js")])
def test_every_style_and_script_is_part_of_it(kind: str, part: str) -> None:
    files = [file.read_text(encoding="utf-8") for file in HERE.joinpath(kind).iterdir()]
    assert files
    assert all(look()[part].count(text.strip()) == 1 for text in files)


@pytest.mark.parametrize("file", (HERE / "css").iterdir(), ids=lambda file: file.name)
def test_colours_stand_in_one_sheet(file: Path) -> None:
    named = r"^ +[\w-]+:.*(#[0-9a-f]{3,8}\b|\b(rgb|hsl|oklch)a?\().*;"
    has_some = re.search(named, file.read_text(encoding="utf-8"), re.MULTILINE)
    assert bool(has_some) is (file.name == "colours.css")


@pytest.mark.parametrize("part", ["head", "js"])
def test_nothing_is_fetched_from_elsewhere(part: str) -> None:
    own = r"`\$\{root\}"  # the page's own address
    fetched = rf"https?://|@import|url\((?!['\"]?data:)|\bfetch\((?!{own})"
    assert not re.search(fetched, look()[part])


def test_the_scripts_set_text_as_text_alone() -> None:
    unsafe = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function"
    assert not re.search(unsafe, look()["js"])
