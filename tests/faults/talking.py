"""Conversations that are kept by a process that is killed."""

from __future__ import annotations

import random
from pathlib import Path

from onrecord.conversations import Conversations, Feedback
from tests.conversations.samples import refused
from tests.faults.killing import Said, Scenario

_SAVES = 30


def work(folder: Path, said: Said, number: int) -> None:
    """Begin conversations, go on with them and judge their answers, one after the other."""
    chance = random.Random(f"{number} {len(said.lines)}")
    store = Conversations(folder / "data" / "conversations.db")
    said.begin("open")
    begun = [found.id for found in store.search()]
    said.done("open")
    for step in range(len(said.lines), len(said.lines) + _SAVES):
        receipt = refused(f"Question {step}? {'Why? ' * 200}")
        if not begun or chance.random() < 0.2:
            said.begin("begin")
            conversation = store.begin(receipt)
            begun.append(conversation.id)
            exchange = conversation.exchanges[0]
        else:
            said.begin("add")
            exchange = store.add(chance.choice(begun), receipt)
        said.done(f"kept {exchange.id} {step}")
        said.begin("judge")
        store.judge(exchange.id, Feedback(liked=False, reason=f"Reason {step}"))
        said.done(f"judged {exchange.id} {step}")


def check(folder: Path, said: Said, number: int) -> list[str]:
    """All that was reported as kept is there, whole; and one more can be kept."""
    store = Conversations(folder / "data" / "conversations.db")
    begun = [store.load(found.id) for found in store.search()]
    exchanges = {each.id: each for conversation in begun for each in conversation.exchanges}
    lost = []
    for what, *rest in (line.split() for line in said.finished if " " in line):
        exchange, step = exchanges.get(rest[0]), rest[1]
        if exchange is None or f"Question {step}?" not in exchange.receipt.answer.question:
            lost.append(f"answer {step} is gone")
        elif what == "judged" and exchange.feedback != Feedback(
            liked=False, reason=f"Reason {step}"
        ):
            lost.append(f"what was said of answer {step} is gone")
    kept = store.begin(refused("Does it go on?"))
    if store.load(kept.id) != kept:
        lost.append("nothing more is kept")
    lost += [f"{path.name} is left" for path in (folder / "data").glob(".*")]
    return lost


TALKING = Scenario("keeping conversations", work, check, ("onrecord.conversations",), 3, 40)
