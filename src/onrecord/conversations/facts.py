"""What people say of answers, as known facts: the next `onrecord eval` is held to it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from onrecord import Receipt
from onrecord.conversations.files import write_whole
from onrecord.conversations.values import Conversation, Exchange, Feedback, Quotation
from onrecord.types import EVERYTHING, Status, Value

if TYPE_CHECKING:
    from onrecord.evals import Fact

_POLARITY = re.compile(r"(yes|no)(?:\s*[,.:;!–—-]+\s*(.*))?", re.IGNORECASE | re.DOTALL)


class _Said(Value):
    """A part of a right answer, and the sentences that it rests on."""

    words: str
    quotations: tuple[Quotation, ...] = ()


def facts_of(conversations: Iterable[Conversation]) -> Iterator[Fact]:
    """Yield each judged answer as a known fact, the oldest first.

    An answer that is liked is right, and the sentences that it cites are gold; a refusal that is
    liked makes its question unanswerable. Of one that is not, the person's own answer, sentences
    or "the corpus does not say" are right; where the person gives none of these, there is no fact.
    A question that is judged more than once is known by what was answered last. One that was asked
    of a part of the corpus alone gives none: facts are about all of it.

    A fact is about one document: what rests on others is left out of it. A right answer may
    quote its gold instead of saying what the person said. One for which the person names no
    sentence has no gold, and `onrecord eval --check` finds that.

    Args:
        conversations: In any order.
    """
    exchanges = [exchange for conversation in conversations for exchange in conversation.exchanges]
    exchanges.sort(key=lambda exchange: exchange.receipt.made.timestamp())
    known: dict[tuple[str, object], Fact] = {}
    for exchange in exchanges:
        fact = _fact(exchange)
        if fact is not None:
            known[fact.question, fact.history] = fact
    yield from known.values()


def judged(conversations: Iterable[Conversation]) -> int:
    """Return how many answers were judged, whether or not a fact can be made of them."""
    exchanges = (exchange for conversation in conversations for exchange in conversation.exchanges)
    return sum(exchange.feedback is not None for exchange in exchanges)


def as_jsonl(facts: Iterable[Fact]) -> str:
    """Return facts as `onrecord eval` reads them, one on each line."""
    return "".join(f"{fact.model_dump_json()}\n" for fact in facts)


def write_facts(facts: Iterable[Fact], path: Path) -> None:
    """Write facts as JSONL, whole or not at all; `onrecord eval` reads it.

    Raises:
        ConversationsError: The file cannot be written.
    """
    write_whole(path, as_jsonl(facts))


def _fact(exchange: Exchange) -> Fact | None:
    receipt, feedback = exchange.receipt, exchange.feedback
    if feedback is None or receipt.answer.scope != EVERYTHING:
        return None
    if _is_unanswerable(receipt, feedback):
        return _made(exchange, answerable=False)
    said = tuple(_liked(receipt) if feedback.liked else _corrected(feedback))
    if not said:
        return None
    documents = Counter(each.document_id for part in said for each in part.quotations)
    document = documents.most_common(1)[0][0] if documents else ""
    parts = [(part, _within(part, document)) for part in said]
    kept = [(part.words, quotations) for part, quotations in parts if quotations or not document]
    return _made(
        exchange,
        answerable=True,
        answers=[group for words, quotations in kept for group in _groups(words, quotations)],
        gold=[[text] for text in _distinct(text for _, quotations in kept for text in quotations)],
        document=document,
    )


def _is_unanswerable(receipt: Receipt, feedback: Feedback) -> bool:
    if feedback.liked:
        return receipt.answer.status is Status.NOT_IN_CORPUS
    return feedback.not_in_corpus


def _liked(receipt: Receipt) -> Iterator[_Said]:
    for claim in receipt.answer.claims:
        quotations = (Quotation(document_id=it.document_id, text=it.text) for it in claim.citations)
        yield _Said(words=claim.text, quotations=tuple(quotations))


def _corrected(feedback: Feedback) -> Iterator[_Said]:
    words = feedback.right_answer if _has_words(feedback.right_answer) else ""
    quotations = tuple(each for each in feedback.quotations if _has_words(each.text))
    if words or quotations:
        yield _Said(words=words, quotations=quotations)


def _within(part: _Said, document: str) -> list[str]:
    return [each.text.strip() for each in part.quotations if each.document_id == document]


def _groups(words: str, quotations: Iterable[str]) -> Iterator[list[str]]:
    """Yield what a right answer must mention: its "Yes" or "No", and the rest in one wording."""
    polarity = _POLARITY.fullmatch(words.strip())
    rest = (polarity[2] or "") if polarity else words
    if polarity:
        yield [polarity[1]]
    if not polarity or _has_words(rest):
        yield _distinct(wording for wording in (rest.strip(), *quotations) if wording)


def _has_words(text: str) -> bool:
    from onrecord.evals.wording import normalise

    return bool(normalise(text))


def _distinct(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(texts))


def _made(exchange: Exchange, **known: object) -> Fact:
    from onrecord.evals import Fact

    receipt = exchange.receipt
    fields = {
        "id": f"feedback-{exchange.id}",
        "split": "held",
        "category": "feedback",
        "question": receipt.answer.question,
        "history": [message.model_dump() for message in receipt.history],
        **known,
    }
    # By way of UTF-8, which has no half surrogates: a file of facts cannot hold them.
    return Fact.model_validate_json(
        json.dumps(fields, ensure_ascii=False).encode("utf-8", "replace")
    )
