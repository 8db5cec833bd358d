from __future__ import annotations

import pytest

from onrecord.types import Document
from tests.scripted import ScriptedAssistant


@pytest.fixture
def assistant(article: Document) -> ScriptedAssistant:
    return ScriptedAssistant(
        [article],
        [
            ("Charles Michel mediated the talks.", [(0, 1)]),
            ("Both ministers are to prepare a treaty.", [(0, 3), (0, 7)]),
        ],
    )
