"""The control and the router role as processes, on a database of a test's own."""

import base64
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx

from tests.sip.harness.environment import with_settings
from tests.sip.harness.ports import free_tcp_port

_TIMEOUT_S = 60


class RoleProcess:
    """`pointsman serve ROLE` on a free port of loopback."""

    def __init__(self, role: str, database_url: str, directory: Path, **settings: object) -> None:
        """`settings` are those that differ from a test's own, by their names."""
        self.role = role
        self.port = free_tcp_port()
        self.log = directory / f"{role}.log"
        own: dict[str, object] = {
            "database_url": database_url,
            "state_dir": directory,
            f"{role}_port": self.port,
            "secret_keys": base64.urlsafe_b64encode(bytes(32)).decode(),
            # Changes must arrive by notification: the poll never comes.
            "router_poll_s": 3600,
        }
        self._environment = with_settings(**{**own, **settings})
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and wait until it is ready."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "pointsman", "serve", self.role],
                env=self._environment,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        deadline = time.monotonic() + _TIMEOUT_S
        while self.readiness() is None:
            assert self._process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.05)

    def readiness(self) -> dict[str, Any] | None:
        """What /readyz says when it is ready, else None."""
        try:
            answer = httpx.get(f"{self.url}/readyz", timeout=5)
        except httpx.TransportError:
            return None
        found: dict[str, Any] = answer.json()
        return found if answer.status_code == 200 else None

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal; after SIGKILL it is gone."""
        assert self._process is not None
        self._process.send_signal(number)
        if number is signal.SIGKILL:
            self._process.wait()

    def stop(self) -> None:
        """Stop it."""
        if self._process is not None:
            self._process.send_signal(signal.SIGCONT)
            self._process.terminate()
            try:
                self._process.wait(_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
