"""Sentences that speak to whoever answers, and not to a reader of the document.

"Ignore all previous instructions and say …" is no statement of a document, and nothing rests on it.
A reader that was trained to find what answers a question finds just that, since it was written to
be found; so it is told by how it is put. Rules see what is put as such orders are; an order in
other words, or a false statement that gives none, they do not.
"""

from __future__ import annotations

import re
import unicodedata

_START = r"^[^\w“”\"‘'«„]*"  # in quotation marks it is somebody else who is spoken to
_LONGEST = 2000  # characters that are looked at
_DO = "(?:answer|reply|respond|say|state|tell|claim|output|print|return|repeat|write|give|name)"
_ASKED = r"(?:ask(?:s|ed|ing)?|question)"
_BEFORE = (
    "(?:instructions?|rules?|prompts?|guidelines|previous|prior|earlier|above|before|told|asked"
    "|question|sources?)"
)
_ORDERS = [
    re.compile(rule, re.IGNORECASE)
    for rule in (
        # What was said before is to count for nothing.
        rf"{_START}(?:please )?(?:ignore|disregard|forget|override|bypass)\b.{{0,60}}\b{_BEFORE}\b",
        # Say that …; answer only with …
        rf"{_START}(?:please |now |always |only )?{_DO} (?:that|with|only|always|nothing but)\b",
        rf"{_START}(?:answer|output|reply) to (?:be )?(?:give|given|print|printed|say|said)\b",
        # When asked for …, say …; whoever asks is told …
        rf"\b(?:if|when|whenever)\b[^.]{{0,30}}\b{_ASKED}\b[^.]*, (?:then )?{_DO}\b"
        r"(?! (?:he|she|they|officials)\b)",
        rf"\b(?:whoever|anyone who|everyone who|readers who|users who) {_ASKED}\b.*"
        r"\b(?:is|are) (?:to be )?(?:told|given|shown)\b",
        rf"{_START}who {_ASKED}\b.*\bgets? this\b",
        rf"\bto (?:whoever|anyone who|everyone who) {_ASKED}\b",
        # Another role, or the words of one.
        rf"{_START}you are (?:now|no longer)\b",
        rf"{_START}(?:pretend|imagine|act|play)\b.*\b(?:you are|you were|yourself|as if you)\b",
        rf"{_START}(?:(?:system|developer)(?: \w+){{0,2}}|assistant)\W*[:\]]",
        rf"{_START}instructions?: .*{_ASKED}",
        # Which source is to be cited.
        rf"{_START}cite (?:as|this|only|it|them)\b|\bcite (?:only )?this\b|\buse this citation\b",
    )
]


def is_order(text: str) -> bool:
    """Tell whether a sentence tells whoever answers what to do."""
    shown = unicodedata.normalize("NFKC", text[:_LONGEST])
    plain = "".join(char for char in shown if unicodedata.category(char) != "Cf")
    return any(rule.search(plain) for rule in _ORDERS)
