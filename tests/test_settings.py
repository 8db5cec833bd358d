"""Whatever the environment says, there are settings, or it is said which value is wrong."""

from __future__ import annotations

import math
import os
from contextlib import suppress
from unittest import mock

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from onrecord.settings import Settings
from tests.examples import examples

NAMES = st.sampled_from([f"ONRECORD_{name.upper()}" for name in Settings.model_fields])
# What an environment cannot hold: NUL, and half characters that are not bytes that were no UTF-8.
CHARACTERS = st.characters(blacklist_categories=["Cs"], blacklist_characters="\0")
VALUES = st.one_of(
    st.text(st.one_of(CHARACTERS, st.characters(min_codepoint=0xDC80, max_codepoint=0xDCFF))),
    st.floats().map(str),
    st.integers().map(str),
    st.sampled_from(["", " ", "true", "1e999", "-0", "٣", "0x10", "9" * 5000, "[]", "{}", "~"]),
)


@examples(40)
@given(st.dictionaries(NAMES, VALUES))
@example({"ONRECORD_THRESHOLD": "nan"})
@example({"ONRECORD_MODEL": "\udcff"})
def test_any_environment_gives_settings_or_names_what_is_wrong(said: dict[str, str]) -> None:
    with mock.patch.dict(os.environ, said), suppress(ValidationError):
        settings = Settings()
        assert math.isfinite(settings.threshold)
        assert 0 < settings.model_timeout < math.inf
        assert 0 <= settings.port <= 65535


@pytest.mark.parametrize("name", ["threshold", "model_timeout"])
@pytest.mark.parametrize("value", ["nan", "inf", "1e999"])
def test_no_number_that_nothing_can_be_compared_with(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"ONRECORD_{name.upper()}", value)
    with pytest.raises(ValidationError, match=name):
        Settings()


def test_an_empty_value_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CORPUS", "WEIGHTS", "THRESHOLD"):
        monkeypatch.delenv(f"ONRECORD_{name}", raising=False)
    usual = Settings()
    for name in ("CORPUS", "WEIGHTS", "THRESHOLD"):
        monkeypatch.setenv(f"ONRECORD_{name}", "")
    assert Settings() == usual  # and not the folder that one stands in
