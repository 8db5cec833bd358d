"""How much may be sent to the page in files at once."""

from __future__ import annotations

from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from onrecord.api.pending import FullError, Pending
from onrecord.api.people import person_of
from onrecord.api.refusals import refusal
from onrecord.body import told_size
from onrecord.corpus import MAX_BYTES

UPLOAD = "/gradio_api/upload"
LARGEST_UPLOAD = 25_000_000

# Gradio answers with 413 where a message has the words "maximum allowed size".
_TOO_LARGE = (
    f"What was sent is larger than the maximum allowed size of {LARGEST_UPLOAD // 10**6} MB; "
    f"add fewer at once, and none of more than {MAX_BYTES // 10**6} MB."
)
_BROKEN_OFF = "The files have not come to their end; add them again."


class LimitedUploads:
    """Takes no more in files at once than `LARGEST_UPLOAD`, and no more than there is room for.

    What is refused is told to Gradio as a fault of the form: on that it removes what it has written
    of the files, and on nothing else. So a form that breaks off is told as one too.

    Args:
        app: The application that answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._pending = Pending()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, with a limit to its body where that brings files."""
        if scope["type"] != "http" or scope["path"] != UPLOAD:
            await self._app(scope, receive, send)
            return
        size = min(told_size(scope) or LARGEST_UPLOAD, LARGEST_UPLOAD)
        try:
            with self._pending.room_for(person_of(Request(scope)), size) as arrival:

                async def send_on(message: Message) -> None:
                    arrival.saw(message)
                    await send(message)

                await self._limited(scope, receive, send_on)
        except FullError as error:
            await refusal(scope, error)(scope, receive, send)

    async def _limited(self, scope: Scope, receive: Receive, send: Send) -> None:
        size, is_whole = 0, False

        async def receive_so_much() -> Message:
            nonlocal size, is_whole
            if told_size(scope) > LARGEST_UPLOAD:
                raise MultiPartException(_TOO_LARGE)
            message = await receive()
            if message["type"] == "http.disconnect" and not is_whole:
                raise MultiPartException(_BROKEN_OFF)
            size += len(message.get("body", b""))
            if size > LARGEST_UPLOAD:
                raise MultiPartException(_TOO_LARGE)
            is_whole = is_whole or not message.get("more_body", False)
            return message

        await self._app(scope, receive_so_much, send)
