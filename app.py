"""The chat page: `python app.py`; or `gradio app.py`, which makes it anew when a file changes."""

import os

import gradio as gr

from onrecord import Assistant
from onrecord.cli import main
from onrecord.ui import build_page
from onrecord.ui.theme import look

if os.environ.get("GRADIO_WATCH_DIRS"):
    # `gradio app.py` runs this file again after each change; the model stays as it is.
    if gr.NO_RELOAD:
        watched = Assistant()
    demo = build_page(watched)
    if __name__ == "__main__":
        # Gradio serves it then, and asks nobody who they are: so to this machine alone.
        demo.launch(server_name="127.0.0.1", share=False, **look())
elif __name__ == "__main__":
    main(["serve", "--no-browser"])
