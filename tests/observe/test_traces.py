from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import Any

import httpx
import pytest
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as OverGrpc
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as OverHttp
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import ConsoleSpanExporter, SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from onrecord.errors import ModelError, TracingError
from onrecord.observe.traces import begin_traces
from tests.api.conftest import served_page
from tests.api.waiting import eventually
from tests.models.fake_server import FakeServer
from tests.observe.conftest import QUESTION, Make


class Spans:
    """The spans that have ended, by what they are of."""

    def __init__(self, exporter: InMemorySpanExporter) -> None:
        self._exporter = exporter

    def __call__(self) -> Sequence[ReadableSpan]:
        return self._exporter.get_finished_spans()

    def named(self, name: str) -> ReadableSpan:
        (found,) = [span for span in self() if span.name == name]
        return found

    def inside(self, outer: ReadableSpan) -> list[str]:
        return [span.name for span in self() if span.parent == outer.context]


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[Spans]:
    """Stand for the provider of a program that has one of its own."""
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "get_tracer_provider", lambda: provider)
    yield Spans(exporter)
    provider.shutdown()


def test_a_question_is_a_span_with_its_stages_in_it_and_in_these_what_the_model_is_asked(
    make: Make, spans: Spans, server: FakeServer
) -> None:
    make(otel=True).ask(QUESTION)
    question = spans.named("question")
    assert question.parent is None
    assert question.attributes is not None
    assert question.attributes["onrecord.status"] == "answered"
    assert question.attributes["onrecord.claims"] == 1
    assert question.attributes["gen_ai.usage.input_tokens"] > 0  # type: ignore[operator]
    assert question.status.status_code is StatusCode.UNSET
    assert spans.inside(question) == ["understand", "retrieve", "read", "word"]
    assert spans.inside(spans.named("retrieve")) == []
    asked = spans.inside(spans.named("read")) + spans.inside(spans.named("word"))
    assert asked == ["POST"] * len(server.requests)
    assert "word" in {span.name for span in spans() if spans.inside(span) == ["POST"]}


def test_no_word_of_question_or_document_is_in_them(make: Make, spans: Spans) -> None:
    make(otel=True).ask(QUESTION)
    said = "".join(span.to_json() for span in spans())
    assert "ferry" not in said.lower()


def test_a_question_that_fails_is_an_error_of_its_kind(
    make: Make, spans: Spans, server: FakeServer
) -> None:
    server.replies = [(500, {})] * 5
    with pytest.raises(ModelError):
        make(otel=True).ask(QUESTION)
    question = spans.named("question")
    assert question.status.status_code is StatusCode.ERROR
    assert question.attributes is not None
    assert question.attributes["onrecord.status"] == "model"
    assert spans.named("read").end_time is not None


def test_over_http_it_stands_in_the_trace_of_whoever_asks_and_goes_on_at_the_model(
    make: Make, spans: Spans, server: FakeServer
) -> None:
    trace_id, outer = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
    headers = {"traceparent": f"00-{trace_id}-{outer}-01", "X-Request-ID": "mine-1"}
    with served_page(make(otel=True)) as address:  # type: ignore[arg-type]
        api = f"{address}api/v1"
        eventually(lambda: httpx.get(f"{api}/ready").status_code == 200)
        asked = httpx.post(f"{api}/ask", json={"question": QUESTION}, headers=headers, timeout=20)
        assert asked.json()["status"] == "answered"
        httpx.get(f"{api}/search", params={"q": "the ferry"}, timeout=20)
        httpx.get(f"{api}/health")
    question = spans.named("question")
    assert question.attributes is not None
    assert question.attributes["onrecord.request_id"] == "mine-1"
    together = {span.name for span in spans() if format(span.context.trace_id, "032x") == trace_id}
    assert {"question", "understand", "retrieve", "read", "word", "POST"} < together
    (request,) = [span for span in spans() if span.context == question.parent]
    assert request.name == "POST /api/v1/ask"
    assert request.parent is not None
    assert format(request.parent.span_id, "016x") == outer
    assert trace_id in str(server.traces[-1])
    assert not any("GET" in span.name for span in spans())
    assert "ferry" not in "".join(span.to_json() for span in spans())


def test_a_program_that_traces_gets_nothing_that_is_not_asked_for(make: Make, spans: Spans) -> None:
    with served_page(make()) as address:  # type: ignore[arg-type]
        httpx.post(f"{address}api/v1/ask", json={"question": QUESTION}, timeout=20)
        httpx.get(f"{address}api/v1/search", params={"q": "the ferry"}, timeout=20)
        httpx.get(address)
    assert spans() == ()


class Set:
    """Takes the place of the one provider that a process can set."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.providers: list[TracerProvider] = []
        monkeypatch.setattr(trace, "get_tracer_provider", trace.ProxyTracerProvider)
        monkeypatch.setattr(trace, "set_tracer_provider", self.providers.append)

    def exporter(self) -> Any:
        (provider,) = self.providers
        (processor,) = provider._active_span_processor._span_processors
        provider.shutdown()
        return processor.span_exporter  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("variables", "kind"),
    [
        ({}, OverHttp),
        ({"OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, OverGrpc),
        ({"OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf"}, OverHttp),
        ({"OTEL_TRACES_EXPORTER": "console"}, ConsoleSpanExporter),
    ],
)
def test_where_spans_go_the_standard_variables_say(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], kind: type
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    found = Set(monkeypatch)
    begin_traces()
    assert found.providers[0].resource.attributes["service.name"] == "onrecord"
    exporter = found.exporter()
    assert isinstance(exporter, kind)
    if kind is not ConsoleSpanExporter:
        assert "127.0.0.1:9" in exporter._endpoint


def test_the_service_may_have_another_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_SERVICE_NAME", "press")
    monkeypatch.setenv("OTEL_TRACES_EXPORTER", "console")
    found = Set(monkeypatch)
    begin_traces()
    assert found.providers[0].resource.attributes["service.name"] == "press"
    found.exporter()


def test_a_program_that_has_its_own_provider_keeps_it(
    spans: Spans, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_TRACES_EXPORTER", "nothing")
    begin_traces()


def test_an_exporter_that_is_not_there_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_TRACES_EXPORTER", "zipkin")
    Set(monkeypatch)
    with pytest.raises(TracingError, match=r"OTEL_TRACES_EXPORTER=zipkin"):
        begin_traces()


def test_packages_that_are_missing_are_told_in_words(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "onrecord.observe.traces")
    monkeypatch.setitem(sys.modules, "opentelemetry.instrumentation.httpx", None)
    with pytest.raises(TracingError, match=r"pip install 'onrecord\[otel\]'"):
        make(otel=True)
