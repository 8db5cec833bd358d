"""Serves a scripted assistant over stdio, by `onrecord mcp`'s own function, and chatters."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any, Self

from onrecord import cli_mcp, terminal
from onrecord.types import Document
from tests.api.programs import ProgramsAssistant


class Chatterer(ProgramsAssistant):
    """Prints where only the protocol belongs: from Python, from below it, from a child."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...

    def warm(self) -> None:
        print("warm")  # noqa: T201
        os.write(1, b"from below\n")
        subprocess.run([sys.executable, "-c", "print('from a child')"], check=True)


def make_assistant(*_: Any) -> Chatterer:
    print("opening")  # noqa: T201
    text = "The talks were mediated by Charles Michel. Nobody else was there."
    return Chatterer([Document(id="talks.txt", title="Talks", text=text)], [("Yes.", [(0, 0)])])


if __name__ == "__main__":
    terminal.make_assistant = make_assistant  # type: ignore[assignment]
    cli_mcp.run(None, None)
