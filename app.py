"""The chat page: `python app.py`; or `gradio app.py`, which makes it anew when a file changes."""

import logging
import os
import sys

import gradio as gr
from pydantic import ValidationError

from onrecord import Assistant, OnrecordError, Settings
from onrecord.access import Access
from onrecord.faults import of_settings
from onrecord.heap import share_heap
from onrecord.observe.logs import write_json
from onrecord.ui import build_page, serve
from onrecord.ui.theme import look


def main() -> None:
    """Serve the page for the corpus and the model that the settings name."""
    share_heap()
    logging.basicConfig(format="%(message)s", level=logging.WARNING)
    say = logging.getLogger("onrecord.app")
    say.setLevel(logging.INFO)
    try:
        settings = Settings()
        if settings.log == "json":
            write_json()
        access = Access.by(settings)
        access.check(settings.host)
        with Assistant(settings=settings) as assistant:
            serve(
                assistant,
                host=settings.host,
                port=settings.port,
                access=access,
                data_dir=settings.data_dir,
                announce=lambda address: say.info("onrecord is at %s (Ctrl-C ends it)", address),
            )
    except ValidationError as error:
        sys.exit("\n".join(of_settings(error.errors())))
    except OnrecordError as error:
        sys.exit(str(error))


if os.environ.get("GRADIO_WATCH_DIRS"):
    # `gradio app.py` runs this file again after each change; the model stays as it is.
    if gr.NO_RELOAD:
        watched = Assistant()
    demo = build_page(watched)
    if __name__ == "__main__":
        # Gradio serves it then, and asks nobody who they are: so to this machine alone.
        demo.launch(server_name="127.0.0.1", share=False, **look())
elif __name__ == "__main__":
    main()
