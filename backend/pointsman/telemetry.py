"""Logs and metrics."""

import logging
import sys
from bisect import bisect_left
from collections.abc import Callable, Iterator
from itertools import accumulate

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

# From the 50 µs a decision takes to the 500 ms after which Kamailio has given up.
_SECONDS = (
    0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5,
)  # fmt: skip


class RouterMetrics:
    """What a router counts. One object per process, made by its application."""

    content_type = CONTENT_TYPE_LATEST

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.decisions = Counter(
            "pointsman_decisions",
            "Decisions by what matched, or by reject code.",
            ["outcome"],
            registry=self.registry,
        )
        self.refused = Counter(
            "pointsman_rtjson_refused",
            "Requests that were not decided, by HTTP status.",
            ["status"],
            registry=self.registry,
        )
        self._request_seconds = _RequestSeconds()
        self.registry.register(self._request_seconds)
        self.snapshot_revision = self._gauge(
            "pointsman_snapshot_revision",
            "The revision of the configuration that decides calls.",
        )
        self.snapshot_loaded = self._gauge(
            "pointsman_snapshot_loaded_timestamp_seconds",
            "When that revision was loaded, in seconds since 1970.",
        )
        self.snapshot_confirmed = self._gauge(
            "pointsman_snapshot_confirmed_timestamp_seconds",
            "When the database last confirmed that it is the newest, in seconds since 1970.",
        )
        self.snapshot_failures = Counter(
            "pointsman_snapshot_failures",
            "Configurations that did not compile; the former snapshot stays.",
            registry=self.registry,
        )
        self.snapshot_secrets_lacking = self._gauge(
            "pointsman_snapshot_secrets_lacking",
            "Trunks with a credential that none of the keys opens; it is not used.",
        )
        self._count_decision: dict[str, Callable[[], None]] = {}

    def decided(self, outcome: str, seconds: float) -> None:
        """Count a decision; looks its counter up once an outcome."""
        count = self._count_decision.get(outcome)
        if count is None:
            count = self._count_decision[outcome] = self.decisions.labels(outcome).inc
        count()
        self._request_seconds.observe(seconds)

    def _gauge(self, name: str, text: str) -> Gauge:
        return Gauge(name, text, registry=self.registry)

    def exposition(self) -> bytes:
        """All of it in Prometheus' text format."""
        return generate_latest(self.registry)


class _RequestSeconds(Collector):
    """A histogram for one thread: the library's own takes locks, and a tenth of a decision's
    time."""

    def __init__(self) -> None:
        self._counts = [0] * (len(_SECONDS) + 1)
        self._sum = 0.0

    def observe(self, seconds: float) -> None:
        self._counts[bisect_left(_SECONDS, seconds)] += 1
        self._sum += seconds

    def collect(self) -> Iterator[Metric]:
        """The counts up to each bound, as the format has them."""
        bounds = [*map(str, _SECONDS), "+Inf"]
        yield HistogramMetricFamily(
            "pointsman_rtjson_request_seconds",
            "From the whole request read to the answer handed over, in seconds.",
            buckets=list(zip(bounds, accumulate(self._counts), strict=True)),
            sum_value=self._sum,
        )


class ControlMetrics:
    """What the control role counts."""

    content_type = CONTENT_TYPE_LATEST

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.operations = Counter(
            "pointsman_graphql_operations",
            "GraphQL operations by kind and outcome.",
            ["kind", "outcome"],
            registry=self.registry,
        )

    def exposition(self) -> bytes:
        """All of it in Prometheus' text format."""
        return generate_latest(self.registry)


def configure_logging(level: str, log_format: str, role: str) -> None:
    """Send structured logs to standard error; other libraries' logs from WARNING on."""
    renderer: structlog.typing.Processor = structlog.processors.JSONRenderer()
    if log_format == "console":
        renderer = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    common: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*common, structlog.processors.format_exc_info, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(role=role)

    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*common, structlog.stdlib.add_logger_name, _shorten_warning],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                renderer,
            ],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


def _shorten_warning(
    _logger: object, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Of a library's warning keep the error, not its traceback: a pool that retries logs one
    every second for as long as the database is gone."""
    if event["level"] == "warning" and isinstance(event.get("exc_info"), tuple):
        event["error"] = repr(event.pop("exc_info")[1])
    return event
