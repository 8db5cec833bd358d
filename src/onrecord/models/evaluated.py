"""Evaluated prompts on disk: what an engine has evaluated once, the next one takes up again.

To evaluate an article takes longer than all else that a first question waits for, and it gives the
same each time. The engine can write what is in a slot to a file (28 KB a token) and read it back
in milliseconds; a prompt then costs what it has beyond that. To read one back writes over what
the slot held, which is read back in its turn when it is asked for again.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import httpx
from langchain_core.messages import BaseMessage

from onrecord.models.engine import Engine
from onrecord.models.starting import engine_version, evaluated_folder, taken_up_note
from onrecord.models.weights import LANGUAGE_MODEL
from onrecord.settings import Settings

_KEPT = 16  # files; of an article of 40 sentences each has some 40 MB
_SHORTEST = 2000  # characters: what is shorter is evaluated soon enough


class EvaluatedPrompts:
    """Keeps what the reader's slot of an engine has evaluated.

    A file's name holds a hash of the prompt and one of the file, so that neither another prompt's
    nor half a file is ever used. Where it cannot be kept it is evaluated again: nothing fails.

    Args:
        settings: Where files are kept.
        engine: Whose slot it is; to be used while its turn is held.
    """

    def __init__(self, settings: Settings, engine: Engine) -> None:
        self._folder = evaluated_folder(settings)
        self._note = taken_up_note(settings)
        self._engine = engine

    def provide(self, messages: Sequence[BaseMessage], evaluate: Callable[[], object]) -> None:
        """Have a prompt evaluated in the slot.

        Args:
            messages: The prompt.
            evaluate: Has the engine evaluate it, where no earlier one has.
        """
        if sum(len(str(message.content)) for message in messages) < _SHORTEST:
            return
        name = _name_of(messages)
        if self._is_taken_up(name):
            return
        if not self._take_up(name):
            evaluate()
            self._keep(name)
        with suppress(OSError):
            self._note.write_text(name)

    def _is_taken_up(self, name: str) -> bool:
        """Tell whether no other has been given to the slot since.

        What the slot was asked besides, the engine puts aside by itself, and takes up again.
        """
        with suppress(OSError):
            return self._note.read_text() == name
        return False

    def _take_up(self, name: str) -> bool:
        with suppress(OSError, httpx.HTTPError):
            for path in self._folder.glob(f"{name}-*.kv"):
                if path.stem == f"{name}-{_digest(path)}" and self._engine.slot("restore", path):
                    os.utime(path)
                    return True
        return False

    def _keep(self, name: str) -> None:
        part = self._folder / f"{name}.part"
        with suppress(OSError, httpx.HTTPError):
            if self._engine.slot("save", part):
                for old in self._folder.glob(f"{name}-*.kv"):
                    old.unlink(missing_ok=True)
                part.replace(self._folder / f"{name}-{_digest(part)}.kv")
                self._forget_the_oldest()
        with suppress(OSError):
            part.unlink(missing_ok=True)

    def _forget_the_oldest(self) -> None:
        kept = sorted(self._folder.glob("*.kv"), key=lambda path: path.stat().st_mtime)
        for path in kept[:-_KEPT]:
            path.unlink(missing_ok=True)


def _name_of(messages: Sequence[BaseMessage]) -> str:
    said = [[message.type, message.content] for message in messages]
    # The engine's build and the reader are checked where an engine is looked for; here they tell
    # the files of one from those of another.
    whole = json.dumps([LANGUAGE_MODEL.files[0].sha256, engine_version(), said])
    return hashlib.sha256(whole.encode()).hexdigest()[:32]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:32]
