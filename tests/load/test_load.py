"""A few people for a few seconds: the short form of `make load`, in this process."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import cast

import httpx
import pytest

from onrecord import Assistant, Settings
from onrecord.access import Access
from onrecord.desk import Desk
from onrecord.types import Answer
from onrecord.ui import build_page
from onrecord.ui.launch import launch
from onrecord.ui.turn_view import turn_html
from onrecord.ui.turns import Turn
from tests.fakes import FakeEmbeddings
from tests.load.crowd import PASSWORD, crowd, names
from tests.load.figures import MOST_GROWTH, Sample, failures, growth, report, unfairness
from tests.load.people import ANSWERED, MIXED_UP, Outcome, Person, Program, judged, seen
from tests.load.stand_in import StandIn
from tests.load.towns import Fact, write_corpus
from tests.loops import run
from tests.passwords import write_users

PEOPLE = 7
WAITING = 4
_MOST_TIMES = 12
CITED = {
    "number": 1,
    "document_id": "a.txt",
    "title": "A",
    "sentence": 0,
    "start": 0,
    "end": 14,
    "text": "It is the mayor.",
}
ANSWER = {
    "question": "Who is it?",
    "text": "It is the mayor [1].",
    "status": "answered",
    "claims": [{"text": "It is the mayor.", "citations": [CITED]}],
    "citations": [CITED],
}


@pytest.fixture
def facts(tmp_path: Path) -> list[Fact]:
    return list(write_corpus(tmp_path / "corpus", 6))


@pytest.fixture
def address(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, facts: list[Fact], embeddings: FakeEmbeddings
) -> Iterator[str]:
    """Serve for those people, as to others; a stand-in is asked in the place of a model."""
    monkeypatch.setattr("onrecord.library.open_embeddings", lambda *_: embeddings)
    monkeypatch.setattr("onrecord.library.embedder_id", lambda _: "fake")
    users = write_users(tmp_path / "users", **dict.fromkeys(names(PEOPLE), PASSWORD))
    model = StandIn()
    model.start()
    settings = Settings(
        corpus=tmp_path / "corpus",
        cache_dir=tmp_path / "cache",
        model=model.url,
        max_waiting=WAITING,
        answer_cache=0,
    )
    with Assistant(settings=settings) as assistant:
        assistant.warm()
        desk = Desk(assistant)
        page = build_page(assistant, None, desk)
        yield launch(page, "127.0.0.1", 0, desk=desk, access=Access(users=users))
        page.close(verbose=False)
    model.stop()


def has_been_in_line(people: Sequence[Person]) -> bool:
    """Tell whether somebody has waited and been answered, in each way that tells of waiting."""
    waited = {person.way for person in people if any(person.places)}
    answered = {each.way for person in people for each in person.outcomes if each.what == ANSWERED}
    return len(answered) == 3 and waited >= {"HTTP API, streamed", "page"}


def test_everybody_has_the_answer_to_the_own_question(
    address: str, facts: list[Fact], capfd: pytest.CaptureFixture[str]
) -> None:
    people: list[Person] = []
    while not has_been_in_line(people) and len(people) < _MOST_TIMES * PEOPLE:
        people += run(crowd(address, PEOPLE, 2.5, facts))  # a slow machine takes longer
    assert failures(people) == []
    answered = {each.way for person in people for each in person.outcomes if each.what == ANSWERED}
    assert answered == {"HTTP API", "HTTP API, streamed", "page"}
    for way in ("HTTP API, streamed", "page"):
        told = [place for person in people if person.way == way for place in person.places]
        assert 1 <= max(told) <= WAITING  # all the others wait in the same line
    (last,) = run(crowd(address, 1, 0.5, facts))
    assert failures([last]) == []
    assert not last.places  # whoever was there has left the line
    assert "Traceback" not in capfd.readouterr().err


def test_a_mixed_up_answer_is_seen() -> None:
    """Or else the figures would say nothing."""
    fact, other = Fact("Who is it?", "a.txt"), Fact("Who was it?", "b.txt")
    answer = Answer.model_validate(ANSWER)
    shown = turn_html(Turn(fact.question, answer=answer, claims=answer.claims))
    assert judged(answer, fact) == seen(shown, fact) == (ANSWERED, "")
    elsewhere = Fact(fact.question, other.document)
    for what, _ in (judged(answer, other), seen(shown, other)):
        assert what == MIXED_UP
    for what, detail in (judged(answer, elsewhere), seen(shown, elsewhere)):
        assert (what, detail) == (MIXED_UP, "Who is it? was answered from a.txt")


def test_the_figures_say_how_many_how_long_and_how_fairly() -> None:
    people = [Program(name, cast(httpx.AsyncClient, None), ()) for name in ("anna", "bo")]
    for person, waits in zip(people, ((1.0, 2.0, 3.0, 4.0), (2.0, 6.0)), strict=True):
        person.outcomes += [Outcome(person.name, person.way, ANSWERED, w, w + 1) for w in waits]
    people[0].outcomes.append(Outcome("anna", "HTTP API", MIXED_UP, 0, 0, "it is another's"))
    memory = [Sample(minute / 2, 100 + max(0, minute - 1) / 2) for minute in range(9)]
    said = report(people, memory)
    assert "| HTTP API | 2 | 7 | 6 | 0 | 0 | 0 | 0 | 1 | 2.5 (" in said
    assert "2 to 4, 2.00 times as many" in said
    assert "100 MB after a minute, 104 MB at the end; +1.0 MB a minute" in said
    assert failures(people) == ["anna (HTTP API): mixed up: it is another's"]


@pytest.mark.parametrize(
    ("answers", "is_told"),
    [((25, 30, 36), False), ((10, 20, 31), True), ((0, 30, 30), True), ((0, 3, 6), False)],
)
def test_a_line_that_favours_somebody_is_told(answers: Sequence[int], is_told: bool) -> None:
    people = []
    for number, count in enumerate(answers):
        person = Program(str(number), cast(httpx.AsyncClient, None), ())
        person.outcomes += [Outcome(person.name, person.way, ANSWERED, 1.0, 2.0)] * count
        people.append(person)
    assert bool(unfairness(people)) is is_told


@pytest.mark.parametrize(
    ("minutes", "grows", "is_told"),
    [(10, 2 * MOST_GROWTH, True), (10, MOST_GROWTH / 2, False), (3, 2 * MOST_GROWTH, False)],
)
def test_memory_that_grows_is_told_where_the_time_is_long_enough(
    minutes: int, grows: float, is_told: bool
) -> None:
    flat_at_last = [Sample(n / 10, 900 + min(n, 40)) for n in range(minutes * 10)]
    assert growth(flat_at_last) == ""
    growing = [Sample(n / 10, 900 + grows * n / 10) for n in range(minutes * 10)]
    assert bool(growth(growing)) is is_told
