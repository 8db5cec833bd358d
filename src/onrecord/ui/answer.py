"""The conversation as HTML. Whatever a reader, a document or a model wrote is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from onrecord.types import Answer, Citation, Claim, Evidence, Status
from onrecord.ui import words
from onrecord.ui.turns import Turn, Turns

_MARKED_WHILE_READING = 5
_KEPT_TOGETHER = 12


def conversation_html(turns: Turns, examples: Sequence[str] = ()) -> str:
    """Return the whole conversation; before the first question, the examples to begin with."""
    body = "".join(turn_html(turn) for turn in turns) if turns else _welcome(examples)
    return f'<div class="turns" role="log" aria-live="polite" aria-label="Answers">{body}</div>'


def turn_html(turn: Turn) -> str:
    """Return a question and what has come of it so far."""
    return (
        '<section class="turn">'
        f'<h3 class="question" dir="auto">{escape(turn.question)}</h3>'
        f'<div class="reply">{_reply(turn)}</div>'
        "</section>"
    )


def claim_html(claim: Claim) -> str:
    """Return a claim with a button for each of its citations, before its full stop."""
    body, stop = (claim.text[:-1], ".") if claim.text.endswith(".") else (claim.text, "")
    markers = "".join(citation_html(citation) for citation in claim.citations)
    # A line never begins with a marker: the end of the last word stays with it.
    cut = max(body.rfind(" ") + 1, len(body) - _KEPT_TOGETHER)
    return (
        f'<span class="claim" dir="auto">{escape(body[:cut])}'
        f'<span class="tail">{escape(body[cut:])}{markers}{stop}</span></span>'
    )


def citation_html(citation: Citation) -> str:
    """Return a citation's marker: a button that knows which sentence it stands for."""
    label = escape(f"Source {citation.number}: {citation.text}")
    return (
        f'<button type="button" class="cite" aria-label="{label}" {_place(citation)}>'
        f"<i>[</i>{citation.number}<i>]</i></button>"
    )


def answer_as_text(answer: Answer) -> str:
    """Return an answer with its sources listed, to be pasted elsewhere."""
    listed = answer.citations or answer.nearest
    sources = [f"[{item.number}] “{item.text}” ({item.title})" for item in listed]
    return "\n".join([answer.text, "", *sources]) if sources else answer.text


def _welcome(examples: Sequence[str]) -> str:
    buttons = "".join(
        f'<li><button type="button" class="example">{escape(example)}</button></li>'
        for example in examples
    )
    return (
        f'<div class="welcome"><h2>{words.WELCOME}</h2><p>{words.WELCOME_NOTE}</p>'
        f'<ul class="examples" aria-label="Example questions">{buttons}</ul></div>'
    )


def _reply(turn: Turn) -> str:
    if turn.answer is not None and turn.answer.status is Status.NOT_IN_CORPUS:
        return _refusal(turn.answer, turn.receipt)
    claims = " ".join(claim_html(claim) for claim in turn.claims)
    said = f'<p class="claims">{claims}</p>' if claims else ""
    if turn.answer is not None:
        return said + _foot(turn.answer, turn.receipt)
    if turn.problem:
        return said + _problem(turn.problem)
    if turn.stopped:
        return f'{said}<p class="stopped">{words.STOPPED}</p>'
    return said + _stage(turn)


def _refusal(answer: Answer, receipt: str) -> str:
    nearest = "".join(f"<li>{_nearest(citation)}</li>" for citation in answer.nearest)
    offered = (
        f'<p class="nearest-lead">{words.NEAREST}</p><ul class="nearest">{nearest}</ul>'
        if nearest
        else ""
    )
    return (
        f'<div class="refusal"><p class="verdict">{words.NOT_SAID}</p>'
        f'<p class="refused">{escape(answer.text)}</p>{offered}</div>{_foot(answer, receipt)}'
    )


def _nearest(citation: Citation) -> str:
    return (
        f'<button type="button" class="near" {_place(citation)}>'
        f'<span dir="auto">{escape(citation.text)}</span></button>'
    )


def _foot(answer: Answer, receipt: str) -> str:
    facts = [words.counted(len(answer.citations), "source")] if answer.citations else []
    if "total" in answer.timings:
        facts.append(f"{answer.timings['total']:.1f} s")
    said = "".join(f"<span>{fact}</span>" for fact in facts)
    copied = escape(answer_as_text(answer))
    button = (
        f'<button type="button" class="copy" data-copy="{copied}" data-done="{words.COPIED}">'
        f"{words.COPY}</button>"
    )
    kept = (
        f'<button type="button" class="receipt" data-receipt="{escape(receipt)}"'
        f' data-name="{words.RECEIPT_FILE}" title="{words.RECEIPT_NOTE}">{words.RECEIPT}</button>'
    )
    return f'<p class="foot">{said}{button}{kept if receipt else ""}</p>'


def _problem(message: str) -> str:
    return (
        f'<div class="problem" role="alert"><p class="verdict">{words.TROUBLE}</p>'
        f"<p>{escape(message)}</p></div>"
    )


def _stage(turn: Turn) -> str:
    said = (
        words.reading(len(turn.evidence))
        if turn.stage == "read"
        else words.STAGES.get(turn.stage, words.STAGES["word"])
    )
    looking = "".join(_considered(item) for item in turn.evidence[:_MARKED_WHILE_READING])
    return f'<p class="stage"><span class="pulse" aria-hidden="true"></span>{said}{looking}</p>'


def _considered(evidence: Evidence) -> str:
    return f'<i class="considered" hidden {_place(evidence)}></i>'


def _place(cited: Citation | Evidence) -> str:
    """Return the attributes by which the page finds a sentence: where it is, and its words.

    The words decide: a sentence that has changed since is never lit in another's place.
    """
    at = cited.sentence if isinstance(cited, Evidence) else cited
    number = "" if isinstance(cited, Evidence) else f' data-number="{cited.number}"'
    page = f' data-page="{at.page}"' if at.page else ""
    return (
        f'data-document="{escape(at.document_id)}" data-start="{at.start}" data-end="{at.end}"'
        f' data-title="{escape(cited.title)}" data-text="{escape(cited.text)}"{number}{page}'
    )
