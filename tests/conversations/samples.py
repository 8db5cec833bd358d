"""Two small documents, and receipts of answers about them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from onrecord import Answer, Citation, Claim, Document, Receipt, Settings
from onrecord.conversations import Conversation, Exchange, Feedback
from onrecord.receipt import receipt, seal
from onrecord.types import Message, Status

FERRY = Document(
    id="ferry.txt",
    title="A ferry sinks",
    text="The ferry Aurora sank near Bergen on 3 May.\n\nNobody of the 12 on board was hurt.",
)
BRIDGE = Document(
    id="bridge.pdf",
    title="A bridge opens",
    text="The bridge was opened in 1931. It is closed on Sundays.",
    pages=(0,),
)
DOCUMENTS = (FERRY, BRIDGE)
SANK, HURT = FERRY.text[:43], FERRY.text[45:]
OPENED, CLOSED = BRIDGE.text[:30], BRIDGE.text[31:]
NOON = datetime(2025, 5, 4, 12, tzinfo=UTC)


def cite(text: str, number: int = 1) -> Citation:
    document = next(each for each in DOCUMENTS if text in each.text)
    start = document.text.index(text)
    return Citation(
        number=number,
        document_id=document.id,
        title=document.title,
        sentence=0 if start == 0 else 1,
        start=start,
        end=start + len(text),
        text=text,
        page=1 if document.pages else None,
    )


def answered(
    question: str,
    *claims: tuple[str, str],
    minutes: int = 0,
    history: Sequence[Message] = (),
) -> Receipt:
    """Return the receipt of an answer whose claims are (words, the sentence that they cite)."""
    made = tuple(
        Claim(text=words, citations=(cite(source, number),))
        for number, (words, source) in enumerate(claims, 1)
    )
    answer = Answer(
        question=question,
        text=" ".join(claim.marked for claim in made),
        status=Status.ANSWERED,
        claims=made,
        citations=tuple(citation for claim in made for citation in claim.citations),
        model="fake",
    )
    return sealed(answer, minutes, history)


def refused(question: str, *nearest: str, minutes: int = 0) -> Receipt:
    answer = Answer(
        question=question,
        text="None of the 2 documents says.",
        status=Status.NOT_IN_CORPUS,
        nearest=tuple(cite(text, number) for number, text in enumerate(nearest, 1)),
    )
    return sealed(answer, minutes)


def sealed(answer: Answer, minutes: int = 0, history: Sequence[Message] = ()) -> Receipt:
    made = receipt(seal(answer, DOCUMENTS), Settings(), history)
    return made.model_copy(update={"made": NOON + timedelta(minutes=minutes)})


def conversation(*exchanges: tuple[Receipt, Feedback | None], title: str = "") -> Conversation:
    return Conversation(
        id="c" * 32,
        title=title or exchanges[0][0].answer.question,
        created=NOON,
        changed=NOON,
        exchanges=tuple(
            Exchange(id=f"{number:032x}", receipt=made, feedback=feedback)
            for number, (made, feedback) in enumerate(exchanges)
        ),
    )


WHEN = answered("When did the Aurora sink?", ("It sank on 3 May.", SANK))
WHO = refused("Who built the Aurora?", SANK, HURT, minutes=1)
