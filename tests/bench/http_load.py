"""Requests a second of rtjson, and how long they take: by wrk, which asks again as soon as it is
answered, or some milliseconds later."""

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from pointsman.priority import set_priority
from tests.bench.servers import CLIENT_CORE, Server

_SCRIPT = Path(__file__).parent / "question.lua"
_CONNECTIONS = 16
_UNITS = {"us": 0.001, "ms": 1.0, "s": 1_000.0}


@dataclass(frozen=True)
class Load:
    """What wrk saw: requests a second, and the 99th percentile of what they took."""

    per_s: float
    p99_ms: float


class Caller:
    """wrk, as a node with a token, from the PBXs of so many tenants (0 for the demo's)."""

    def __init__(self, token: str, tenants: int) -> None:
        self._environment = {"BENCH_TOKEN": token, "BENCH_TENANTS": str(tenants)}

    def ask(self, server: Server, seconds: int, *, delay_ms: int = 0, pinned: bool = True) -> Load:
        """As much as it answers, or with a pause between two requests of a connection; raises
        RuntimeError when any answer is not 200."""
        return self.finish(self.begin(server, seconds, delay_ms=delay_ms, pinned=pinned))

    def begin(
        self, server: Server, seconds: int, *, delay_ms: int = 0, pinned: bool = True
    ) -> "subprocess.Popen[str]":
        """The same without waiting for its end."""
        wrk = subprocess.Popen(
            [
                "wrk",
                *("-t1", f"-c{_CONNECTIONS}", f"-d{seconds}s", "--latency"),
                *("-s", str(_SCRIPT), server.url),
            ],
            env={**os.environ, **self._environment, "BENCH_DELAY_MS": str(delay_ms)},
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=_pin if pinned else None,  # noqa: PLW1509 -- there are no threads
        )
        # It stands for another machine, which has its cores to itself.
        set_priority(-20, wrk.pid)
        return wrk

    def finish(self, wrk: "subprocess.Popen[str]") -> Load:
        """What it saw."""
        printed, _ = wrk.communicate()
        rate = re.search(r"Requests/sec:\s+([\d.]+)", printed)
        p99 = re.search(r"99%\s+([\d.]+)(us|ms|s)", printed)
        if "Non-2xx" in printed or "Socket errors" in printed or not rate or not p99:
            raise RuntimeError(printed)
        return Load(float(rate[1]), float(p99[1]) * _UNITS[p99[2]])


def _pin() -> None:
    os.sched_setaffinity(0, {CLIENT_CORE})
