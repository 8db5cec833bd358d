from __future__ import annotations

from collections.abc import Generator
from threading import Thread

import pytest

from onrecord.observe.request import accepted, carried, current, named, unforeseen


@pytest.mark.parametrize("given", ["a", "3f2a90c1", "page-1_B", "x" * 64])
def test_a_harmless_id_is_taken_as_it_is(given: str) -> None:
    assert accepted(given) == given


@pytest.mark.parametrize(
    "given", [None, "", " ", "a b", "a\n", "a\r\nSet-Cookie: b", "x" * 65, "ä", '"}', "1\x1b[2J"]
)
def test_in_the_place_of_any_other_there_is_a_new_one(given: str | None) -> None:
    made = {accepted(given) for _ in range(3)}
    assert len(made) == 3
    assert given not in made
    assert all(accepted(request) == request for request in made)


def test_outside_of_a_request_there_is_none() -> None:
    with named("a"):
        with named("b"):
            assert current() == "b"
        assert current() == "a"
        assert unforeseen().endswith("the server's log says more under a.")
    assert current() == ""
    assert unforeseen().endswith("the server's log says more.")


def test_each_step_knows_its_request_whatever_thread_takes_it() -> None:
    seen: list[str] = []

    def steps() -> Generator[int]:
        try:
            for number in range(3):
                seen.append(current())
                yield number
        finally:
            seen.append(f"closed by {current()}")

    carrying = carried("page-1", steps())
    for _ in range(2):
        thread = Thread(target=next, args=(carrying,))
        thread.start()
        thread.join()
    assert next(carrying) == 2
    assert current() == ""
    carrying.close()
    assert seen == ["page-1", "page-1", "page-1", "closed by page-1"]
