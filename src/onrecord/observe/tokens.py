"""How many tokens models have read and written, as LangChain's own hook tells of each call."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from langchain_core.callbacks import UsageMetadataCallbackHandler
from langchain_core.tracers.context import register_configure_hook

_counter: ContextVar[UsageMetadataCallbackHandler | None] = ContextVar(
    "onrecord_tokens", default=None
)
# LangChain looks there for a handler at each call. (Its `get_usage_metadata_callback` registers a
# variable each time it is used, and keeps it for ever.)
register_configure_hook(_counter, inheritable=True)


class Tokens:
    """Counts the tokens of the calls that are made inside `counted`, in any thread."""

    def __init__(self) -> None:
        self._handler = UsageMetadataCallbackHandler()

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Count the calls that are made inside. No generator may yield to others there."""
        before = _counter.set(self._handler)
        try:
            yield
        finally:
            _counter.reset(before)

    def total(self) -> tuple[int | None, int | None]:
        """Return how many were read and how many written; None where no call has said."""
        said = self._handler.usage_metadata.values()
        if not said:
            return None, None
        return sum(use["input_tokens"] for use in said), sum(use["output_tokens"] for use in said)
