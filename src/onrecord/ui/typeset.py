"""A document's text as HTML: every sentence in an element of its own, every character kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import PurePosixPath

from onrecord.corpus import SUFFIXES
from onrecord.types import Document, Sentence
from onrecord.ui.blocks import Block, Box, extracted_blocks, plain_blocks, whole
from onrecord.ui.grid import grid_html
from onrecord.ui.markdown import markdown_blocks
from onrecord.ui.pen import Pen, legible

_READ: dict[str, Callable[[str], Sequence[Block]]] = {".md": markdown_blocks, ".txt": plain_blocks}


def text_html(document: Document, sentences: Sequence[Sentence]) -> str:
    """Return the text in paragraphs, lists and tables; without its tags it is the text again.

    Args:
        document: What to show.
        sentences: Its sentences, in order, none of them overlapping.
    """
    text = document.text
    suffix = PurePosixPath(document.id).suffix.lower()
    extracted = extracted_blocks if suffix in SUFFIXES else plain_blocks
    pieces: list[str] = []
    path: tuple[Box, ...] = ()
    first = 0
    for block in whole(text, _READ.get(suffix, extracted)(text), sentences):
        last = first
        while last < len(sentences) and sentences[last].start < block.end:
            last += 1
        pieces.append(_step(path, block.path))
        pieces.append(_block(text, block, sentences[first:last]))
        path, first = block.path, last
    return "".join([*pieces, _step(path, ())])


def _step(before: tuple[Box, ...], after: tuple[Box, ...]) -> str:
    """Return the tags that lead from what one block stands in to what the next one does."""
    shared = 0
    while shared < min(len(before), len(after)) and before[shared] is after[shared]:
        shared += 1
    closed = "".join(f"</{box.tag}>" for box in reversed(before[shared:]))
    return closed + "".join(map(_opened, after[shared:]))


def _opened(box: Box) -> str:
    return f'<{box.tag} start="{box.first}">' if box.tag == "ol" else f"<{box.tag}>"


def _block(text: str, block: Block, sentences: Sequence[Sentence]) -> str:
    if block.kind == "table" and (found := grid_html(text, block, sentences)):
        return found
    block = legible(text, block, sentences)
    body = "".join(Pen(text, block.start, block.marks).sentences(sentences, block.end))
    if block.kind == "hr":
        return f"<hr>{body}"
    if not text[block.start : block.end].strip():
        return body
    if block.kind.startswith("h"):
        return f"<{block.kind}>{body}</{block.kind}>"
    kind = "lines" if block.kind == "table" else block.kind
    return f"<p>{body}</p>" if kind == "p" else f'<p class="{kind}">{body}</p>'
