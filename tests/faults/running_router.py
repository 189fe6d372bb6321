"""A router as it runs, on a state directory of its own: its processes, and what it says."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from pointsman.installation import snapshot_directory
from pointsman.settings import Settings
from tests.sip.harness.ports import free_tcp_port

_TIMEOUT_S = 60.0
_SETTING = "POINTSMAN_"


class RunningRouter:
    """`pointsman serve router` on a free port of loopback."""

    def __init__(self, url: str, directory: Path, **settings: object) -> None:
        """`settings` by their names, in small letters and without their prefix."""
        self.port = free_tcp_port()
        self.log = directory / "router.log"
        self.directory = snapshot_directory(Settings(database_url=url, state_dir=directory), url)
        given = {"database_url": url, "state_dir": directory, "router_port": self.port, **settings}
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(_SETTING)},
            **{f"{_SETTING}{name.upper()}": str(value) for name, value in given.items()},
        }
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """Its first worker."""
        assert self.process is not None
        return self.process.pid

    def launch(self) -> None:
        """Start it."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "pointsman", "serve", "router"],
                env=self.environment,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def start(self) -> None:
        """Start it, and wait until it decides calls."""
        self.launch()
        self.wait(lambda: self.is_ready)

    def wait(self, condition: Callable[[], object]) -> None:
        """Wait for it while the router runs; a minute is for what is broken."""
        assert self.process is not None
        deadline = time.monotonic() + _TIMEOUT_S
        while not condition():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.02)

    def readiness(self) -> tuple[int, dict[str, Any]]:
        """The status of /readyz and what it says; 0 while nobody listens."""
        try:
            answer = httpx.get(f"{self.url}/readyz", timeout=30)
        except httpx.TransportError:
            return 0, {}
        return answer.status_code, answer.json()

    @property
    def is_ready(self) -> bool:
        """Whether it decides calls."""
        return self.readiness()[0] == 200

    @property
    def revision(self) -> int | None:
        """The revision that decides calls."""
        found: int | None = self.readiness()[1].get("revision")
        return found

    def metrics(self) -> dict[str, float]:
        """What /metrics says, by name and labels as they are written there."""
        text = httpx.get(f"{self.url}/metrics", timeout=30).text
        lines = (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))
        return {name: float(value) for name, _, value in lines}

    def children(self) -> dict[int, str]:
        """The processes that it keeps, with their command lines."""
        found = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        commands = {int(pid): command_of(int(pid)) for pid in found}
        return {pid: command for pid, command in commands.items() if "pointsman." in command}

    def workers(self) -> list[int]:
        """Its further workers."""
        return [pid for pid, name in self.children().items() if "router_worker" in name]

    def compiler(self) -> int | None:
        """Its compiler, None while there is none."""
        found = [pid for pid, name in self.children().items() if "compiler_process" in name]
        return found[0] if found else None

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Stop it, and what it has left behind; its exit status."""
        process, self.process = self.process, None
        if process is None:
            return 0
        process.send_signal(signal.SIGCONT)
        process.send_signal(number)
        try:
            return process.wait(_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()


def command_of(pid: int) -> str:
    """The command line of a process, "" for one that has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def is_running(pid: int) -> bool:
    """Whether a process has not ended, though nobody may have asked for its status."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def wait_until(condition: Callable[[], object]) -> None:
    """Wait for it; a minute is for what is broken, not for what is slow."""
    deadline = time.monotonic() + _TIMEOUT_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)
