"""What is answered when more is asked than can be: from half of what a router answers to five times
that, and down again without a restart, by h2load, which asks at a rate as far as its connections
are free to."""

import json
import os
import resource
import subprocess
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from tests.bench.generator import source_ip
from tests.bench.servers import CLIENT_CORE, Server

# The guard of a Kamailio lets 600 calls wait for their answers: five such nodes. And more than can
# wait, so that there is somebody to refuse.
_CONNECTIONS = 3_000
_CROWD = 4_000
_STEP_S = 4
# Meanwhile the connections are made.
_WARM_UP_S = 3
LOADS = (0.5, 1.0, 2.0, 3.0, 5.0, 3.0, 2.0, 1.0, 0.8, 0.5)


@dataclass(frozen=True)
class Step:
    """What became of a step's questions: the milliseconds from when each was sent until it was
    answered, or refused (503)."""

    answered: list[float]
    refused: list[float]

    @property
    def answered_per_s(self) -> float:
        """How many are answered each second."""
        return len(self.answered) / _STEP_S

    @property
    def refused_per_s(self) -> float:
        """How many are refused each second."""
        return len(self.refused) / _STEP_S


def measure(server: Server, token: str) -> tuple[float, list[Step], Step]:
    """The capacity, in answers a second; what becomes of each of LOADS times that; and of the
    largest of them when it comes from a crowd."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    capacity = _ask(server, token, _CONNECTIONS, None).answered_per_s
    steps = [_ask(server, token, _CONNECTIONS, capacity * load) for load in LOADS]
    return capacity, steps, _ask(server, token, _CROWD, capacity * max(LOADS))


def share(step: Step, capacity: float, load: float) -> float:
    """What was answered, over what could be: the capacity, or all that was asked, which is less
    than was meant where connections had to be made first."""
    asked = step.answered_per_s + step.refused_per_s
    return step.answered_per_s / min(capacity, capacity * load, asked)


def p99(values: list[float]) -> float:
    """The 99th percentile, 0 of nothing."""
    return sorted(values)[int(len(values) * 0.99)] if values else 0.0


def _ask(server: Server, token: str, connections: int, rate: float | None) -> Step:
    """At a rate a second, or as much as is answered."""
    with tempfile.TemporaryDirectory() as directory:
        question, log = Path(directory, "question.json"), Path(directory, "log")
        question.write_text(json.dumps(_QUESTION))
        pace = [] if rate is None else [f"--rps={rate / connections:.4f}"]
        done = subprocess.run(
            [
                *("taskset", "-c", str(CLIENT_CORE), "h2load", "--h1", "-t1", f"-c{connections}"),
                *(f"-D{_STEP_S}", f"--warm-up-time={_WARM_UP_S}", *pace),
                *("-d", question, f"--log-file={log}", "-H", f"authorization: Bearer {token}"),
                *("-H", "content-type: application/json", f"{server.url}/kamailio/rtjson"),
            ],
            env={**os.environ, "LC_ALL": "C"},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode or ", 0 errored, 0 timeout" not in done.stdout:
            raise RuntimeError(f"h2load: {done.stdout}{done.stderr}")
        took: dict[str, list[float]] = defaultdict(list)
        for line in log.read_text().splitlines():
            _, status, microseconds = line.split()
            took[status].append(int(microseconds) / 1_000)
    answered, refused = took.pop("200", []), took.pop("503", [])
    if took:
        raise RuntimeError(f"h2load was answered {', '.join(took)}")
    return Step(answered, refused)


_QUESTION = {
    "event": "sip-routing",
    "source_ip": source_ip(7),
    "source_port": 5080,
    "call_id": "goodput",
    "request_uri": "sip:+393331234567@127.0.0.1",
    "from_uri": "sip:+390401234567@acme.example",
    "to_uri": "sip:+390612345678@127.0.0.1",
}
