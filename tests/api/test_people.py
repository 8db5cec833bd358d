from __future__ import annotations

from typing import Any

import gradio as gr
import pytest
from fastapi import Request

from onrecord.api.people import person_of
from onrecord.ui.handlers import _person


def request(client: str | None, user: str | None = None) -> Request:
    scope: dict[str, Any] = {"type": "http", "headers": [], "onrecord.user": user}
    return Request({**scope, "client": client and (client, 1)})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("192.0.2.1", "anna"), ("192.0.2.2", "anna")),
        (("192.0.2.1", None), ("192.0.2.1", None)),
        (("2001:db8::1", None), ("2001:db8::2", None)),
    ],
)
def test_a_user_is_one_wherever_they_ask_and_else_a_machine_is(
    one: tuple[str, str | None], other: tuple[str, str | None]
) -> None:
    assert person_of(request(*one)) == person_of(request(*other)) is not None


def test_others_are_others_and_whoever_is_at_this_machine_is_nobody_in_particular() -> None:
    people = [
        person_of(request(*asked))
        for asked in (
            ("192.0.2.1", "anna"),
            ("192.0.2.1", "bo"),
            ("192.0.2.1", None),
            ("192.0.2.2", None),
            ("192.0.2.2", "192.0.2.1"),
        )
    ]
    assert len(set(people)) == len(people)
    assert person_of(request("127.0.0.1")) is person_of(request(None)) is None


def test_at_the_page_it_is_the_user_or_the_machine_and_at_this_machine_the_page() -> None:
    anna = gr.Request(username="anna", session_hash="1")
    assert _person(anna) == person_of(request("192.0.2.1", "anna"))
    for host, people in (("192.0.2.1", 1), ("127.0.0.1", 2)):
        tabs = [gr.Request(request(host), session_hash=name) for name in ("1", "2")]
        assert len({_person(tab) for tab in tabs}) == people
    assert _person(gr.Request(request("192.0.2.1"))) == person_of(request("192.0.2.1"))
