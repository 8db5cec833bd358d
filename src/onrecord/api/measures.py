"""What Prometheus reads at /metrics: what the assistant has counted, and how the server stands."""

from __future__ import annotations

from collections.abc import Iterable

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from onrecord.desk import Desk
from onrecord.observe.metrics import Metrics

METRICS = "/metrics"


def metrics_route(metrics: Metrics, desk: Desk) -> Route:
    """Return the route that metrics are read at.

    Args:
        metrics: What the assistant has counted.
        desk: Where questions wait, and whose assistant's documents and model are told of.
    """
    registry = CollectorRegistry()
    registry.register(metrics.registry)
    registry.register(Standing(desk))

    # Not the client's own application: mounted, it has no address but /metrics/.
    async def read(request: Request) -> Response:
        encode, kind = choose_encoder(request.headers.get("accept", ""))
        return Response(encode(registry), media_type=kind)

    return Route(METRICS, read)


class Standing(Collector):
    """Looks at how things stand whenever it is asked, in the event loop of the desk.

    Args:
        desk: Where questions wait, and whose assistant's documents and model are told of.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def collect(self) -> Iterable[Metric]:
        """Return what there is to tell."""
        assistant = self._desk.assistant
        documents, sentences = assistant.size
        return [
            GaugeMetricFamily(
                "onrecord_questions_answering",
                "Questions that are being answered now.",
                self._desk.answering,
            ),
            GaugeMetricFamily(
                "onrecord_questions_waiting",
                "Questions that wait for their turn.",
                self._desk.waiting,
            ),
            CounterMetricFamily(
                "onrecord_model_restarts",
                "Times that the model's server was lost, and connected to or started anew.",
                assistant.restarts,
            ),
            GaugeMetricFamily("onrecord_documents", "Documents there are to ask.", documents),
            GaugeMetricFamily("onrecord_sentences", "Sentences of these.", sentences),
        ]
