"""The time of a decision in process: random calls of random tenants."""

import gc
import random
import statistics
import time
from dataclasses import dataclass
from pathlib import Path

from pointsman.routing.call import Call
from pointsman.routing.decide import decide
from pointsman.routing.snapshot import Snapshot
from pointsman.routing.trunk import Transport
from pointsman.routing.uri import NameAddr, parse_uri
from pointsman.snapshots.files import DataFile, load_catalog
from pointsman.snapshots.mapped import Mapper
from tests.bench.generator import source_ip

_PASSES = 10


def map_snapshot(state_dir: Path) -> Snapshot:
    """The snapshot that a router on this state directory uses."""
    (directory,) = (state_dir / "snapshots").iterdir()
    catalog = load_catalog(directory)
    if catalog is None:
        raise RuntimeError(f"there is no snapshot in {directory}")
    data = DataFile(directory, catalog.data_file)
    data.map(catalog.blobs())
    return Mapper(lambda _: None).map(catalog, data)


@dataclass(frozen=True)
class Decisions:
    """What decisions take, in microseconds: the median and the 99th percentile of the quickest of
    the passes, since what else a machine does only adds; and the median of the slowest one."""

    median: float
    p99: float
    slowest_median: float


def measure(snapshot: Snapshot, tenants: int, calls: int) -> Decisions:
    """Of passes over the same calls."""
    rng = random.Random(20191111)  # noqa: S311 -- nothing secret
    asked = [_call(number, rng, tenants) for number in range(calls)]
    # Each tenant's first call reads the tenant.
    for call in asked:
        decide(call, snapshot, now=0)
    # As a router does with what it has loaded.
    gc.collect()
    gc.freeze()
    passes = sorted(_pass(snapshot, asked) for _ in range(_PASSES))
    return Decisions(*passes[0], passes[-1][0])


def _pass(snapshot: Snapshot, asked: list[Call]) -> tuple[float, float]:
    times = []
    for call in asked:
        started = time.perf_counter_ns()
        decide(call, snapshot, now=0)
        times.append(time.perf_counter_ns() - started)
    return statistics.median(times) / 1_000, statistics.quantiles(times, n=100)[98] / 1_000


def _call(number: int, rng: random.Random, tenants: int) -> Call:
    called = f"+{rng.randrange(20, 99)}{rng.randrange(10**9):09d}"
    return Call(
        sip_call_id=f"bench-{number}",
        source_ip=source_ip(rng.randrange(tenants)),
        source_port=5060,
        transport=Transport.UDP,
        request_uri=parse_uri(f"sip:{called}@127.0.0.1:5070"),
        from_=NameAddr("Alice", parse_uri("sip:+390401234567@acme.example")),
        to_display="",
        received_ip="127.0.0.1",
        received_port=5070,
    )
