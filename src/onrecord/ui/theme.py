"""How the page looks: Gradio's plainest theme in the page's own colours, and no fonts to fetch."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import gradio as gr

_HERE = Path(__file__).parent
_STYLES = ("colours", "frame", "conversation", "composer", "article", "drawers", "narrow")
_SCRIPTS = (
    "page",
    "failing",
    "stream",
    "fetching",
    "voice",
    "citations",
    "earlier",
    "conversation",
    "closing",
    "opened",
    "returning",
    "judging",
    "preview",
    "scope",
    "selection",
    "reading",
    "naming",
    "drawers",
    "waiting",
    "files",
    "telling",
    "pasting",
    "presses",
)
_SANS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif")
_MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace")


def look() -> dict[str, Any]:
    """Return what `Blocks.launch` needs for the page to look and behave as it should."""
    return {
        "theme": _theme(),
        # In the head as it stands: Gradio rewrites the selectors of a style sheet that it is
        # given as one.
        "head": f"<style>{_read('css', _STYLES)}</style>",
        "js": f"(() => {{\n{_read('js', _SCRIPTS)}}})();",
        "footer_links": [],
    }


def _read(kind: str, names: Sequence[str]) -> str:
    """Return files of one kind, one behind the other; scripts see each other's functions."""
    files = [_HERE / kind / f"{name}.{kind}" for name in names]
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def _theme() -> gr.themes.Base:
    theme = gr.themes.Base(
        font=[gr.themes.Font(name) for name in _SANS],
        font_mono=[gr.themes.Font(name) for name in _MONO],
    )
    return theme.set(
        body_background_fill="var(--desk)",
        body_background_fill_dark="var(--desk)",
        body_text_color="var(--ink)",
        body_text_color_dark="var(--ink)",
        block_background_fill="transparent",
        block_background_fill_dark="transparent",
        block_border_width="0px",
        input_background_fill="var(--paper)",
        input_background_fill_dark="var(--paper)",
        input_placeholder_color="var(--faint)",
        input_placeholder_color_dark="var(--faint)",
    )
