"""What the page says and logs of an error that nobody has foreseen."""

from __future__ import annotations

import logging
import traceback
from typing import Any

import gradio as gr

from onrecord.observe.request import HEADER, accepted, named, unforeseen

log = logging.getLogger(__name__)


class Page(gr.Blocks):
    """A page that fails without printing what was sent to it, which Gradio puts into its errors."""

    async def process_api(self, *args: Any, **given: Any) -> dict[str, Any]:  # noqa: ANN401
        """Answer a press.

        Raises:
            gr.Error: It cannot be answered; it says to the reader why, or where that is logged.
        """
        try:
            return await super().process_api(*args, **given)
        except gr.Error as error:
            error.print_exception = False
            raise
        except Exception as error:  # noqa: BLE001 (Gradio would print what was sent)
            with named(_id_of(given.get("request"))) as name:
                log.error("Request %s failed: %s", name, _without_words(error))
                raise gr.Error(unforeseen(), print_exception=False) from None


def _id_of(request: object) -> str:
    """Return the id of the request that was put into the queue."""
    known = request if isinstance(request, gr.Request) and request.request else None
    return accepted(known.headers.get(HEADER) if known else None)


def _without_words(error: BaseException) -> str:
    """Return what kind of error it is and where it was raised, and nothing that it says."""
    cause = error.__cause__ or error.__context__
    before = f"{_without_words(cause)}after which " if cause else ""
    places = "".join(traceback.format_tb(error.__traceback__))
    return f"{before}{type(error).__name__} at\n{places}"
