from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest

from onrecord import Assistant
from onrecord.conversations import Conversations
from onrecord.desk import Desk
from onrecord.types import Document
from onrecord.ui.archive import Archive
from onrecord.ui.handlers import Handlers
from onrecord.ui.judging import Judging
from onrecord.ui.shelf import Shelf
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


@pytest.fixture
def conversations(tmp_path: Path) -> Conversations:
    return Conversations(tmp_path / "conversations.db")


@pytest.fixture
def handlers(assistant: ScriptedAssistant, conversations: Conversations) -> Handlers:
    return Handlers(Desk(cast(Assistant, assistant)), conversations)


@pytest.fixture
def judging(conversations: Conversations) -> Judging:
    return Judging(conversations)


@pytest.fixture
def shelf(assistant: ScriptedAssistant) -> Shelf:
    return Shelf(cast(Assistant, assistant))


@pytest.fixture
def archive(assistant: ScriptedAssistant, conversations: Conversations) -> Archive:
    return Archive(cast(Assistant, assistant), conversations)
