"""The conversation as HTML. Whatever a reader, a document or a model wrote is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from uuid import uuid4

from onrecord.refusal import is_of_many
from onrecord.sources import sources_of, whereabouts
from onrecord.types import Answer, Citation, Claim, Evidence, Status
from onrecord.ui import words
from onrecord.ui.examples import about
from onrecord.ui.judgement import judgement_html
from onrecord.ui.message import message_html
from onrecord.ui.turns import Turn, Turns, plain

_MARKED_WHILE_READING = 5
_SHOWN_WHILE_READING = 3
_KEPT_TOGETHER = 12


def earlier_html(turns: Turns, place: int = 0) -> str:
    """Return what is new before the last question of a conversation; it does not change any more.

    Args:
        turns: The conversation.
        place: How many of its turns the page keeps as they are.
    """
    new = "".join(turn_html(turn) for turn in turns[place:-1])
    return f'<div class="turns sent" data-place="{place}" data-nonce="{uuid4().hex}">{new}</div>'


def latest_html(turns: Turns, examples: Sequence[str] = (), conversation: str = "") -> str:
    """Return the last question; before the first one, the examples to begin with.

    Args:
        turns: The conversation.
        examples: Questions to begin with.
        conversation: The id under which it is kept, if it is.
    """
    last = turn_html(turns[-1]) if turns else _welcome(examples)
    spoken = escape(_spoken(turns[-1])) if turns else ""
    return (
        f'<div class="turns" data-spoken="{spoken}" data-conversation="{escape(conversation)}"'
        f' data-lost="{words.LOST}">{last}</div>'
    )


def turn_html(turn: Turn) -> str:
    """Return a question and what has come of it so far."""
    asked_of = (
        f'<p class="asked-of">{words.ASKED_OF} <bdi>{escape(turn.asked_of)}</bdi></p>'
        if turn.asked_of
        else ""
    )
    forgotten = f'<p class="alarm">{words.FORGOTTEN}</p>' if turn.is_cut_off else ""
    return (
        '<section class="turn">'
        f'<h3 class="question" dir="auto">{escape(turn.question)}</h3>{asked_of}{forgotten}'
        f'<div class="reply">{_reply(turn)}</div>'
        "</section>"
    )


def claim_html(claim: Claim) -> str:
    """Return a claim with a button for each citation before its full stop, and its grounding."""
    attributed = " attributed" if claim.speaker else ""
    body, stop = (claim.text[:-1], ".") if claim.text.endswith(".") else (claim.text, "")
    markers = "".join(citation_html(citation) for citation in claim.citations)
    # A line never begins with a marker: the end of the last word stays with it.
    cut = max(body.rfind(" ") + 1, len(body) - _KEPT_TOGETHER)
    return (
        f'<span class="claim{attributed}" dir="auto">{_words(body[:cut])}'
        f'<span class="tail">{_words(body[cut:])}{markers}{stop}</span></span>'
        f" {_grounding(claim)}"
    )


def citation_html(citation: Citation) -> str:
    """Return a citation's marker: a button that knows which sentence it stands for."""
    label = escape(f"{words.source(citation.number, citation.page)}: {citation.text}")
    return (
        f'<button type="button" class="cite" aria-label="{label}" {_place(citation)}>'
        f"<i>[</i>{citation.number}<i>]</i></button>"
    )


def answer_as_text(answer: Answer) -> str:
    """Return an answer with its sources listed, to be pasted elsewhere."""
    sources = [f"[{it.number}] “{it.text}” ({whereabouts(it)})" for it in sources_of(answer)]
    return "\n".join([answer.text, "", *sources]) if sources else answer.text


def _words(text: str) -> str:
    """Return words of a model's, apart from the page's beside them: they may turn round."""
    return f'<span class="words">{escape(text)}</span>'


def _spoken(turn: Turn) -> str:
    """Return what is read aloud without being asked for: no stage, no draft, no button."""
    if turn.answer is not None:
        return " ".join(map(_read_aloud, turn.answer.claims)) or plain(turn.answer)
    if turn.stopped:
        return words.STOPPED
    return words.ANSWERING if turn.working else ""


