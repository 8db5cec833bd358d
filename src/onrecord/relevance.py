"""A claim -> does it answer the question, or has its wording left the answer out?

A long sentence says several things, and words for it may keep the wrong one: asked for her excuse,
"She denied it", of "She denied it, and blamed a pump". So of a claim that leaves much of its
sentence out, the reader is asked the question again, with nothing else to answer it from.
"""

from __future__ import annotations

from onrecord.choose import choose
from onrecord.models.base import LanguageModel
from onrecord.types import Asked, Evidence, support_of
from onrecord.words import content_stems, readable, stems

LEFT_OUT = "by themselves those words may say something else, or not answer the question"

_MUCH = 4  # words of the sentence that carry content
_EVEN = 0.0  # nats, for the claim against none


def leaves_much_out(claim: str, source: str) -> bool:
    """Tell whether a claim leaves so much of its source out that the answer may be in the rest.

    Args:
        claim: One sentence, of the source's words.
        source: The text of the sentence that it cites.
    """
    return len({*content_stems(readable(source))} - {*stems(claim)}) >= _MUCH


def answers(asked: Asked, claim: str, source: Evidence, model: LanguageModel) -> bool:
    """Tell whether a claim answers the question by itself, as the reader sees it.

    Args:
        asked: The question, with the conversation before it.
        claim: One sentence.
        source: The sentence that it cites.
        model: One that has a reader.

    Raises:
        ModelError: The model could not be reached.
    """
    alone = source.model_copy(update={"text": claim})
    (judged,) = choose(asked, [[alone]], model)
    return support_of(judged) > _EVEN
