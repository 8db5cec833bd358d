"""What can be pressed in a conversation, as HTML; the page's script knows what each stands for."""

from __future__ import annotations

from html import escape

from onrecord.sources import whereabouts
from onrecord.types import Citation, Evidence
from onrecord.ui import words


def citation_html(citation: Citation) -> str:
    """Return a citation's marker, which leads to its sentence."""
    label = words.source(citation.number, citation.page)
    return (
        f'<button type="button" class="cite" aria-label="{label}" {_place(citation)}'
        f' data-text="{escape(citation.text)}"><i>[</i>{citation.number}<i>]</i></button>'
    )


def nearest_html(citation: Citation) -> str:
    """Return a sentence that comes nearest, which leads to its place."""
    page = f" <small>{words.page(citation.page)}</small>" if citation.page else ""
    return _sentence("near", citation, page)


def considered_html(evidence: Evidence, is_named: bool) -> str:
    """Return a sentence that is likely to be read, which leads to its place.

    Args:
        evidence: The sentence.
        is_named: Whether its document is named beside it.
    """
    title = f" <small><bdi>{escape(evidence.title)}</bdi></small>" if is_named else ""
    return _sentence("near considered", evidence, title)


def example_html(question: str) -> str:
    """Return a question that is asked when it is pressed."""
    asked = escape(question)
    return (
        f'<button type="button" class="example" dir="auto" data-do="ask" data-question="{asked}">'
        f"{asked}</button>"
    )


def _sentence(kind: str, cited: Citation | Evidence, beside: str) -> str:
    return (
        f'<button type="button" class="{kind}" {_place(cited)}>'
        f'<span dir="auto">{escape(cited.text)}</span>{beside}</button>'
    )


def _place(cited: Citation | Evidence) -> str:
    """Return the attributes by which the page finds a sentence, and says where it is.

    Its words decide: a sentence that has changed since is never lit in another's place.
    """
    at = cited.sentence if isinstance(cited, Evidence) else cited
    source = "" if isinstance(cited, Evidence) else _source(cited)
    page = f' data-page="{words.page(at.page)}"' if at.page else ""
    return (
        f'data-document="{escape(at.document_id)}" data-start="{at.start}" data-end="{at.end}"'
        f' data-title="{escape(cited.title)}"{source}{page}'
    )


def _source(citation: Citation) -> str:
    return f' data-number="{citation.number}" data-where="{escape(whereabouts(citation))}"'
