"""A document as HTML: every sentence in a span of its own, every character kept."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise

from onrecord.speakers import Statement
from onrecord.types import Document, Sentence
from onrecord.ui import words
from onrecord.ui.message import message_html
from onrecord.ui.speakers_view import speakers_html

# Where one paragraph ends and the next begins. In a text with blank lines a single
# line end is only a place where the line was full; in one without, it ends a paragraph.
_BLANK_LINES = re.compile(r"\n[^\S\n]*\n\s*")
_LINE_END = re.compile(r"\n\s*")
_BEFORE_BLOCK_LINE = re.compile(r"\n(?=[ \t]*(?:#{1,6}[ \t]|[-*+•][ \t]|\d{1,3}[.)][ \t]|>|\|))")
_HEADING_LINE = re.compile(r"^[ \t]*#{1,6}[ \t][^\n]*\n\s*", re.MULTILINE)

_HEADING = re.compile(r"[ \t]*#{1,6}[ \t]")
_ITEM = re.compile(r"[ \t]*(?:[-*+•]|\d{1,3}[.)])[ \t]")


def pane_html(
    documents: Sequence[Document],
    shown: Document,
    sentences: Sequence[Sentence],
    said: Sequence[Statement] = (),
    notice: str = "",
) -> str:
    """Return the article pane: who wrote what, a choice of documents, and the text.

    Args:
        documents: What can be chosen.
        shown: The one to show.
        sentences: Its sentences, in order.
        said: Who says what in it.
        notice: Something the reader should know, such as a file that could not be read.
    """
    return (
        f'<article class="sheet" data-document="{escape(shown.id)}" aria-label="Article"'
        f' data-ask="{words.ASK_PASSAGE}" data-use="{words.USE_SENTENCE}">'
        f"{_head(documents, shown, len(sentences), notice)}{speakers_html(shown, said)}"
        f'<div class="text" dir="auto">{text_html(shown, sentences)}</div>'
        f'<button type="button" class="back">{words.BACK}</button></article>'
    )


def opening_html() -> str:
    """Return the article pane while the corpus is being read."""
    return f'<article class="sheet"><p class="facts">{words.OPENING}</p></article>'


def problem_html(message: str) -> str:
    """Return the article pane when there is nothing to show in it."""
    said = message_html(message)
    return f'<article class="sheet"><p class="notice" role="alert">{said}</p></article>'


def text_html(document: Document, sentences: Sequence[Sentence]) -> str:
    """Return the text in paragraphs; without its tags it is the document's text again.

    Args:
        document: What to show.
        sentences: Its sentences, in order, none of them overlapping.
    """
    cuts = [0, *_paragraph_ends(document.text, sentences), len(document.text)]
    blocks = []
    first = 0
    for start, end in pairwise(cuts):
        last = first
        while last < len(sentences) and sentences[last].start < end:
            last += 1
        blocks.append(_block(document.text, start, end, sentences[first:last]))
        first = last
    return "".join(blocks)


def _head(documents: Sequence[Document], shown: Document, count: int, notice: str) -> str:
    facts = [shown.source, shown.date, words.counted(count, "sentence")]
    line = " · ".join(f"<bdi>{escape(fact)}</bdi>" for fact in facts if fact)
    warning = f'<p class="notice" role="status">{message_html(notice)}</p>' if notice else ""
    # A text that begins with its own title needs no second one.
    repeated = shown.text.lstrip().startswith(f"# {shown.title}\n")
    title = "" if repeated else f'<h2 class="title" dir="auto">{escape(shown.title)}</h2>'
    return (
        f'<header class="sheet-head">{_choice(documents, shown)}{warning}'
        f'{title}<p class="facts">{line}</p>'
        f'<p class="changed" role="status" data-words="{escape(words.CHANGED)}"'
        f' data-gone="{escape(words.GONE)}"></p>'
        "</header>"
    )


def _choice(documents: Sequence[Document], shown: Document) -> str:
    if len(documents) < 2:
        return ""
    titles = [document.title for document in documents]
    options = "".join(
        f'<option value="{escape(document.id)}"{" selected" if document.id == shown.id else ""}>'
        f"{message_html(_told_apart(document, titles))}</option>"
        for document in documents
    )
    return (
        f'<label class="choice"><span>{words.CHOOSE}</span><select id="document">{options}</select>'
        f"<small>{words.counted(len(documents), 'document')}</small></label>"
    )


def _told_apart(document: Document, titles: Sequence[str]) -> str:
    return (
        document.title if titles.count(document.title) == 1 else f"{document.title} ({document.id})"
    )


def _paragraph_ends(text: str, sentences: Sequence[Sentence]) -> Iterator[int]:
    """Yield where paragraphs end, in order, and never inside a sentence."""
    has_blank_lines = _BLANK_LINES.search(text) is not None
    patterns = [_BLANK_LINES, _BEFORE_BLOCK_LINE, _HEADING_LINE] if has_blank_lines else [_LINE_END]
    ends = sorted({match.end() for pattern in patterns for match in pattern.finditer(text)})
    following = iter(sentences)
    sentence = next(following, None)
    for end in ends:
        while sentence is not None and sentence.end <= end:
            sentence = next(following, None)
        inside = sentence is not None and sentence.start < end
        if not inside and end < len(text):
            yield end


def _block(text: str, start: int, end: int, sentences: Sequence[Sentence]) -> str:
    if _HEADING.match(text, start) and sentences:
        # Its number signs are kept, for whoever copies the text, and not shown.
        marks = text[start : sentences[0].start]
        body = _spans(text, sentences[0].start, end, sentences)
        return f'<h3><span class="syntax">{escape(marks)}</span>{body}</h3>'
    body = _spans(text, start, end, sentences)
    if not text[start:end].strip():
        return body
    return f'<p class="item">{body}</p>' if _ITEM.match(text, start) else f"<p>{body}</p>"


def _spans(text: str, start: int, end: int, sentences: Sequence[Sentence]) -> str:
    pieces = []
    position = start
    for sentence in sentences:
        pieces.append(escape(text[position : sentence.start]))
        pieces.append(
            f'<span class="sentence" id="s{sentence.index}" tabindex="-1"'
            f' data-start="{sentence.start}" data-end="{sentence.end}">'
            f"{escape(text[sentence.start : sentence.end])}</span>"
        )
        position = sentence.end
    pieces.append(escape(text[position:end]))
    return "".join(pieces)
