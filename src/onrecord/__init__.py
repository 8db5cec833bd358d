"""Ask a news article anything: every sentence of the answer cites the sentence it rests on."""

from onrecord.assistant import Assistant, aask, ask
from onrecord.errors import OnrecordError
from onrecord.receipt import Receipt, verify
from onrecord.settings import Settings
from onrecord.types import Answer, Citation, Claim, Document, Passage, Scope

__all__ = [
    "Answer",
    "Assistant",
    "Citation",
    "Claim",
    "Document",
    "OnrecordError",
    "Passage",
    "Receipt",
    "Scope",
    "Settings",
    "aask",
    "ask",
    "verify",
]
