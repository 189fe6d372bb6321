"""What is answered when more is asked than can be: from half of what a router answers to five times
that, and down again without a restart, by h2load, which asks at a rate as far as its connections
are free to."""

import json
import os
import resource
import subprocess
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from tests.bench.generator import source_ip
from tests.bench.servers import CLIENT_CORE, Server

# The guard of a Kamailio lets 600 calls wait for their answers: five such nodes. And more than can
# wait, so that there is somebody to refuse.
_CONNECTIONS = 3_000
_CROWD = 3_500
# All connections of one h2load ask at the same moment. Several of them do not.
_CLIENTS = 10
_STEP_S = 3
# Meanwhile the connections are made.
_WARM_UP_S = 3
LOADS = (0.5, 1.0, 2.0, 3.0, 5.0, 3.0, 2.0, 1.0, 0.8, 0.5)


@dataclass(frozen=True)
class Step:
    """So many times the capacity (in answers a second), and what became of these questions: the
    milliseconds from when each was sent until it was answered, or refused (503)."""

    load: float
    capacity: float
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


def measure(server: Server, token: str) -> tuple[list[Step], Step]:
    """What becomes of each of LOADS, and of the largest of them when it comes from a crowd."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    steps = [_step(server, token, _CONNECTIONS, load) for load in LOADS]
    return steps, _step(server, token, _CROWD, max(LOADS))


def _step(server: Server, token: str, connections: int, load: float) -> Step:
    """So many times the capacity, which is measured just before: what a machine can do is another
    a minute later."""
    capacity = len(_ask(server, token, _CONNECTIONS, None)["200"]) / _STEP_S
    took = _ask(server, token, connections, capacity * load)
    return Step(load, capacity, took.pop("200", []), took.pop("503", []))


def share(step: Step) -> float:
    """What was answered, over what could be: the capacity, or all that was asked, which is less
    than was meant where connections had to be made first."""
    asked = step.answered_per_s + step.refused_per_s
    return step.answered_per_s / min(step.capacity, step.capacity * step.load, asked)


def p99(values: list[float]) -> float:
    """The 99th percentile, 0 of nothing."""
    return sorted(values)[int(len(values) * 0.99)] if values else 0.0


def _ask(
    server: Server, token: str, connections: int, rate: float | None
) -> dict[str, list[float]]:
    """What questions took, by the status that they heard; at a rate a second, or as much as is
    answered."""
    each = connections // _CLIENTS
    pace = [] if rate is None else [f"--rps={rate / connections:.4f}"]
    took: dict[str, list[float]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as directory:
        question = Path(directory, "question.json")
        question.write_text(json.dumps(_QUESTION))
        logs = [Path(directory, f"log-{number}") for number in range(_CLIENTS)]
        clients = []
        for log in logs:
            clients.append(_start(server, token, [*pace, f"-c{each}"], (question, log)))
            time.sleep(0.0 if rate is None else connections / rate / _CLIENTS)
        for client in clients:
            printed, error = client.communicate()
            if client.returncode or ", 0 errored, 0 timeout" not in printed:
                raise RuntimeError(f"h2load: {printed}{error}")
        for line in [line for log in logs for line in log.read_text().splitlines()]:
            _, status, microseconds = line.split()
            took[status].append(int(microseconds) / 1_000)
    if others := took.keys() - {"200", "503"}:
        raise RuntimeError(f"h2load was answered {', '.join(others)}")
    return took


def _start(
    server: Server, token: str, options: list[str], files: tuple[Path, Path]
) -> "subprocess.Popen[str]":
    """One h2load: the file of what it asks, and the one where it writes what it saw."""
    question, log = files
    return subprocess.Popen(
        [
            *("taskset", "-c", str(CLIENT_CORE), "h2load", "--h1", "-t1", *options),
            *(f"-D{_STEP_S}", f"--warm-up-time={_WARM_UP_S}"),
            *("-d", str(question), f"--log-file={log}", "-H", f"authorization: Bearer {token}"),
            *("-H", "content-type: application/json", f"{server.url}/kamailio/rtjson"),
        ],
        env={**os.environ, "LC_ALL": "C"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


_QUESTION = {
    "event": "sip-routing",
    "source_ip": source_ip(7),
    "source_port": 5080,
    "call_id": "goodput",
    "request_uri": "sip:+393331234567@127.0.0.1",
    "from_uri": "sip:+390401234567@acme.example",
    "to_uri": "sip:+390612345678@127.0.0.1",
}