def _read_aloud(claim: Claim) -> str:
    """Return a claim, and whose word it is, which the page shows by its look."""
    return f"{claim.text} ({words.ATTRIBUTED_TO} {claim.speaker})" if claim.speaker else claim.text


def _welcome(examples: Sequence[str]) -> str:
    buttons = "".join(f"<li>{_example(example)}</li>" for example in examples)
    return (
        f'<div class="welcome"><h2>{words.WELCOME}</h2><p>{words.WELCOME_NOTE}</p>'
        f'<ul class="examples" aria-label="{words.EXAMPLES}">{buttons}</ul></div>'
    )


def _example(question: str) -> str:
    asked = escape(question)
    return (
        f'<button type="button" class="example" dir="auto" data-do="ask" data-question="{asked}">'
        f"{asked}</button>"
    )


def _drafted(turn: Turn) -> list[str]:
    """Return what is being written, or was when it ended; what may not stay is not read aloud."""
    if not turn.drafted:
        return []
    hidden, said = (
        (' aria-hidden="true"', words.UNVERIFIED) if turn.working else ("", words.BROKEN_OFF)
    )
    return [
        f'<span class="drafted" dir="auto"{hidden}>{_words(turn.drafted)}'
        f" <small>{said}</small></span>"
    ]


def _dropped(turn: Turn) -> str:
    """Return what was written and is no part of the answer, and why."""
    return "".join(
        f'<p class="dropped" dir="auto"><s>{_words(each.text)}</s>'
        f" <small>{words.dropped(each.reason)}</small></p>"
        for each in turn.dropped
    )


def _grounding(claim: Claim) -> str:
    """Return how a claim comes from its sentence, and behind it what the check had to say."""
    said = words.QUOTED_INSTEAD if claim.replaced else words.GROUNDING[claim.grounding]
    why = words.DROPPED if claim.replaced else words.GROUNDED[claim.grounding]
    reasons = "".join(f"<li>{message_html(reason)}</li>" for reason in claim.reasons)
    name = f"<bdi>{escape(claim.speaker)}</bdi>"
    speaker = f"<p>{words.ATTRIBUTED} <b>{name}</b></p>" if claim.speaker else ""
    mark = f"{words.ATTRIBUTED_TO} {name} · {said}" if claim.speaker else said
    return (
        f'<details class="how {claim.grounding}"><summary>{mark}</summary>'
        f'<div class="reasons">{speaker}<p>{why}</p><ul>{reasons}</ul></div></details>'
    )


def _reply(turn: Turn) -> str:
    if turn.answer is not None and turn.answer.status is Status.NOT_IN_CORPUS:
        return _refusal(turn.answer) + _foot(turn, turn.answer)
    claims = " ".join([*map(claim_html, turn.claims), *_drafted(turn)])
    said = (f'<div class="claims">{claims}</div>' if claims else "") + _dropped(turn)
    if turn.answer is not None:
        return said + _foot(turn, turn.answer)
    if turn.problem:
        return said + _problem(turn.problem)
    if turn.stopped:
        return f'{said}<p class="stopped">{words.STOPPED}</p>'
    return said + _stage(turn)


def _refusal(answer: Answer) -> str:
    nearest = "".join(f"<li>{_nearest(citation)}</li>" for citation in answer.nearest)
    offered = (
        f'<p class="nearest-lead">{words.NEAREST}</p><ul class="nearest">{nearest}</ul>'
        if nearest
        else ""
    )
    instead = "".join(
        f"<li>{_example(question)}</li>" for question in about(item.text for item in answer.nearest)
    )
    asked = (
        f'<p class="nearest-lead">{words.INSTEAD}</p><ul class="instead">{instead}</ul>'
        if instead
        else ""
    )
    because = words.because(answer.unknown, of_many=is_of_many(answer.text))
    return (
        f'<div class="refusal"><p class="refused" dir="auto">{escape(answer.text)}</p>'
        f'<p class="because">{message_html(because)}</p>'
        f"{offered}{asked}</div>"
    )


def _nearest(citation: Citation) -> str:
    page = f" <small>{words.page(citation.page)}</small>" if citation.page else ""
    return (
        f'<button type="button" class="near" {_place(citation)}>'
        f'<span dir="auto">{escape(citation.text)}</span>{page}</button>'
    )


