"""The proxies that are measured: Kamailio with a static destination, with this repository's
configuration before a constant answer, and the same before the router."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from pointsman.demo import ALPHA, CALLED, CALLING, PBX
from tests.sip.harness.kamailio import Kamailio, module_path
from tests.sip.harness.ports import free_tcp_port, free_udp_port

_HOST = "127.0.0.1"
_STATIC = Path(__file__).parent / "sip" / "static.cfg"
# A transaction stays for 5 s after its end: at 4,000 calls a second, with their BYEs, 40,000 of
# them are in memory (about 20 kB each).
_SHARED_MB = "2048"


class Proxy:
    """A Kamailio, started afresh where a run before has left something behind; `allocator` is what
    manages its memory."""

    def __init__(self, name: str, kamailio: Kamailio, main: str, allocator: str = "tlsf") -> None:
        self.name = name
        self._kamailio, self._main = kamailio, main
        self._allocator = allocator
        self._is_running = False

    @property
    def socket(self) -> tuple[str, int]:
        """Where it listens."""
        return self._kamailio.socket

    @property
    def is_running(self) -> bool:
        """Whether it was started and not stopped since."""
        return self._is_running

    def start(self) -> None:
        """Start it."""
        directory = self._kamailio.directory
        self._kamailio.start_by(
            [
                "kamailio",
                *("-f", str(directory / self._main), "-DD", "-E", "-m", _SHARED_MB, "-M", "16"),
                *("-x", self._allocator),
                *("-P", str(directory / "kamailio.pid"), "-Y", str(directory)),
                *("-L", str(module_path())),
            ]
        )
        self._is_running = True

    def stop(self) -> None:
        """Stop it."""
        self._kamailio.stop()
        self._is_running = False


def static_proxy(directory: Path, allocator: str = "tlsf") -> Proxy:
    """A stateful proxy that asks nobody."""
    kamailio = Kamailio(_made(directory / f"static-{allocator}"), _HOST, free_udp_port(_HOST))
    kamailio.write("static.cfg", _STATIC.read_text())
    local = f'listen=udp:{_HOST}:{kamailio.port}\n#!define DESTINATION "sip:{_at(ALPHA)}"\n'
    kamailio.write("static-local.cfg", local)
    return Proxy("static", kamailio, "static.cfg", allocator)


def our_proxy(directory: Path, name: str, router_url: str, token: str, *settings: str) -> Proxy:
    """This repository's configuration with its own defaults, and `settings` beside them."""
    kamailio = Kamailio(_made(directory / name), _HOST, free_udp_port(_HOST))
    kamailio.configure(f"{router_url}/kamailio/rtjson", token)
    local = [
        f"listen=udp:{_HOST}:{kamailio.port}",
        '#!define NODE_NAME "bench"',
        f'#!define ROUTER_URL "{router_url}/kamailio/rtjson"',
        f'#!define ROUTER_AUTHORIZATION "Authorization: Bearer {token}"',
        *settings,
    ]
    kamailio.write("kamailio-local.cfg", "\n".join(local) + "\n")
    return Proxy(name, kamailio, "kamailio.cfg")


@contextmanager
def router(database_url: str) -> Iterator[str]:
    """The real router; its URL."""
    port = free_tcp_port()
    with tempfile.TemporaryDirectory() as state:
        environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("POINTSMAN_")},
            "POINTSMAN_DATABASE_URL": database_url,
            "POINTSMAN_STATE_DIR": state,
            "POINTSMAN_ROUTER_PORT": str(port),
            "POINTSMAN_LOG_LEVEL": "warning",
        }
        with _served([sys.executable, "-m", "pointsman", "serve", "router"], environment, port):
            yield f"http://{_HOST}:{port}"


@contextmanager
def constant_answer(answer: bytes, directory: Path) -> Iterator[str]:
    """A bare ASGI server that gives this answer to everybody; its URL."""
    file = directory / "answer.json"
    file.write_bytes(answer)
    port = free_tcp_port()
    script = (
        "import uvicorn; from tests.bench.control_app import app; "
        f"uvicorn.run(app, host='{_HOST}', port={port}, loop='uvloop', http='httptools', "
        "access_log=False, log_level='warning', server_header=False, date_header=False, "
        "proxy_headers=False, lifespan='off')"
    )
    environment = {**os.environ, "BENCH_ANSWER": str(file)}
    with _served([sys.executable, "-c", script], environment, port):
        yield f"http://{_HOST}:{port}"


def real_answer(router_url: str, token: str) -> bytes:
    """What the router says to a call of the demo's PBX, which the demo's first carrier takes."""
    question = {
        "event": "sip-routing",
        "node": "bench",
        "source_ip": PBX[0],
        "source_port": PBX[1],
        "transport": "udp",
        "received_ip": _HOST,
        "received_port": 5070,
        "auth": 0,
        "call_id": "bench",
        "request_uri": f"sip:{CALLED}@{_HOST}:5070",
        "from_uri": f"sip:{CALLING}@acme.example",
        "from_tag": "bench",
        "to_uri": f"sip:{CALLED}@{_HOST}:5070",
    }
    headers = {"authorization": f"Bearer {token}"}
    answer = httpx.post(
        f"{router_url}/kamailio/rtjson", json=question, headers=headers, trust_env=False
    )
    first = json.loads(answer.content)["rtjson"]["routes"][0]
    if _at(ALPHA) not in json.dumps(first):
        raise RuntimeError(f"the call does not go to {_at(ALPHA)}: {first}")
    return answer.content


@contextmanager
def _served(command: list[str], environment: dict[str, str], port: int) -> Iterator[None]:
    process = subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_until_ready(process, f"http://{_HOST}:{port}/readyz")
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _wait_until_ready(process: subprocess.Popen[bytes], url: str) -> None:
    deadline = time.monotonic() + 60
    while True:
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"{url} does not answer")
        try:
            if httpx.get(url, timeout=2, trust_env=False).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.05)


def _made(directory: Path) -> Path:
    directory.mkdir(parents=True, exist_ok=True)
    return directory


def _at(address: tuple[str, int]) -> str:
    return f"{address[0]}:{address[1]}"
