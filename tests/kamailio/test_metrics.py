"""What a router counts."""

import time

from pointsman.kamailio.metrics import COUNTER_NAMES, RouterMetrics
from pointsman.kamailio.shared_counters import SharedCounters
from pointsman.snapshots.status import Status


def _lines(metrics: RouterMetrics) -> list[str]:
    return metrics.exposition().decode().splitlines()


def test_each_request_is_counted_up_to_its_bound() -> None:
    metrics = RouterMetrics()
    for seconds in (0.00005, 0.00006, 0.0001, 0.4, 9.0):
        metrics.decided("NO_ROUTE", seconds / 2, seconds)
    lines = _lines(metrics)
    name = "pointsman_rtjson_request_seconds"
    buckets = {
        line.partition('le="')[2].partition('"')[0]: float(line.rpartition(" ")[2])
        for line in lines
        if line.startswith(f"{name}_bucket")
    }
    assert buckets["5e-05"] == 1
    assert buckets["0.0001"] == buckets["0.25"] == 3
    assert buckets["0.5"] == 4
    assert buckets["+Inf"] == 5
    assert f"{name}_count 5.0" in lines
    assert f"{name}_sum 9.40021" in lines
    assert "pointsman_decision_seconds_sum 4.700105" in lines
    assert 'pointsman_decisions_total{outcome="NO_ROUTE"} 5.0' in lines


def test_workers_are_counted_together_by_whichever_is_asked() -> None:
    first = SharedCounters(COUNTER_NAMES, 2, 0)
    second = SharedCounters(COUNTER_NAMES, 2, 1, first.descriptor)
    one, other = RouterMetrics(first), RouterMetrics(second)
    one.decided("DID", 0.00001, 0.00002)
    other.decided("DID", 0.00001, 0.00002)
    other.refused("OVERLOADED", 3)
    for metrics, revision in ((one, 7), (other, 6)):
        metrics.set("alive_at", time.time())
        metrics.set("revision", revision)
        metrics.set("in_flight", 4)
    for metrics in (one, other):
        lines = _lines(metrics)
        assert 'pointsman_decisions_total{outcome="DID"} 2.0' in lines
        assert 'pointsman_rtjson_refused_total{code="OVERLOADED",status="503"} 3.0' in lines
        assert "pointsman_workers 2.0" in lines
        assert "pointsman_rtjson_in_flight 8.0" in lines
        # The one that is behind.
        assert "pointsman_snapshot_revision 6.0" in lines


def test_a_worker_that_is_gone_counts_for_what_it_has_counted_only() -> None:
    first = SharedCounters(COUNTER_NAMES, 2, 0)
    second = RouterMetrics(SharedCounters(COUNTER_NAMES, 2, 1, first.descriptor))
    second.decided("DID", 0.1, 0.1)
    second.set("alive_at", time.time() - 60)
    second.set("in_flight", 9)
    lines = _lines(RouterMetrics(first))
    assert 'pointsman_decisions_total{outcome="DID"} 1.0' in lines
    assert "pointsman_rtjson_in_flight 0.0" in lines
    assert "pointsman_workers 0.0" in lines


def test_what_the_compiler_says_is_told() -> None:
    metrics = RouterMetrics()
    assert "pointsman_snapshot_database_connected 0.0" in _lines(metrics)
    status = Status(
        connected=True,
        newest_revision=9,
        confirmed_at=12.5,
        failing="the routing rule x: missing )",
        compiles={"partial done": 3, "full failed": 1},
        seconds={"partial": 0.25},
    )
    metrics.status = lambda: status
    lines = _lines(metrics)
    for line in (
        "pointsman_snapshot_database_connected 1.0",
        "pointsman_snapshot_newest_revision 9.0",
        "pointsman_snapshot_confirmed_timestamp_seconds 12.5",
        "pointsman_snapshot_failing 1.0",
        'pointsman_snapshot_compiles_total{kind="partial",result="done"} 3.0',
        'pointsman_snapshot_compiles_total{kind="full",result="failed"} 1.0',
        'pointsman_snapshot_compile_seconds{kind="partial"} 0.25',
    ):
        assert line in lines
