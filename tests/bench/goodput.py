"""What is answered when more is asked than can be: by a router that shares its core with busy
processes, so that one client can ask five times what it answers, from half of that up and down
again without a restart."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from tests.bench.open_load import Step
from tests.bench.servers import CLIENT_CORE, SERVER_CORE, Server, running

# Busy processes on the router's core.
_OTHERS = 2
_CONNECTIONS = 600
_STEP_S = 4.0
LOADS = (0.5, 1.0, 2.0, 3.0, 5.0, 3.0, 2.0, 1.0, 0.8, 0.5)


def measure(server: Server, token: str) -> tuple[float, list[Step]]:
    """The capacity, in answers a second, and what becomes of each of LOADS times that."""
    with _busy_core():
        # As much as a few connections ask for, one after the other.
        (most,) = _offer(server, token, 48, [(0.0, 3.0)])
        capacity = most.answered_per_s
        return capacity, _offer(
            server, token, _CONNECTIONS, [(capacity * load, _STEP_S) for load in LOADS]
        )


def share(step: Step, capacity: float, load: float) -> float:
    """What was answered, over what could be: the capacity, or all that was asked."""
    return step.answered_per_s / min(capacity, capacity * load)


def _offer(
    server: Server, token: str, connections: int, steps: list[tuple[float, float]]
) -> list[Step]:
    done = subprocess.run(
        [
            *("taskset", "-c", str(CLIENT_CORE), sys.executable, "-m", "tests.bench.open_load"),
            *(server.url, token, str(connections)),
            *(f"{rate}:{seconds}" for rate, seconds in steps),
        ],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return [Step(**json.loads(line)) for line in done.stdout.splitlines()]


@contextmanager
def _busy_core() -> Iterator[None]:
    with ExitStack() as others:
        for _ in range(_OTHERS):
            other = others.enter_context(running([sys.executable, "-c", "while True: pass"], {}))
            os.sched_setaffinity(other.pid, {SERVER_CORE})
        yield
