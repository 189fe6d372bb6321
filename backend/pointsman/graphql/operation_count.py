"""Counts GraphQL operations by kind and outcome."""

from collections.abc import Iterator

from strawberry.extensions import SchemaExtension

from pointsman.telemetry import ControlMetrics


class CountOperations(SchemaExtension):
    """One operation's count; an outcome is `ok`, or `error` when the answer has errors."""

    def __init__(self, metrics: ControlMetrics) -> None:
        self._metrics = metrics

    def on_operation(self) -> Iterator[None]:
        """Count when the operation is done."""
        yield
        result = self.execution_context.result
        try:
            kind = self.execution_context.operation_type.value
        except RuntimeError:  # what has not been parsed is of no kind
            kind = "unknown"
        outcome = "error" if getattr(result, "errors", None) else "ok"
        self._metrics.operations.labels(kind, outcome).inc()
