"""Metrics of a server, in the text format of Prometheus."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from prometheus_client import CollectorRegistry, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

# Upper bounds of the request times that are counted, in seconds.
BUCKETS = (0.001, 0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Figures(NamedTuple):
    """The state of a server when its metrics are read; bytes, seconds, and numbers since its start.

    `runs`: by status; `restarts`: by the name of the child processes; `unwritten_bytes` and `store_lag`: how
    much waits to be written, and since when.
    """

    runs: Mapping[str, int]
    queue: int
    steps: int
    frames: int
    viewers: int
    restarts: Mapping[str, int]
    store_bytes: int
    unwritten_bytes: int
    store_lag: float


class Metrics:
    """The metrics of one server: of its process, of its requests, and the figures at the time of reading."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._request_times = Histogram(
            "perceptarium_request_seconds", "Time until a request was answered, by route and status.",
            ("method", "route", "status"), registry=self._registry, buckets=BUCKETS,
        )  # fmt: skip

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Counts an answered request; `route` is the path with the names of its parameters."""
        self._request_times.labels(method, route, str(status)).observe(seconds)

    def text(self, figures: Figures) -> bytes:
        """All metrics in the text format."""
        registry = CollectorRegistry()
        registry.register(_FiguresCollector(figures))
        return generate_latest(registry) + generate_latest(self._registry)


class _FiguresCollector:
    def __init__(self, figures: Figures) -> None:
        self._figures = figures

    def collect(self) -> Iterator[Metric]:
        """The figures as metrics."""
        figures = self._figures
        yield _by_label(GaugeMetricFamily, "runs", "Stored runs, by status.", "status", figures.runs)
        yield _by_label(
            CounterMetricFamily, "child_restarts", "Child processes that were replaced, by name.", "name",
            figures.restarts,
        )  # fmt: skip
        for name, text, value in (
            ("queued_runs", "Runs that wait for a training process.", figures.queue),
            ("viewers", "Open streams.", figures.viewers),
            ("store_bytes", "Size of the database.", figures.store_bytes),
            ("store_unwritten_bytes", "Data that wait to be written.", figures.unwritten_bytes),
            ("store_lag_seconds", "Age of the oldest data that wait to be written.", figures.store_lag),
        ):
            yield GaugeMetricFamily(f"perceptarium_{name}", text, value)
        for name, text, value in (
            ("steps", "Training steps since the start of the server.", figures.steps),
            ("frames", "Frames sent to viewers since the start of the server.", figures.frames),
        ):
            yield CounterMetricFamily(f"perceptarium_{name}", text, value)


def _by_label(
    family: type[GaugeMetricFamily] | type[CounterMetricFamily], name: str, text: str, label: str,
    values: Mapping[str, int],
) -> Metric:  # fmt: skip
    metric = family(f"perceptarium_{name}", text, labels=[label])
    for value, number in sorted(values.items()):
        metric.add_metric([value], number)
    return metric
