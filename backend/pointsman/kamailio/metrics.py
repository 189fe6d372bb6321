"""What a router counts, over all its workers."""

import time
from bisect import bisect_left
from collections.abc import Callable, Iterator
from itertools import accumulate

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from pointsman.kamailio.shared_counters import SharedCounters
from pointsman.routing.outcome import MatchKind, RejectCode
from pointsman.snapshots.status import Status

# From a fast decision to the 500 ms after which Kamailio has given up.
_SECONDS = (
    0.00001, 0.00002, 0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05,
    0.1, 0.25, 0.5,
)  # fmt: skip
_OUTCOMES = tuple(str(outcome) for outcome in (*MatchKind, *RejectCode))
_REFUSALS = (
    (400, "BAD_REQUEST"),
    (401, "UNAUTHENTICATED"),
    (405, "METHOD_NOT_ALLOWED"),
    (413, "TOO_LARGE"),
    (500, "INTERNAL"),
    (503, "NO_SNAPSHOT"),
    (503, "SNAPSHOT_TOO_OLD"),
    (503, "OVERLOADED"),
)
_HISTOGRAMS = ("decision", "request")
_GAUGES = ("alive_at", "in_flight", "in_flight_limit", "revision", "loaded_at", "published_at")
COUNTER_NAMES = (
    *(f"outcome {outcome}" for outcome in _OUTCOMES),
    *(f"refused {code}" for _, code in _REFUSALS),
    *(f"{name} {place}" for name in _HISTOGRAMS for place in (*range(len(_SECONDS) + 1), "sum")),
    *_GAUGES,
    "files_refused",
    "restarts",
    "health_reports",
)
# A worker that has not said so for this long is not up.
_ALIVE_S = 5.0


class RouterMetrics:
    """What a worker counts, and what all of its router's workers have counted.

    What it writes takes no lock: a row has one writer, a thread.
    """

    content_type = CONTENT_TYPE_LATEST

    def __init__(self, counters: SharedCounters | None = None) -> None:
        self.counters = counters or SharedCounters(COUNTER_NAMES, 1, 0)
        self._own, places = self.counters.own, self.counters.places
        self._outcomes = {outcome: places[f"outcome {outcome}"] for outcome in _OUTCOMES}
        self._decision, self._request = places["decision 0"], places["request 0"]
        # What of a scrape is not counted by workers: the compiler's last word, and its snapshot.
        self.status: Callable[[], Status | None] = lambda: None
        self.snapshot_bytes: Callable[[], int] = lambda: 0
        self.secrets_lacking: Callable[[], int] = lambda: 0
        # How many endpoints are down, as the nodes find them, by the name of the node.
        self.endpoints_down: Callable[[], dict[str, int]] = dict
        self.registry = CollectorRegistry()
        self.registry.register(_Exposition(self))

    def decided(self, outcome: str, decision_s: float, request_s: float) -> None:
        """Count a decision, by what matched or by its reject code."""
        own = self._own
        own[self._outcomes[outcome]] += 1
        decision, request = self._decision, self._request
        own[decision + bisect_left(_SECONDS, decision_s)] += 1
        own[decision + len(_SECONDS) + 1] += decision_s
        own[request + bisect_left(_SECONDS, request_s)] += 1
        own[request + len(_SECONDS) + 1] += request_s

    def refused(self, code: str, count: int = 1) -> None:
        """Count requests that were not decided."""
        self._own[self.counters.places[f"refused {code}"]] += count

    def set(self, name: str, value: float) -> None:
        """Set a number of the worker's own."""
        self._own[self.counters.places[name]] = value

    def add(self, name: str, count: int = 1) -> None:
        """Count something of the worker's own."""
        self._own[self.counters.places[name]] += count

    def exposition(self) -> bytes:
        """All of it in Prometheus' text format."""
        return generate_latest(self.registry)


class _Exposition(Collector):
    """The families of a router's metrics."""

    def __init__(self, metrics: RouterMetrics) -> None:
        self._metrics = metrics

    def collect(self) -> Iterator[Metric]:
        """All families."""
        counters = self._metrics.counters
        yield from _count_families(counters)
        yield from _worker_families(counters)
        yield from _compiler_families(self._metrics.status())
        yield GaugeMetricFamily(
            "pointsman_snapshot_bytes", "The size of the snapshot.", self._metrics.snapshot_bytes()
        )
        yield GaugeMetricFamily(
            "pointsman_snapshot_secrets_lacking",
            "Trunks with a credential that none of the keys opens; it is not used.",
            self._metrics.secrets_lacking(),
        )
        yield from _health_families(counters, self._metrics.endpoints_down())


