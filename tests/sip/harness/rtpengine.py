"""A real RTPEngine in user space (Debian's rtpengine-daemon), and what it says of its calls."""

import re
import shutil
import socket
import subprocess
import time
from pathlib import Path

from tests.sip.harness.ports import free_udp_port

HOST = "127.0.0.1"
_TIMEOUT_S = 15
_PORTS = 2_000


def missing_for_media() -> list[str]:
    """What a test with media needs and this machine lacks."""
    return [] if shutil.which("rtpengine") else ["rtpengine (rtpengine-daemon)"]


class RtpEngine:
    """One instance, on loopback, with ports of its own, which the system gives to nobody."""

    def __init__(self, directory: Path, first_port: int = 20_000) -> None:
        self.port = free_udp_port(HOST)
        self.log = directory / f"rtpengine-{self.port}.log"
        self._ports = (first_port, first_port + _PORTS - 1)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def socket(self) -> str:
        """What Kamailio is told of it."""
        return f"udp:{HOST}:{self.port}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *(
                        "rtpengine",
                        "--config-file=none",
                        "--foreground",
                        "--log-stderr",
                        "--log-level=6",
                        "--table=-1",
                    ),
                    *(f"--interface={HOST}", f"--listen-ng={HOST}:{self.port}"),
                    *(f"--port-min={self._ports[0]}", f"--port-max={self._ports[1]}"),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + _TIMEOUT_S
        while b"pong" not in self._ask(b"d7:command4:pinge"):
            assert self._process.poll() is None, self.log.read_text()[-2000:]
            assert time.monotonic() < deadline, self.log.read_text()[-2000:]
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop it, as a crash does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def calls(self) -> list[str]:
        """The names of the calls that it has."""
        answer = self._ask(b"d7:command4:liste")
        assert b"6:result2:ok" in answer, answer
        return re.findall(r"\d+:(\d+\.\d+-[0-9a-f]{32})", answer.decode())

    def open_ports(self) -> list[int]:
        """The UDP ports of its range that are bound."""
        lines = Path("/proc/net/udp").read_text().splitlines()[1:]
        bound = sorted(int(line.split()[1].split(":")[1], 16) for line in lines)
        return [port for port in bound if self._ports[0] <= port <= self._ports[1]]

    def wait_until_free(self) -> None:
        """Wait until it has no call and no port any more."""
        self.wait_for_ports(0)
        assert self.calls() == []

    def wait_for_ports(self, count: int) -> None:
        """Wait until so many ports are open: it closes them a moment after it has said so."""
        deadline = time.monotonic() + _TIMEOUT_S
        while len(self.open_ports()) != count:
            assert time.monotonic() < deadline, (self.calls(), self.open_ports())
            time.sleep(0.05)

    def _ask(self, command: bytes) -> bytes:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            udp.connect((HOST, self.port))
            udp.settimeout(1)
            # What comes again with the same one is answered as before.
            cookie = b"test%d " % time.monotonic_ns()
            udp.send(cookie + command)
            try:
                return udp.recv(65_535).removeprefix(cookie)
            except (TimeoutError, ConnectionRefusedError):
                return b""
