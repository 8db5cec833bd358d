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
_SAY = "(?:answer|reply|respond|say|tell|repeat|write|print|output)"
_ASKS = "(?:asks?|questions?)"
_RULES = "(?:instructions?|rules?|prompts?|guidelines)"
_BEFORE = (
    rf"(?:{_RULES}|told|asked|question|sources?"
    "|(?:everything|all(?: of the)?|the text|messages) (?:above|before))"
)
_IN_A_MANUAL = (
    r"(?: an?| the| your| any)? (?:callers?|child(?:ren)?|clients?|colleagues?|customers?|drivers?"
    r"|employees?|guests?|passengers?|patients?|pupils?|shoppers?|students?|tenants?|visitors?)\b"
)
_WORDS_FOLLOW = r"(?=\s*[:“”\"'‘]|\s+(?:that|with|only|always|nothing|this|yes|no|\d)\b)"
_ORDERS = [
    re.compile(rule, re.IGNORECASE)
    for rule in (
        # What was said before is to count for nothing.
        rf"{_START}(?:please )?(?:ignore|disregard|forget)\b.{{0,60}}\b{_BEFORE}\b",
        rf"{_START}(?:please )?(?:override|bypass)\b.{{0,60}}\b{_RULES}\b",
        # Say that …; answer only with …
        rf"{_START}(?:please |now |always |only )?(?:{_SAY}|state) (?:that|nothing but)\b",
        rf"{_START}(?:please |now |always |only )?(?:answer|reply|respond|say|output) with\b",
        rf"{_START}(?:please |now )?(?:answer|reply|respond|say|output) (?:only|always)"
        r" (?:an?|the|this|that|with|in|by|yes|no|[“”\"'‘])",
        rf"{_START}(?:answer|output|reply) to (?:be )?(?:give|given|print|printed|say|said)\b",
        # When asked for …, say …; whoever asks is told …
        rf"\b(?:if|when|whenever)\b(?!{_IN_A_MANUAL})"
        r"[^.]{0,30}\b(?:asks?|asked|question)\b[^.]*, (?:then )?"
        r"(?:(?:reply|respond|say|tell)\b(?! (?:he|she|they|officials|residents|critics|experts)\b)"
        rf"|(?:answer|state|claim|output|print|return|repeat|write|give|name)\b{_WORDS_FOLLOW})",
        rf"\b(?:whoever|anyone who|everyone who|readers who|users who) {_ASKS}\b.*"
        r"\b(?:is|are) (?:to be )?(?:told|given|shown)\b",
        rf"{_START}who {_ASKS}\b.*\bgets? this\b",
        # The same in other languages: if (somebody) asks …, answer …
        *(
            rf"\b{when}\b[^.]{{0,80}}\b{asks}\b[^.]{{0,80}}, {say}"
            for when, asks, say in (
                ("(?:wenn|falls)", "(?:ge)?frag(?:t|en)", r"(?:dann )?(?:antworten?|sagen?)\b"),
                ("(?:si|quand)", r"demand\w+", r"(?:alors )?(?:répond(?:s|ez)|dis|dites)\b"),
                ("si", r"pregunt\w+", r"(?:responde[dn]?|contest[ae]|di|diga)\b"),
                ("se", r"(?:chied|pergunt)\w+", r"(?:rispond\w+|respond[ae]|di|diga)\b"),
                ("als", "vra(?:agt|gen)", r"(?:antwoord|zeg)\b"),
                ("если", r"спрос\w+", r"(?:отвеча|ответь|скажи)"),
            )
        ),
        # Another role, or the words of one.
        rf"{_START}you are (?:now (?:an?|the|(?-i:[A-Z]\w*))|no longer (?:an?|bound|limited)) ?\b",
        rf"{_START}(?:pretend|act|play)\b.*\b(?:you are|you were|yourself|as if you)\b",
        rf"{_START}(?:system|developer)(?: (?:message|notice|note|override|prompt|instructions?))?"
        r"\W*[:\]](?!\W*\w+(?: \w+)?\W*$)",
        rf"{_START}assistant\W*\]|{_START}assistant: (?:the|yes|no|i|sure|as|it)\b",
        rf"{_START}instructions?: .*\b(?:if|when|who|whoever)\b.*\b(?:asks?|asked|question)\b",
        r"\b(?:assistant|chatbot|language model|(?-i:AI))[’']s (?:\w+ )?"
        r"(?:line|answer|reply|response) (?:is|must be|should be|will be|reads)\s*[:“\"]",
        # What a tool has said, as if one had been asked.
        rf"{_START}(?:function|tool)_(?:call|result|response|output)\W*:.*->",
        # Which source is to be cited.
        rf"{_START}cite (?:as|it|them|only (?:this|the|source))\b",
        r"(?:^|[,;:(])\W*cite (?:only )?this\b",
        r"\buse this citation\b",
    )
]
"""An order is missed rather than a statement: what is left out here, no question finds any more."""


def is_order(text: str) -> bool:
    """Tell whether a sentence tells whoever answers what to do."""
    shown = unicodedata.normalize("NFKC", text[:_LONGEST])
    plain = "".join(char for char in shown if unicodedata.category(char) != "Cf")
    return any(rule.search(plain) for rule in _ORDERS)