def _count_families(counters: SharedCounters) -> Iterator[Metric]:
    decisions = CounterMetricFamily(
        "pointsman_decisions", "Decisions by what matched, or by reject code.", labels=["outcome"]
    )
    for outcome in _OUTCOMES:
        decisions.add_metric([outcome], counters.total(f"outcome {outcome}"))
    yield decisions
    refused = CounterMetricFamily(
        "pointsman_rtjson_refused",
        "Requests that were not decided, by HTTP status and why.",
        labels=["status", "code"],
    )
    for status, code in _REFUSALS:
        refused.add_metric([str(status), code], counters.total(f"refused {code}"))
    yield refused
    yield _histogram(counters, "decision", "pointsman_decision_seconds",
                     "The decision alone, in seconds.")  # fmt: skip
    yield _histogram(counters, "request", "pointsman_rtjson_request_seconds",
                     "From the whole request read to its answer handed over, seconds.")  # fmt: skip
    yield CounterMetricFamily(
        "pointsman_snapshot_files_refused",
        "Snapshots on disk that were damaged or of another format, and not used.",
        counters.total("files_refused"),
    )


def _histogram(counters: SharedCounters, name: str, family: str, text: str) -> Metric:
    counts = [counters.total(f"{name} {place}") for place in range(len(_SECONDS) + 1)]
    bounds = [*map(str, _SECONDS), "+Inf"]
    return HistogramMetricFamily(
        family,
        text,
        buckets=list(zip(bounds, accumulate(counts), strict=True)),
        sum_value=counters.total(f"{name} sum"),
    )


def _worker_families(counters: SharedCounters) -> Iterator[Metric]:
    now = time.time()
    rows = [row for row in counters.each(*_GAUGES) if now - row[0] < _ALIVE_S]
    yield GaugeMetricFamily("pointsman_workers", "Workers of the router that are up.", len(rows))
    yield CounterMetricFamily(
        "pointsman_worker_restarts",
        "Workers and compilers that died and were started again.",
        counters.total("restarts"),
    )
    yield GaugeMetricFamily(
        "pointsman_rtjson_in_flight",
        "Questions that were waiting for an answer, at the last look.",
        sum(row[1] for row in rows),
    )
    yield GaugeMetricFamily(
        "pointsman_rtjson_in_flight_limit",
        "How many may wait; those beyond are refused.",
        sum(row[2] for row in rows),
    )
    held = [row for row in rows if row[3]]
    yield GaugeMetricFamily(
        "pointsman_snapshot_revision",
        "The revision of the configuration that decides calls; of workers that differ the least.",
        min((row[3] for row in held), default=0),
    )
    yield GaugeMetricFamily(
        "pointsman_snapshot_loaded_timestamp_seconds",
        "When that revision was loaded, in seconds since 1970.",
        max((row[4] for row in held), default=0),
    )
    yield GaugeMetricFamily(
        "pointsman_snapshot_published_timestamp_seconds",
        "When that revision was made, in seconds since 1970.",
        min((row[5] for row in held), default=0),
    )


def _health_families(counters: SharedCounters, down: dict[str, int]) -> Iterator[Metric]:
    yield CounterMetricFamily(
        "pointsman_health_reports",
        "Reports of Kamailio nodes' agents on the health of endpoints.",
        counters.total("health_reports"),
    )
    endpoints = GaugeMetricFamily(
        "pointsman_endpoints_down",
        "Endpoints that calls of a Kamailio node skip, since its agent finds them down.",
        labels=["node"],
    )
    for node, count in down.items():
        endpoints.add_metric([node], count)
    yield endpoints


def _compiler_families(told: Status | None) -> Iterator[Metric]:
    status = told or Status()
    yield GaugeMetricFamily(
        "pointsman_snapshot_confirmed_timestamp_seconds",
        "When the database last confirmed that the snapshot is the newest, in seconds since 1970.",
        status.confirmed_at,
    )
    yield GaugeMetricFamily(
        "pointsman_snapshot_newest_revision",
        "The newest revision that the compiler has seen in the database.",
        status.newest_revision,
    )
    yield GaugeMetricFamily(
        "pointsman_snapshot_database_connected",
        "Whether the compiler follows the database.",
        float(status.connected),
    )
    yield GaugeMetricFamily(
        "pointsman_snapshot_failing",
        "1 while the newest configuration is no snapshot; the former one stays.",
        float(bool(status.failing)),
    )
    seconds = GaugeMetricFamily(
        "pointsman_snapshot_compile_seconds", "How long the last compile took.", labels=["kind"]
    )
    compiles = CounterMetricFamily(
        "pointsman_snapshot_compiles", "Compiles by kind and result.", labels=["kind", "result"]
    )
    for kind in ("full", "partial"):
        seconds.add_metric([kind], status.seconds.get(kind, 0.0))
        for result in ("done", "failed"):
            compiles.add_metric([kind, result], status.compiles.get(f"{kind} {result}", 0))
    yield seconds
    yield compiles
