"""What the head of a text or Markdown file says about it, read without trusting it."""

from __future__ import annotations

import re

import yaml

from onrecord.extract import Extracted

# A longer head is text. The parser is slow, and what it is given may be made to be slower.
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.{0,10000}?)\n---[ \t]*(?:\n+|\Z)", re.DOTALL)
_MARKDOWN_TITLE = re.compile(r"^#[ \t]+(\S.*)$", re.MULTILINE)
_CLOSING = re.compile(r"[ \t]#+$")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the one that is quick, where there is it
_LINE = re.compile(r"(\w[\w -]*):[ \t]+([^\s\[{&*!|>%@`].*)")
_NULL = "tag:yaml.org,2002:null"


def front_matter(text: str) -> Extracted:
    """Return a text without its front matter, and the title, date and source that this gives.

    They are taken as they are written. A text that only looks like front matter loses nothing.
    """
    match = _FRONT_MATTER.match(text)
    said = _said(match.group(1)) if match else None
    if not match or said is None:
        return Extracted(text)
    title, date, source = (said.get(key, "") for key in ("title", "date", "source"))
    return Extracted(text[match.end() :], title, date, source)


def heading(text: str) -> str:
    """Return the first Markdown heading of the first level; "" where there is none."""
    match = _MARKDOWN_TITLE.search(text)
    return _CLOSING.sub("", match.group(1).rstrip()).rstrip() if match else ""


def _said(head: str) -> dict[str, str] | None:
    """Return the plain values of a YAML mapping; None where it is none.

    Nothing is constructed: a head of a few lines can refer to itself so that its values would
    fill the memory, or be a number that no string can be made of.
    """
    try:
        node = yaml.compose(head, Loader=_LOADER)
    except (yaml.YAMLError, ValueError, RecursionError):
        return _read_line_by_line(head)
    if not isinstance(node, yaml.MappingNode):
        return None
    return {
        key.value: value.value
        for key, value in node.value
        if isinstance(key, yaml.ScalarNode)
        and isinstance(value, yaml.ScalarNode)
        and value.tag != _NULL
    }


def _read_line_by_line(head: str) -> dict[str, str] | None:
    """Return what stands behind the first colon of each line: a headline may have another one."""
    lines = [_LINE.fullmatch(line.rstrip()) for line in head.splitlines() if line.strip()]
    found = {line[1]: line[2].strip() for line in lines if line}
    return found if len(found) == len(lines) else None
