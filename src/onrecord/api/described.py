"""What those who read the API's description are told beside its code: texts and examples."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from onrecord.api.problems import Failure

Responses = dict[int | str, dict[str, Any]]

ABOUT = """Answers questions about a corpus of documents. Every sentence of an answer cites the
exact sentence that it rests on, or the answer is that the corpus does not say
(`"status": "not_in_corpus"`), which is a success too.

Every other response than a success is `{"error": {"kind": …, "message": …, "request_id": …}}`.
Offsets count Unicode code points from the first one of the document's text."""

_CITED = {
    "number": 1,
    "document_id": "bridge.txt",
    "title": "The bridge is open",
    "sentence": 1,
    "start": 58,
    "end": 102,
    "text": "Mayor Anna Berg opened the bridge on Friday.",
    "page": None,
}
ANSWERED = {
    "question": "Who opened the bridge?",
    "text": "Anna Berg opened the bridge [1].",
    "status": "answered",
    "claims": [{"text": "Anna Berg opened the bridge.", "citations": [_CITED]}],
    "citations": [_CITED],
    "nearest": [],
    "model": "local",
    "timings": {"total": 2.8},
    "is_behind": False,
    "read_as": "",
}
STREAMED = (
    'event: waiting\ndata: {"before":1}\n\n'
    'event: stage\ndata: {"stage":"understand"}\n\n'
    'event: claim\ndata: {"claim":{"text":"Anna Berg opened the bridge.",…}}\n\n'
    'event: answer\ndata: {"answer":{"text":"Anna Berg opened the bridge [1].",…}}\n\n'
)


def failures(*statuses: HTTPStatus) -> Responses:
    """Describe the responses that are no success."""
    return {int(status): {"model": Failure, "description": status.phrase} for status in statuses}
