"""Logs and metrics."""

import logging
import sys

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

# The codes of answers that refuse a report of a node.
_REFUSALS = ("BAD_REQUEST", "TOO_LARGE", "TOO_MANY_RECORDS", "UNAUTHENTICATED", "UNAVAILABLE")


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
        self.webhook_attempts = Counter(
            "pointsman_webhook_attempts",
            "Attempts of this role to tell a webhook of an event: delivered, failed (it is tried "
            "again), given_up (it is not).",
            ["result"],
            registry=self.registry,
        )
        self.webhook_pending = Gauge(
            "pointsman_webhook_pending",
            "Deliveries to enabled webhooks that are not made yet, of all control roles.",
            registry=self.registry,
        )
        self.webhook_overdue = Gauge(
            "pointsman_webhook_overdue_seconds",
            "For how long the first of them has been due without anybody trying it.",
            registry=self.registry,
        )
        for result in ("delivered", "failed", "given_up"):
            self.webhook_attempts.labels(result)

    def count_attempt(self, result: str) -> None:
        """Of a delivery to a webhook."""
        self.webhook_attempts.labels(result).inc()

    def show_waiting(self, pending: int, overdue_s: float) -> None:
        """What webhooks are to be told yet."""
        self.webhook_pending.set(pending)
        self.webhook_overdue.set(overdue_s)

    def exposition(self) -> bytes:
        """All of it in Prometheus' text format."""
        return generate_latest(self.registry)


class RecordsMetrics:
    """What the records role counts; each label is there from the start, so that its first count is
    an increase."""

    content_type = CONTENT_TYPE_LATEST

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.events = Counter(
            "pointsman_call_events",
            "What nodes reported of calls, by what became of it: stored, duplicate (it was stored "
            "before), conflict (one with its key says something else), refused.",
            ["result"],
            registry=self.registry,
        )
        self.reports_refused = Counter(
            "pointsman_reports_refused",
            "Reports of nodes that were refused as a whole, by the code of the answer.",
            ["code"],
            registry=self.registry,
        )
        self.orphans = Counter(
            "pointsman_call_orphans",
            "Times that a call was stored whose tenant does not exist.",
            registry=self.registry,
        )
        self.incomplete = Counter(
            "pointsman_calls_incomplete",
            "Calls that were marked as incomplete: their end did not come.",
            registry=self.registry,
        )
        self.waiting = Gauge(
            "pointsman_call_events_waiting",
            "What nodes reported of calls and is not committed yet.",
            registry=self.registry,
        )
        self.due_minutes = Gauge(
            "pointsman_statistics_due",
            "Minutes whose calls changed since they were counted.",
            registry=self.registry,
        )
        self.due_seconds = Gauge(
            "pointsman_statistics_due_seconds",
            "For how long the first of these minutes has waited.",
            registry=self.registry,
        )
        for result in ("stored", "duplicate", "conflict", "refused"):
            self.events.labels(result)
        for code in _REFUSALS:
            self.reports_refused.labels(code)

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
