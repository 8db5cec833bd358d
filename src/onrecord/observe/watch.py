"""Sees each question through, for those who keep log, metrics and traces; all are off at first."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Self

from onrecord.errors import TracingError
from onrecord.observe.outcome import Outcome
from onrecord.observe.watcher import Watcher
from onrecord.settings import Settings
from onrecord.types import Event

if TYPE_CHECKING:
    from onrecord.observe.metrics import Metrics


@dataclass(frozen=True)
class Watch:
    """Has watchers for each question, one of each kind.

    Attributes:
        kinds: Each gives a watcher, when a question is first worked on.
        metrics: What adds questions up, if anything does; its watcher is among the kinds.
        is_traced: Whether there are traces.
    """

    kinds: tuple[Callable[[], Watcher], ...] = ()
    metrics: Metrics | None = None
    is_traced: bool = False

    @classmethod
    def by(cls, settings: Settings) -> Self:
        """Return the watch that the settings ask for.

        Raises:
            TracingError: Traces are asked for, and cannot be sent.
        """
        kinds: list[Callable[[], Watcher]] = []
        metrics = _metrics() if settings.metrics else None
        if settings.log == "json":
            from onrecord.observe.logs import Logging

            kinds.append(partial(Logging, settings.log_text))
        if metrics is not None:
            kinds.append(lambda: metrics)
        if settings.otel:
            kinds.append(_tracing())
        return cls(tuple(kinds), metrics, settings.otel)

    def follow(self, question: str, events: Generator[Event]) -> Generator[Event]:
        """Return the events of a question, watched as they are asked for."""
        return self._followed(question, events) if self.kinds else events

    def tell(self, outcome: Outcome) -> None:
        """Tell of a question that is not worked on."""
        for kind in self.kinds:
            kind().ended(outcome)

    def _followed(self, question: str, events: Generator[Event]) -> Generator[Event]:
        from onrecord.observe.tally import Tally

        tally = Tally(question)
        watchers = [tally, *(kind() for kind in self.kinds)]
        try:
            while True:
                with _step(watchers):
                    event = next(events, None)
                if event is None:
                    return
                for watcher in watchers:
                    watcher.saw(event)
                yield event
        except Exception as error:
            tally.failed(error)
            raise
        finally:
            try:
                with _step(watchers):
                    events.close()
            finally:
                outcome = tally.outcome()
                for watcher in watchers:
                    watcher.ended(outcome)


def _metrics() -> Metrics:
    from onrecord.observe.metrics import Metrics

    return Metrics()


def _tracing() -> type[Watcher]:
    try:
        from onrecord.observe.traces import Tracing, begin_traces
    except ImportError as error:
        raise TracingError(
            f"ONRECORD_OTEL is set, and what traces need is not installed ({error.name}). "
            "Run `pip install 'onrecord[otel]'`, or unset it."
        ) from error
    begin_traces()
    return Tracing


@contextmanager
def _step(watchers: Sequence[Watcher]) -> Iterator[None]:
    with ExitStack() as stack:
        for watcher in watchers:
            stack.enter_context(watcher.step())
        yield
