"""The prompts, as Markdown files: a system part, then turns headed `## User` and `## Assistant`."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage

_TURN = re.compile(r"^## (User|Assistant)\n", re.MULTILINE)
_MAKERS: dict[str, type[HumanMessage] | type[AIMessage]] = {
    "User": HumanMessage,
    "Assistant": AIMessage,
}


@cache
def load_prompt(name: str) -> tuple[BaseMessage, ...]:
    """Return the messages of `prompts/<name>.md`: the instruction and its worked examples.

    They are the same for every question, so that an engine evaluates them once and
    finds them in its cache from then on.
    """
    text = files(__package__).joinpath(f"{name}.md").read_text(encoding="utf-8")
    system, *turns = _TURN.split(text)
    messages: list[BaseMessage] = [SystemMessage(system.strip())]
    for speaker, content in zip(turns[::2], turns[1::2], strict=True):
        messages.append(_MAKERS[speaker](content.strip()))
    return tuple(messages)


def one_line(text: str) -> str:
    """Return untrusted text on one line, so that it cannot pose as another part of a prompt."""
    return " ".join(text.split())
