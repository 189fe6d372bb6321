"""The servers that are measured, as processes on loopback."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.sip.harness.ports import free_tcp_port

_TIMEOUT_S = 180
# Requests go to the first core and come from the last one, so that neither takes from the other.
SERVER_CORE = min(os.sched_getaffinity(0))
CLIENT_CORE = max(os.sched_getaffinity(0))


@dataclass(frozen=True)
class Server:
    """One that answers."""

    url: str
    process: subprocess.Popen[bytes]


@contextmanager
def bare_asgi() -> Iterator[Server]:
    """The control: a constant answer by a bare ASGI callable, served as the router is."""
    with _uvicorn("tests.bench.control_app") as server:
        yield server


@contextmanager
def fastapi_constant() -> Iterator[Server]:
    """A constant answer by FastAPI and Pydantic."""
    with _uvicorn("tests.bench.fastapi_app") as server:
        yield server


@contextmanager
def router(database_url: str, state_dir: Path, **settings: str) -> Iterator[Server]:
    """`pointsman serve router`."""
    with _serve("router", database_url, state_dir, settings) as server:
        yield server


@contextmanager
def control(database_url: str, state_dir: Path) -> Iterator[Server]:
    """`pointsman serve control`."""
    with _serve("control", database_url, state_dir, {}) as server:
        yield server


@contextmanager
def records(database_url: str, state_dir: Path) -> Iterator[Server]:
    """`pointsman serve records`."""
    with _serve("records", database_url, state_dir, {}) as server:
        yield server


@contextmanager
def _uvicorn(module: str) -> Iterator[Server]:
    port = free_tcp_port()
    script = (
        f"import uvicorn; from {module} import app; "
        f"uvicorn.run(app, host='127.0.0.1', port={port}, loop='uvloop', http='httptools', "
        "access_log=False, log_level='warning', server_header=False, date_header=False, "
        "proxy_headers=False, lifespan='off')"
    )
    with running([sys.executable, "-c", script], {}) as process:
        server = Server(f"http://127.0.0.1:{port}", process)
        _wait(server, "")
        pin(server, SERVER_CORE)
        yield server


@contextmanager
def _serve(
    role: str, database_url: str, state_dir: Path, settings: dict[str, str]
) -> Iterator[Server]:
    port = free_tcp_port()
    environment = {
        "POINTSMAN_DATABASE_URL": database_url,
        "POINTSMAN_STATE_DIR": str(state_dir),
        f"POINTSMAN_{role.upper()}_PORT": str(port),
        "POINTSMAN_LOG_LEVEL": "warning",
        **{f"POINTSMAN_{name.upper()}": value for name, value in settings.items()},
    }
    command = [sys.executable, "-m", "pointsman", "serve", role]
    with running(command, environment) as process:
        server = Server(f"http://127.0.0.1:{port}", process)
        _wait(server, "/readyz")
        yield server


@contextmanager
def running(
    command: Sequence[str], environment: dict[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    """A process for as long as it is needed."""
    process = subprocess.Popen(
        command,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        # As a service manager starts it: scheduled beside the others, not as a part of one of them.
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGCONT)
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def pin(server: Server, core: int) -> None:
    """Keep the server's own process, not those that it started, on a core."""
    os.sched_setaffinity(server.process.pid, {core})


def _wait(server: Server, path: str) -> None:
    deadline = time.monotonic() + _TIMEOUT_S
    while True:
        if server.process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"the server at {server.url} did not start")
        try:
            answer = httpx.get(f"{server.url}{path or '/'}", timeout=2)
        except httpx.TransportError:
            time.sleep(0.02)
            continue
        if not path or answer.status_code == 200:
            return
        time.sleep(0.02)
