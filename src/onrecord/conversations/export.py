"""A conversation as a file to read, print or pass on. All text in it is untrusted."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from onrecord.conversations.alarms import ALTERED_SINCE, CHANGED_SINCE
from onrecord.conversations.values import Conversation, Exchange
from onrecord.pages import templates_of
from onrecord.sources import BEHIND, heading, read_as, sources_of, whereabouts

_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, marks that turn the writing direction, and half surrogates."""

_MARKDOWN = re.compile(
    r"""
    [\\`*_\[\]#~$]   # emphasis, code, links, headings, formulas
    | [:.](?=\S)     # addresses that become links by themselves
    | (?<=\d)[.)]    # numbered lists
    | ^[-+]          # lists and lines
    """,
    re.VERBOSE,
)
_AT = re.compile("@+")

_FALLEN = f"{CHANGED_SINCE} this was answered"


def as_markdown(conversation: Conversation) -> str:
    """Return a conversation as Markdown (CommonMark, and GitHub's).

    Whatever was asked, answered or quoted is shown as the text that it is: nothing in it becomes a
    heading, a link, an image or HTML.
    """
    lines = [f"# {_escaped(conversation.title)}", "", _moment(conversation.created), ""]
    for exchange in conversation.exchanges:
        lines += _exchange(exchange)
    return "\n".join(lines).rstrip() + "\n"


def as_html(conversation: Conversation) -> str:
    """Return a conversation as one page of HTML, for screen and paper.

    It has no script, asks nothing of any address, and says so to the browser.
    """
    pages = templates_of("onrecord.conversations")
    pages.filters["shown"] = _shown
    pages.filters["moment"] = _moment
    pages.filters["whereabouts"] = whereabouts
    return pages.get_template("conversation.html").render(
        conversation=conversation,
        behind=BEHIND,
        read_as=read_as,
        alarms=_alarms,
        sources=sources_of,
        heading=heading,
    )


def as_json(conversation: Conversation) -> str:
    """Return a conversation as JSON: all that is kept of it, receipts and feedback too."""
    text = json.dumps(conversation.model_dump(mode="json"), ensure_ascii=False, indent=2)
    # A half surrogate is no UTF-8; Python's escape for it is JSON's, too.
    return text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n"


def _exchange(exchange: Exchange) -> Iterator[str]:
    answer = exchange.receipt.answer
    yield from (f"## {_escaped(answer.question)}", "", _escaped(answer.text), "")
    if answer.read_as:
        yield from (_escaped(read_as(answer)), "")
    if answer.is_behind:
        yield from (BEHIND, "")
    for alarm, said in _alarms(exchange):
        yield from (f"{alarm}:", "", *(f"- {_escaped(each)}" for each in said), "")
    if sources := sources_of(answer):
        yield from (f"{heading(answer)}:", "")
        for citation in sources:
            quotation, where = _escaped(citation.text), _escaped(whereabouts(citation))
            yield f"- \\[{citation.number}\\] “{quotation}” ({where})"
        yield ""


def _alarms(exchange: Exchange) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield what is wrong with an answer, each kind of it with all that there is to say."""
    if exchange.fallen:
        yield _FALLEN, exchange.fallen
    if exchange.altered:
        yield ALTERED_SINCE, exchange.altered


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _shown(text: str) -> str:
    return _UNSEEN.sub(" ", text)


def _escaped(text: str) -> str:
    """Return a text for Markdown, on one line.

    HTML's own characters become entities, since not all Markdown knows a backslash before them.
    Nothing but code keeps an address with an @ in it, or a person's @name, from becoming a link.
    """
    line = " ".join(_shown(text).split())
    return _AT.sub(r"`\g<0>`", _MARKDOWN.sub(r"\\\g<0>", html.escape(line, quote=False)))
