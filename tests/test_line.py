"""Whose turn it is, and how many come before."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack

import anyio
from hypothesis import given
from hypothesis import strategies as st

from onrecord.line import Line, Place
from tests.loops import in_a_loop, run


class People:
    """Those who stand in a line, by name; who leaves is noted, if it was their turn."""

    def __init__(self, at_once: int = 1) -> None:
        self.line = Line(at_once)
        self.served: list[str] = []
        self.all: list[tuple[str, Place, ExitStack]] = []

    def come(self, names: Sequence[str]) -> None:
        for name in names:
            stack = ExitStack()
            self.all.append((name, stack.enter_context(self.line.place(name[0])), stack))

    def leave(self, name: str) -> None:
        found = next(each for each in self.all if each[0] == name)
        self.all.remove(found)
        found[2].close()

    def serve(self, count: int) -> None:
        for _ in range(count):
            name = next(name for name, place, _ in self.all if place.has_turn)
            self.served.append(name)
            self.leave(name)

    def before(self) -> dict[str, int | None]:
        return {name: None if place.has_turn else place.before for name, place, _ in self.all}


@in_a_loop
async def test_who_comes_first_is_first_and_everybody_knows_how_many_come_before() -> None:
    here = People()
    here.come(["a", "b", "c"])
    assert here.before() == {"a": None, "b": 1, "c": 2}
    here.serve(1)
    assert here.before() == {"b": None, "c": 1}


@in_a_loop
async def test_so_many_have_their_turn_at_once() -> None:
    here = People(at_once=2)
    here.come(["a", "b", "c", "d"])
    assert here.before() == {"a": None, "b": None, "c": 2, "d": 3}
    here.leave("b")
    assert here.before() == {"a": None, "c": None, "d": 2}


@in_a_loop
async def test_who_asks_for_much_keeps_nobody_waiting() -> None:
    here = People()
    here.come(["z", "a1", "a2", "a3", "b1", "c1", "c2"])
    assert here.before() == {"z": None, "a1": 1, "b1": 2, "c1": 3, "a2": 4, "c2": 5, "a3": 6}
    here.serve(7)
    assert here.served == ["z", "a1", "b1", "c1", "a2", "c2", "a3"]


@in_a_loop
async def test_nor_is_who_asks_for_much_kept_waiting_for_ever_by_those_who_come_again() -> None:
    here = People()
    here.come(["z", "a1", "a2", "b1"])
    for number in range(2, 9):
        here.serve(1)
        here.come([f"b{number}"])
    assert here.served[:4] == ["z", "a1", "b1", "a2"]


@in_a_loop
async def test_who_leaves_gives_up_the_place() -> None:
    here = People()
    here.come(["a", "b", "c", "d"])
    here.leave("c")
    assert here.before() == {"a": None, "b": 1, "d": 2}
    assert here.line.length == 3
    for name in ("a", "b", "d"):
        here.leave(name)
    assert here.line.length == here.line.places_of("a") == 0


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.booleans()), max_size=40))
def test_the_places_told_are_the_order_in_which_they_come(doings: list[tuple[str, bool]]) -> None:
    """Whoever comes and goes, the line that stands then is served as it was told."""

    async def do() -> None:
        here = People()
        for number, (name, comes) in enumerate(doings):
            if comes:
                here.come([f"{name}{number}"])
            elif here.before():
                here.serve(1)
        told = here.before()
        here.served.clear()
        here.serve(len(told))
        assert here.served == sorted(told, key=lambda name: told[name] or 0)

    run(do())


@in_a_loop
async def test_a_wait_ends_with_the_turn_or_after_a_while() -> None:
    here = People()
    here.come(["a", "b"])
    _, (_, waiting, _) = here.all
    with anyio.fail_after(5):
        await waiting.turn(0.01)
        assert not waiting.has_turn
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(waiting.turn, 60)
            await anyio.wait_all_tasks_blocked()
            here.leave("a")
        assert waiting.has_turn
