"""Serving the page, on this machine and to nobody else unless told to."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import suppress

import gradio as gr
from gradio.exceptions import ServerFailedToStartError
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from onrecord.corpus import MAX_BYTES
from onrecord.errors import OnrecordError
from onrecord.ui.theme import look

# Gradio's front end runs inline scripts and compiles templates; everything that it needs
# comes from the page's own address, and the browser is told to load nothing else.
_POLICY = (
    "default-src 'self' data: blob:; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; connect-src 'self'; object-src 'none'; "
    "base-uri 'self'; form-action 'self'"
)


class OwnAddressOnly:
    """Tells the browser, with every response, to load nothing from elsewhere.

    Args:
        app: The application that answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, with the policy among the response's headers."""

        async def send_with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = _POLICY
                headers["Referrer-Policy"] = "no-referrer"
            await send(message)

        await self._app(scope, receive, send_with_policy)


def launch(page: gr.Blocks, host: str, port: int, open_browser: bool = False) -> str:
    """Begin to serve the page, in a thread of its own, and return its address.

    Args:
        page: What to serve; its `close` ends it.
        host: Address to listen on.
        port: Port to listen on; 0 takes any free one.
        open_browser: Whether to open the page in the reader's browser.

    Raises:
        OnrecordError: The address or port cannot be had.
    """
    try:
        page.launch(
            server_name=host,
            server_port=port or _free_port(host),
            inbrowser=open_browser,
            prevent_thread_lock=True,
            quiet=True,
            share=False,
            ssr_mode=False,
            pwa=False,
            mcp_server=False,
            run_history=False,
            enable_monitoring=False,
            max_file_size=MAX_BYTES,
            app_kwargs={"middleware": [Middleware(OwnAddressOnly)]},
            **look(),
        )
    except (OSError, ServerFailedToStartError) as error:
        raise OnrecordError(
            f"The page cannot be served on {host}, port {port}: it is taken, or not an address "
            "of this machine. Choose another with --port or ONRECORD_PORT (0 takes any free one)."
        ) from error
    return str(page.local_url)


def serve(
    page: gr.Blocks,
    host: str,
    port: int,
    open_browser: bool,
    announce: Callable[[str], None] | None,
) -> None:
    """Serve the page until it is interrupted; see `onrecord.ui.serve`."""
    address = launch(page, host, port, open_browser)
    if announce is not None:
        announce(address)
    with suppress(KeyboardInterrupt):
        page.server.thread.join()
    page.close(verbose=False)


def _free_port(host: str) -> int:
    with socket.create_server((host, 0)) as probe:
        return int(probe.getsockname()[1])
