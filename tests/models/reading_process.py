"""A process that has an engine read and word, for a test beside another.

python -m tests.models.reading_process MODEL KEY TEXT writes one JSON list: of each question its
sentences' supports, the words of the answer, and what the model as it is says.
"""

from __future__ import annotations

import json
import sys

from langchain_core.messages import AIMessage, HumanMessage

from onrecord.choose import LABELS, choose, conversation, prompt
from onrecord.models import LanguageModel, open_model
from onrecord.settings import Settings
from onrecord.types import Asked, Evidence, Sentence

TEXTS = {
    "ferry": (
        (
            "The ferry Halden sank off Tromsø on Monday with 41 people on board.",
            "Its captain, Ingrid Dahl, was the last to leave.",
            "The company has denied that the bow door was open.",
        ),
        ("Who commanded the vessel?", "How many people were on the ship?"),
    ),
    "bridge": (
        (
            "The mayor of Skarn opened a bridge over the Orm on Friday.",
            "It cost four million euros and took two years to build.",
            "Cyclists have asked for a lane of their own.",
        ),
        ("What did the bridge cost?", "Who wants a lane?"),
    ),
}


def read_and_word(model: LanguageModel, name: str) -> list[object]:
    """Return what the model makes of a text's questions."""
    texts, questions = TEXTS[name]
    shown = [
        Evidence(
            sentence=Sentence(document_id=name, index=place, start=0, end=len(text)),
            text=text,
            title=name,
        )
        for place, text in enumerate(texts)
    ]
    made: list[object] = []
    for question in questions:
        asked = Asked(question=question)
        supports = [item.support or 0.0 for item in choose(asked, [shown], model)]
        best = LABELS[supports.index(max(supports))]
        begun = [*prompt(conversation(asked), shown), AIMessage(f"{best}\n")]
        pieces = (piece.text for piece in model.stream_reader(begun, max_tokens=30))
        worded = "".join(pieces).partition("\n")[0]
        made.append([supports, worded, model.complete([HumanMessage(question)], max_tokens=12)])
    return made


if __name__ == "__main__":
    address, key, text = sys.argv[1:]
    opened = open_model(Settings(model=address, api_key=key))
    sys.stdout.write(json.dumps(read_and_word(opened, text)))
