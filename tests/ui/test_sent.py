from __future__ import annotations

import pytest

from onrecord.ui.sent import Sent


def test_it_is_what_the_page_has_sent() -> None:
    sent = Sent(scope="{}", conversation="c", shown=3)
    assert Sent.of(sent.model_dump_json()) == sent


@pytest.mark.parametrize(
    "said", ["", None, "{", "[]", '{"shown": -1}', '{"conversation": ["c"]}', '{"other": 1}', 7]
)
def test_what_is_no_pages_is_nothing(said: object) -> None:
    assert Sent.of(said) == Sent()
