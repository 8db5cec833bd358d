"""The whole walk, with the real model: ask, choose a citation, see its sentence lit."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from onrecord import Assistant
from tests.browser.reader import Opener

pytestmark = [pytest.mark.browser, pytest.mark.model]

CORPUS = Path(__file__).resolve().parents[2] / "corpus"


def test_a_real_answer_leads_to_its_sentence(open_with: Opener) -> None:
    with Assistant(CORPUS, model="local") as assistant:
        assistant.warm()
        reader = open_with(assistant)
        reader.page.set_default_timeout(120_000)
        expect(reader.page.locator(".privacy")).to_have_text("Nothing leaves this machine.")
        reader.ask("Who mediated the talks in Brussels?")
        marker = reader.cites().first
        marker.click()
        expect(reader.lit()).to_have_text(reader.words_of(marker))
        assert reader.sees(reader.lit())
        assert "Charles Michel" in reader.lit().inner_text()
        reader.keep("real-answer")
        reader.ask("What is the capital of France?")
        expect(reader.page.locator(".refusal")).to_be_visible()
        reader.keep("real-refusal")
