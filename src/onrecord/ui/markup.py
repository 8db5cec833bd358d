"""The words of a Markdown paragraph -> what is marked in them, and where.

markdown-it-py's rules do not say where in a line they have found something, so each is made to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, MutableMapping
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_inline import (
    StateInline,
    autolink,
    backtick,
    emphasis,
    escape,
    image,
    link,
    newline,
    strikethrough,
)
from markdown_it.token import Token

from onrecord.ui.blocks import Mark

_LONGEST = 20_000  # characters: nobody has written a longer paragraph
_MOST_BRACKETS = 500  # from each of which the parser may look through all the rest
_LONGEST_TITLE = 300
_WORD = re.compile(r"\w")
_SIGN = re.compile(r"[*_~`\[<\\]|  \n")  # there is no mark without one
_SIGNS = {"em": 1, "strong": 2, "s": 2}  # before the words, and as many behind them
_BEFORE = {"em": 0, "strong": 1, "s": 0}  # where the parser has an opening: so many come before

_Rule = Callable[[StateInline, bool], bool]


def note_places(parser: MarkdownIt) -> None:
    """Have a parser note where each thing stands that it finds in words."""
    rules = parser.inline.ruler
    rules.at("emphasis", _noting_signs(emphasis.tokenize))
    rules.at("strikethrough", _noting_signs(strikethrough.tokenize))
    for name, rule in (
        ("newline", newline),
        ("escape", escape),
        ("backticks", backtick),
        ("link", link),
        ("image", image),
        ("autolink", autolink),
    ):
        rules.at(name, _noting(rule))


def marks_in(parser: MarkdownIt, words: str, env: MutableMapping[str, Any]) -> Iterator[Mark]:
    """Yield what is marked in words, with its places in them.

    Args:
        parser: One that notes places.
        words: A paragraph, a heading or a cell of a table.
        env: What the parser knows of the text around them.
    """
    if not _SIGN.search(words) or len(words) > _LONGEST or words.count("[") > _MOST_BRACKETS:
        return
    found: list[Token] = []
    parser.inline.parse(words, parser, env, found)
    opened: list[int] = []
    for token in found:
        kind = token.type.removesuffix("_open").removesuffix("_close")
        if kind not in _SIGNS:
            yield from _alone(token, words)
        elif token.nesting == 1:
            opened.append(token.meta["at"][0] - _BEFORE[kind])
        else:
            end = token.meta["at"][0] + _SIGNS[kind]
            yield from _around(kind, opened.pop(), end, _SIGNS[kind])


def _noting(rule: _Rule) -> _Rule:
    """Return a rule that notes of what it finds where that begins and ends, and its label."""

    def noting(state: StateInline, silent: bool) -> bool:
        start, count = state.pos, len(state.tokens)
        found = rule(state, silent)
        if found and not silent:
            for token in state.tokens[count:]:
                if "at" not in token.meta:
                    token.meta["at"] = (start, state.pos)
                    if token.type in ("link_open", "image") and not token.markup:
                        token.meta["label"] = _label(state, start)
        return found

    return noting


def _label(state: StateInline, start: int) -> tuple[int, int]:
    is_image = state.src[start] == "!"
    bracket = start + is_image
    return bracket + 1, state.md.helpers.parseLinkLabel(state, bracket, not is_image)


def _noting_signs(rule: _Rule) -> _Rule:
    """Return a rule that notes it of each of the signs that it finds one behind the other."""

    def noting(state: StateInline, silent: bool) -> bool:
        count = len(state.tokens)
        found = rule(state, silent)
        if found and not silent:
            end = state.pos
            for token in reversed(state.tokens[count:]):
                start = end - len(token.content)
                token.meta.setdefault("at", (start, end))
                end = start
        return found

    return noting


def _alone(token: Token, words: str) -> Iterator[Mark]:
    if "at" not in token.meta:
        return
    start, end = token.meta["at"]
    match token.type:
        case "code_inline":
            yield from _around("code", start, end, len(token.markup))
        case "link_open" if token.markup == "autolink":
            yield from _around("link", start, end, 1)
        case "link_open" | "image":
            first, last = token.meta["label"]
            if _WORD.search(words, first, last):  # what has none would be gone
                address = str(token.attrs.get("href" if token.type == "link_open" else "src", ""))
                kind = "image" if token.type == "image" else "link"
                yield Mark(start, end, kind, address[:_LONGEST_TITLE])
                yield Mark(start, first, "syntax")
                yield Mark(last, end, "syntax")
        case "text_special":
            yield Mark(start, start + 1, "syntax")
        case "hardbreak":
            yield Mark(start, start + 1, "break")


def _around(kind: str, start: int, end: int, signs: int) -> Iterator[Mark]:
    """Yield a mark, and the signs that make it one, as many before its words as behind them."""
    yield Mark(start, end, kind)
    yield Mark(start, start + signs, "syntax")
    yield Mark(end - signs, end, "syntax")
