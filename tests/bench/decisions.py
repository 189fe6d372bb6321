"""The time of a decision in process: random calls on the demo's snapshot."""

import random
import statistics
import time

from pointsman.demo import CALLING, PBX
from pointsman.routing.call import Call
from pointsman.routing.decide import decide
from pointsman.routing.snapshot import Snapshot
from pointsman.routing.trunk import Transport
from pointsman.routing.uri import NameAddr, parse_uri


def measure(snapshot: Snapshot, calls: int) -> tuple[float, float]:
    """Median and 99th percentile, in microseconds."""
    rng = random.Random(20191111)  # noqa: S311 -- nothing secret
    asked = [_call(number, f"+39{rng.randrange(10**9, 10**10)}") for number in range(calls)]
    for call in asked[:1_000]:
        decide(call, snapshot, now=0)
    times = []
    for call in asked:
        started = time.perf_counter_ns()
        decide(call, snapshot, now=0)
        times.append(time.perf_counter_ns() - started)
    return statistics.median(times) / 1_000, statistics.quantiles(times, n=100)[98] / 1_000


def _call(number: int, called: str) -> Call:
    uri = parse_uri(f"sip:{called}@127.0.0.1:5070")
    return Call(
        sip_call_id=f"bench-{number}",
        source_ip=PBX[0],
        source_port=PBX[1],
        transport=Transport.UDP,
        request_uri=uri,
        from_=NameAddr("Alice", parse_uri(f"sip:{CALLING}@acme.example")),
        to_display="",
        received_ip="127.0.0.1",
        received_port=5070,
    )
