"""Requests a second of rtjson on one core, beside the control, in turn in one run.

The server is pinned to one core and wrk to another, so that neither takes from the other.
"""

import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.sip.harness.ports import free_tcp_port

_SCRIPT = Path(__file__).parent / "question.lua"
_CONNECTIONS = 16


@contextmanager
def serve(command: list[str], environment: dict[str, str], port: int) -> Iterator[str]:
    """A server process pinned to the first core; its URL."""
    process = subprocess.Popen(
        command,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        os.sched_setaffinity(process.pid, {min(os.sched_getaffinity(0))})
        url = f"http://127.0.0.1:{port}"
        _wait(process, url)
        yield url
    finally:
        process.terminate()
        process.wait(30)


def control_server() -> tuple[list[str], dict[str, str], int]:
    """How the control is started: uvicorn as the router uses it."""
    port = free_tcp_port()
    script = (
        "import uvicorn; from tests.bench.control_app import app; "
        f"uvicorn.run(app, host='127.0.0.1', port={port}, loop='uvloop', http='httptools', "
        "access_log=False, log_level='warning', server_header=False, date_header=False, "
        "proxy_headers=False, lifespan='off')"
    )
    return [sys.executable, "-c", script], {}, port


def router_server(database_url: str) -> tuple[list[str], dict[str, str], int]:
    """How the router is started."""
    port = free_tcp_port()
    environment = {
        "POINTSMAN_DATABASE_URL": database_url,
        "POINTSMAN_ROUTER_PORT": str(port),
        "POINTSMAN_LOG_LEVEL": "warning",
    }
    return [sys.executable, "-m", "pointsman", "serve", "router"], environment, port


def measure(url: str, token: str, seconds: int) -> float:
    """Requests a second; fails when any answer is not 200."""
    done = subprocess.run(
        [
            "wrk",
            *("-t1", f"-c{_CONNECTIONS}", f"-d{seconds}s", "-s", str(_SCRIPT), url),
        ],
        env={**os.environ, "BENCH_TOKEN": token},
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=_pin_to_last_core,
    )
    if "Non-2xx" in done.stdout or "Socket errors" in done.stdout:
        raise RuntimeError(done.stdout)
    found = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    if found is None:
        raise RuntimeError(done.stdout)
    return float(found[1])


def compare(
    database_url: str, token: str, *, rounds: int, seconds: int
) -> tuple[float, float, float]:
    """Medians of the control and of the router, measured in turn, and of the rounds' ratios,
    which move less than the rates when the machine does."""
    control: list[float] = []
    router: list[float] = []
    with (
        serve(*control_server()) as control_url,
        serve(*router_server(database_url)) as router_url,
    ):
        for _ in range(rounds):
            control.append(measure(control_url, token, seconds))
            router.append(measure(router_url, token, seconds))
    ratios = [ours / bare for ours, bare in zip(router, control, strict=True)]
    return statistics.median(control), statistics.median(router), statistics.median(ratios)


def _pin_to_last_core() -> None:
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def _wait(process: subprocess.Popen[bytes], url: str) -> None:
    deadline = time.monotonic() + 60
    while True:
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"the server at {url} did not start")
        try:
            # The control answers everything; a router says 200 when it has a snapshot.
            if httpx.post(f"{url}/readyz", json={}, timeout=2).status_code == 200:
                return
            if httpx.get(f"{url}/readyz", timeout=2).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.05)
