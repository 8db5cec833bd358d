"""Questions added up, in the form of Prometheus; docs/operations.md says what each name means."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector

from onrecord.observe.outcome import Outcome
from onrecord.observe.watcher import Watcher
from onrecord.types import Status

_SECONDS = (0.01, 0.03, 0.1, 0.3, 1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0)


class Metrics(Watcher):
    """Counts what came of the questions of one assistant, and what its process takes.

    Attributes:
        registry: What is to be served; it is of this assistant alone.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._questions = Counter(
            "onrecord_questions",
            "Questions, by what came of them.",
            ["status"],
            registry=self.registry,
        )
        self._seconds = Histogram(
            "onrecord_question_seconds",
            "Seconds that a question took, by stage, and in total.",
            ["stage"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        for status in Status:  # so that they are there, with 0, from the start
            self._questions.labels(status)

    def ended(self, outcome: Outcome) -> None:
        """Count what came of a question."""
        self._questions.labels(outcome.status).inc()
        for stage, seconds in outcome.seconds.items():
            self._seconds.labels(stage).observe(seconds)
