"""The page as a Gradio application: what it takes, and what it says and logs of what fails."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.block_function import BlockFunction
from gradio.utils import get_upload_folder

from onrecord.errors import OnrecordError
from onrecord.observe.request import HEADER, accepted, named, unforeseen
from onrecord.ui import words
from onrecord.ui.message import message_html

log = logging.getLogger(__name__)


class Page(gr.Blocks):
    """A page that takes the files which were sent to it, and no other.

    Gradio reads whatever file of the server's, or of elsewhere, a request names in the place of
    any value, unless the page was launched in Gradio's own way. And it prints what was sent to it
    where that cannot be answered.
    """

    async def preprocess_data(
        self,
        block_fn: BlockFunction,
        inputs: list[Any],
        *others: Any,  # noqa: ANN401
        **given: Any,  # noqa: ANN401
    ) -> list[Any]:
        """Return what a press has sent, as its handler takes it.

        Raises:
            gr.Error: It names a file that was not sent to the page.
        """
        for part, value in zip(block_fn.inputs, inputs, strict=False):
            paths = [*_named_files(value)]
            if paths and not (isinstance(part, gr.UploadButton) and all(map(_was_sent, paths))):
                raise gr.Error(words.NOT_SENT, print_exception=False)
        taken: list[Any] = await super().preprocess_data(block_fn, inputs, *others, **given)
        return taken

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
        except OnrecordError as error:
            raise gr.Error(message_html(str(error)), print_exception=False) from None
        except Exception as error:  # noqa: BLE001 (Gradio would print what was sent)
            with named(_id_of(given.get("request"))) as name:
                log.error("Request %s failed: %s", name, _without_words(error))
                raise gr.Error(unforeseen(), print_exception=False) from None


def _named_files(value: object) -> Iterator[object]:
    """Yield the paths that Gradio would take for files, however deep they stand."""
    if isinstance(value, dict):
        if "path" in value and "meta" in value:
            yield value["path"]
        value = [*value.values()]
    if isinstance(value, list):
        for each in value:
            yield from _named_files(each)


def _was_sent(path: object) -> bool:
    folder = Path(get_upload_folder()).resolve()
    return isinstance(path, str) and Path(path).resolve().is_relative_to(folder)


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
