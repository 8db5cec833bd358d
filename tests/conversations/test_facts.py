"""What a person says of an answer becomes a fact that the next evaluation can be held to."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from onrecord import Receipt
from onrecord.conversations import (
    ConversationsError,
    Feedback,
    Quotation,
    facts_of,
    write_facts,
)
from onrecord.evals import Fact, check, load_facts
from onrecord.types import Message
from tests.conversations.samples import (
    BRIDGE,
    CLOSED,
    DOCUMENTS,
    FERRY,
    HURT,
    OPENED,
    SANK,
    WHEN,
    WHO,
    answered,
    conversation,
    refused,
)

LIKED = Feedback(liked=True)
IN_FERRY = (Quotation(document_id=FERRY.id, text=SANK),)


def fact(receipt: Receipt, feedback: Feedback) -> Fact:
    (known,) = facts_of([conversation((receipt, feedback))])
    return known


def wrong(**said: object) -> Feedback:
    return Feedback.model_validate({"liked": False, **said})


def faults(*known: Fact) -> tuple[str, ...]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "facts.jsonl"
        write_facts(known, path)
        assert load_facts(path, split="held").facts == known
        return check(path, DOCUMENTS)


def test_a_liked_answer_is_known_with_the_sentences_that_it_cites() -> None:
    history = (Message(role="user", content="Hello?"),)
    asked = answered(
        "What became of the Aurora?",
        ("It sank on 3 May.", SANK),
        ("Nobody of the 12 on board was hurt.", HURT),
        history=history,
    )
    known = fact(asked, LIKED)
    assert known == Fact(
        id=f"feedback-{0:032x}",
        split="held",
        category="feedback",
        question="What became of the Aurora?",
        history=history,
        answerable=True,
        answers=(("It sank on 3 May.", SANK), (HURT,)),
        gold=((SANK,), (HURT,)),
        document=FERRY.id,
    )
    assert faults(known) == ()


@pytest.mark.parametrize("feedback", [LIKED, wrong(not_in_corpus=True, right_answer="Nobody")])
def test_a_question_that_the_corpus_does_not_answer_is_known_as_that(feedback: Feedback) -> None:
    known = fact(WHO if feedback.liked else WHEN, feedback)
    assert not known.answerable
    assert (known.answers, known.gold, known.document) == ((), (), "")
    assert faults(known) == ()


@pytest.mark.parametrize(
    ("said", "answers", "gold"),
    [
        ({"right_answer": " 3 May ", "quotations": IN_FERRY}, (("3 May", SANK),), ((SANK,),)),
        ({"right_answer": "the third of May", "quotations": IN_FERRY * 2}, None, ((SANK,),)),
        ({"quotations": IN_FERRY}, ((SANK,),), ((SANK,),)),
        ({"right_answer": "…", "quotations": IN_FERRY}, ((SANK,),), ((SANK,),)),
        ({"right_answer": "No.", "quotations": IN_FERRY}, (("No",),), ((SANK,),)),
        (
            {"right_answer": "yes: it sank", "quotations": IN_FERRY},
            (("yes",), ("it sank", SANK)),
            ((SANK,),),
        ),
        (
            {"right_answer": "No one", "quotations": IN_FERRY},
            (("No one", SANK),),
            ((SANK,),),
        ),
    ],
)
def test_a_corrected_answer_is_known_as_the_person_says(
    said: dict[str, object], answers: object, gold: object
) -> None:
    known = fact(WHO, wrong(**said))
    assert known.answers == (answers or ((said["right_answer"], SANK),))
    assert (known.gold, known.document) == (gold, FERRY.id)
    assert faults(known) == ()


def test_a_liked_yes_must_be_said_again() -> None:
    known = fact(answered("Did it sink?", ("Yes: It sank on 3 May.", SANK)), LIKED)
    assert known.answers == (("Yes",), ("It sank on 3 May.", SANK))
    assert faults(known) == ()


def test_a_right_answer_without_a_sentence_wants_one() -> None:
    known = fact(WHO, wrong(right_answer="Berg & Sons"))
    assert (known.answers, known.gold, known.document) == ((("Berg & Sons",),), (), "")
    (fault,) = faults(known)
    assert "has gold" in fault


def test_a_fact_is_about_the_document_that_most_of_its_sentences_are_in() -> None:
    said = (("It opened in 1931.", OPENED), ("It sank on 3 May.", SANK), (HURT, HURT))
    known = fact(answered("What happened?", *said), LIKED)
    assert known.document == FERRY.id
    assert known.gold == ((SANK,), (HURT,))
    assert known.answers == (("It sank on 3 May.", SANK), (HURT,))
    assert faults(known) == ()
    shown = (*IN_FERRY, *(Quotation(document_id=BRIDGE.id, text=it) for it in (OPENED, CLOSED)))
    corrected = fact(WHO, wrong(right_answer="1931", quotations=shown))
    assert (corrected.document, corrected.gold) == (BRIDGE.id, ((OPENED,), (CLOSED,)))
    assert faults(corrected) == ()


@pytest.mark.parametrize("feedback", [None, wrong(), wrong(reason="Bad.", right_answer=" ?! ")])
def test_where_nobody_says_what_is_right_there_is_no_fact(feedback: Feedback | None) -> None:
    assert not list(facts_of([conversation((WHEN, feedback))]))


def test_a_question_that_is_judged_again_is_known_by_its_last_answer() -> None:
    later = refused(WHEN.answer.question, SANK, minutes=9)
    known = list(facts_of([conversation((later, LIKED), (WHEN, LIKED), (WHO, LIKED))]))
    assert [(each.question, each.answerable) for each in known] == [
        (WHEN.answer.question, False),
        (WHO.answer.question, False),
    ]
    assert faults(*known) == ()


def test_the_same_question_after_another_conversation_is_another_fact() -> None:
    first = (Message(role="user", content="The ferry?"),)
    second = answered(WHEN.answer.question, ("It sank on 3 May.", SANK), history=first)
    known = tuple(facts_of([conversation((WHEN, LIKED), (second, LIKED))]))
    assert len(known) == 2
    assert faults(*known) == ()


FEEDBACK = st.builds(
    Feedback,
    liked=st.booleans(),
    right_answer=st.text(max_size=20) | st.sampled_from(["3 May", "Yes", "no, never"]),
    not_in_corpus=st.booleans(),
    quotations=st.lists(
        st.sampled_from(
            [
                *(Quotation(document_id=FERRY.id, text=text) for text in (SANK, HURT, "3 May")),
                *(Quotation(document_id=BRIDGE.id, text=text) for text in (OPENED, CLOSED)),
            ]
        ),
        max_size=3,
    ).map(tuple),
)


@examples(max_examples=60)
@given(st.lists(st.tuples(st.sampled_from([WHEN, WHO]), FEEDBACK), max_size=4))
def test_whatever_is_said_the_facts_are_sound_but_for_gold_that_nobody_named(
    judged: list[tuple[Receipt, Feedback]],
) -> None:
    known = tuple(facts_of([conversation(*judged)])) if judged else ()
    assert len({each.id for each in known}) == len(known)
    complete = tuple(each for each in known if each.gold or not each.answerable)
    assert faults(*complete) == ()


def test_half_a_character_does_not_spoil_the_file() -> None:
    known = fact(answered("\ud800 When?", ("It sank.", SANK)), LIKED)
    assert known.question == "? When?"
    assert faults(known) == ()


def test_facts_are_written_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "facts.jsonl"
    write_facts([fact(WHEN, LIKED)], path)
    before = path.read_bytes()

    def full(self: Path, _target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(ConversationsError, match=r"facts\.jsonl cannot be written.*No space left"):
        write_facts([], path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
