"""No language model, but what stands in for one: it takes the sentence that shares most words.

An OpenAI-compatible server that answers what `PromptedReader` asks, at once: so that all else that
onrecord does can be tried with thousands of questions. `python -m tests.load.stand_in` serves it
until it is interrupted, and prints its address.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from contextlib import suppress
from threading import Event
from typing import Any

from onrecord.words import content_stems
from tests.models.fake_server import FakeServer

_PASSAGE = re.compile(r"^(?:Passage:|\[(\d+)\]) (.*)$", re.MULTILINE)
_QUESTION = re.compile(r"^(?:Last question|Question): (.*)$", re.MULTILINE)
_ENOUGH = 0.9  # of the question's words


class StandIn(FakeServer):
    """Says "Yes" where a passage has the question's words, and words an answer by copying it."""

    def reply(self, body: Mapping[str, Any]) -> tuple[str, Mapping[str, float] | None]:
        """Return what is said to a request, and the first token's alternatives."""
        self.requests.clear()  # there are thousands
        asked = str(body["messages"][-1]["content"])
        question = [asked, *_QUESTION.findall(asked)][-1]
        if body.get("logprobs"):
            ((_, passage),) = _PASSAGE.findall(asked)
            odds = 6.0 if shared(question, passage) >= _ENOUGH else -6.0
            return "Yes" if odds > 0 else "No", {"Yes": odds / 2, "No": -odds / 2}
        said = {number: passage for number, passage in _PASSAGE.findall(asked) if number}
        return json.dumps(said) if said else question, None


def shared(question: str, passage: str) -> float:
    """Return which part of a question's words a passage has."""
    wanted = set(content_stems(question))
    return len(wanted & set(content_stems(passage))) / (len(wanted) or 1)


def main() -> None:
    """Serve until it is interrupted."""
    server = StandIn()
    server.start()
    sys.stdout.write(f"{server.url}\n")
    sys.stdout.flush()
    with suppress(KeyboardInterrupt):
        Event().wait()
    server.stop()


if __name__ == "__main__":
    main()
