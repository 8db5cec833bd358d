"""Traces in OpenTelemetry: a question, in it its stages, in these the calls of the model's server.

Only imported where `settings.otel` asks for it. Where spans go, OpenTelemetry's own variables say
(OTEL_EXPORTER_OTLP_ENDPOINT and others). No word of a question or a document is in them.
"""

from __future__ import annotations

import os
from contextlib import AbstractContextManager
from importlib.metadata import entry_points, version
from typing import Any

import httpx2
from opentelemetry import trace
from opentelemetry.instrumentation.httpx import HTTPX2ClientInstrumentor, HTTPXClientInstrumentor
from opentelemetry.sdk.resources import SERVICE_NAME, OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter

from onrecord.errors import TracingError
from onrecord.observe.outcome import LEFT, Outcome
from onrecord.observe.request import current
from onrecord.observe.watcher import Watcher
from onrecord.types import Event, StageStarted, Status

_PROTOCOLS = {"http/protobuf": "otlp_proto_http", "grpc": "otlp_proto_grpc"}


def begin_traces() -> None:
    """Have spans sent to where the variables say, unless the program has seen to that already.

    Raises:
        TracingError: There is no such exporter here.
    """
    if not isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider):
        return
    resource = Resource.create({SERVICE_NAME: "onrecord"}).merge(OTELResourceDetector().detect())
    provider = TracerProvider(resource=resource)
    provider.add_span_processor(BatchSpanProcessor(_exporter()))
    trace.set_tracer_provider(provider)


def trace_calls(client: Any) -> None:  # noqa: ANN401
    """Have a span for each request of an HTTP client, which the server may go on with."""
    is_new = isinstance(client, httpx2.Client)
    (HTTPX2ClientInstrumentor if is_new else HTTPXClientInstrumentor).instrument_client(client)


class Tracing(Watcher):
    """Makes the spans of one question."""

    def __init__(self) -> None:
        self._tracer = trace.get_tracer("onrecord", version("onrecord"))
        self._question = self._tracer.start_span("question")
        self._question.set_attribute("onrecord.request_id", current())
        self._stage: trace.Span | None = None

    def step(self) -> AbstractContextManager[object]:
        """Let what libraries trace meanwhile stand in the span of the stage."""
        return trace.use_span(
            self._stage or self._question, record_exception=False, set_status_on_exception=False
        )

    def saw(self, event: Event) -> None:
        """Begin another span with each stage."""
        if isinstance(event, StageStarted):
            self._end_stage()
            within = trace.set_span_in_context(self._question)
            self._stage = self._tracer.start_span(event.stage, within)

    def ended(self, outcome: Outcome) -> None:
        """Say in the question's span what came of it."""
        self._end_stage()
        self._question.set_attribute("onrecord.status", outcome.status)
        self._question.set_attribute("onrecord.claims", outcome.claims)
        if outcome.tokens_in is not None and outcome.tokens_out is not None:
            self._question.set_attribute("gen_ai.usage.input_tokens", outcome.tokens_in)
            self._question.set_attribute("gen_ai.usage.output_tokens", outcome.tokens_out)
        if outcome.status not in (*Status, LEFT):
            self._question.set_status(trace.StatusCode.ERROR)
        self._question.end()

    def _end_stage(self) -> None:
        if self._stage is not None:
            self._stage.end()


def _exporter() -> SpanExporter:
    """Return what the standard variables name, as OpenTelemetry's own start does."""
    name = os.environ.get("OTEL_TRACES_EXPORTER") or "otlp"
    protocol = (
        os.environ.get("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL")
        or os.environ.get("OTEL_EXPORTER_OTLP_PROTOCOL")
        or "http/protobuf"
    )
    wanted = _PROTOCOLS.get(protocol, protocol) if name == "otlp" else name
    for found in entry_points(group="opentelemetry_traces_exporter", name=wanted):
        exporter: SpanExporter = found.load()()
        return exporter
    raise TracingError(
        f"There is no exporter of traces for OTEL_TRACES_EXPORTER={name} and "
        f"OTEL_EXPORTER_OTLP_PROTOCOL={protocol}; install its package, or unset them."
    )