def _foot(turn: Turn, answer: Answer) -> str:
    facts = [words.counted(len(answer.citations), "source")] if answer.citations else []
    if sure := words.sureness(answer.probability, answered=bool(answer.claims)):
        facts.insert(0, sure)
    if "kept" in answer.timings:
        facts.append(words.ANSWERED_BEFORE)
    elif "total" in answer.timings:
        facts.append(words.seconds(answer.timings["total"]))
    said = f"<span>{' · '.join(facts)}</span>" if facts else ""
    copied = escape(answer_as_text(answer))
    button = (
        f'<button type="button" class="copy" data-copy="{copied}" data-done="{words.COPIED}"'
        f' data-failed="{words.UNCOPIED}">{words.COPY}</button>'
    )
    kept = (
        f'<button type="button" class="receipt" data-receipt="{escape(turn.receipt)}"'
        f' data-name="{words.RECEIPT_FILE}" title="{words.RECEIPT_NOTE}">{words.RECEIPT}</button>'
    )
    return (
        f'{_alarm(turn, answer)}<div class="under">'
        f'<p class="foot">{said}{button}{kept if turn.receipt else ""}</p>{judgement_html(turn)}'
        "</div>"
    )


def _alarm(turn: Turn, answer: Answer) -> str:
    """Return what is no longer true of a kept answer, or what to know of this one."""
    lists = _listed(words.FALLEN, turn.fallen) + _listed(words.ALTERED, turn.altered)
    said = "".join(
        f'<p class="alarm" role="status">{message_html(each)}</p>'
        for each in (words.BEHIND if answer.is_behind else "", turn.unkept)
        if each
    )
    return lists + said


def _listed(alarm: str, faults: Sequence[str]) -> str:
    if not faults:
        return ""
    items = "".join(f"<li>{message_html(each)}</li>" for each in faults)
    return f'<div class="alarm" role="alert"><p>{alarm}</p><ul>{items}</ul></div>'


def _problem(message: str) -> str:
    return (
        f'<div class="problem" role="alert"><p class="trouble">{words.TROUBLE}</p>'
        f"<p>{message_html(message)}</p></div>"
    )


def _stage(turn: Turn) -> str:
    match turn.stage:
        case "waiting" | "asked":
            said = words.waiting(turn.before)
        case "read":
            said = words.reading(len(turn.evidence))
        case stage:
            said = words.STAGES.get(stage, words.STAGES["word"])
    stage = f'<p class="stage"><span class="pulse" aria-hidden="true"></span>{said}</p>'
    return stage + _reading(turn)


def _reading(turn: Turn) -> str:
    """Return the sentences that are likely to be read; the article marks some more, and longer."""
    evidence = turn.evidence[:_MARKED_WHILE_READING]
    if not evidence:
        return ""
    shown = 0 if turn.claims or turn.drafted else _SHOWN_WHILE_READING
    of_many = len({item.sentence.document_id for item in evidence}) > 1
    items = (
        f"<li{'' if place < shown else ' hidden'}>{_considered(item, of_many)}</li>"
        for place, item in enumerate(evidence)
    )
    return f'<ul class="reading" aria-label="{words.EVIDENCE}">{"".join(items)}</ul>'


def _considered(evidence: Evidence, of_many: bool) -> str:
    title = f" <small><bdi>{escape(evidence.title)}</bdi></small>" if of_many else ""
    return (
        f'<button type="button" class="near considered" {_place(evidence)}>'
        f'<span dir="auto">{escape(evidence.text)}</span>{title}</button>'
    )


def _place(cited: Citation | Evidence) -> str:
    """Return the attributes by which the page finds a sentence: where it is, and its words.

    The words decide: a sentence that has changed since is never lit in another's place.
    """
    at = cited.sentence if isinstance(cited, Evidence) else cited
    number = "" if isinstance(cited, Evidence) else f' data-number="{cited.number}"'
    page = f' data-page="{words.page(at.page)}"' if at.page else ""
    return (
        f'data-document="{escape(at.document_id)}" data-start="{at.start}" data-end="{at.end}"'
        f' data-title="{escape(cited.title)}" data-text="{escape(cited.text)}"{number}{page}'
    )
