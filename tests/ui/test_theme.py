"""What the page brings along: all of its own styles and scripts, and nothing from elsewhere."""

from __future__ import annotations

import re
from importlib import resources

import pytest

from onrecord.ui.theme import look

HERE = resources.files("onrecord.ui")


@pytest.mark.parametrize(("kind", "part"), [("css", "head"), ("js", "js")])
def test_every_style_and_script_is_part_of_it(kind: str, part: str) -> None:
    files = [file.read_text(encoding="utf-8") for file in HERE.joinpath(kind).iterdir()]
    assert files
    assert all(look()[part].count(text.strip()) == 1 for text in files)


@pytest.mark.parametrize("part", ["head", "js"])
def test_nothing_is_fetched_from_elsewhere(part: str) -> None:
    own = r"`\$\{root\}"  # the page's own address
    fetched = rf"https?://|@import|url\((?!['\"]?data:)|\bfetch\((?!{own})"
    assert not re.search(fetched, look()[part])


def test_the_scripts_set_text_as_text_alone() -> None:
    unsafe = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function"
    assert not re.search(unsafe, look()["js"])
